/** The steps from the top of a file to one of its values. */
export type JsonPath = readonly (string | number)[];

/** A path as it is printed: `/curve/phases/0/shares`. */
export function showPath(path: JsonPath): string {
  return path.map((step) => `/${step}`).join('');
}
