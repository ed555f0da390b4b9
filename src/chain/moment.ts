/** A moment in unix seconds, in UTC and to the second: `2033-05-18T03:33:20Z`. */
export function moment(time: number): string {
  return new Date(time * 1000).toISOString().replace('.000', '');
}
