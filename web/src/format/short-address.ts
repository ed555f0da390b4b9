/**
 * The beginning and the end of an address or hash; the whole of it stands beside it for those who compare.
 *
 * @example
 * shortAddress('0x00000000219ab540356cbb839cbe05303d7705fa') // '0x0000…05fa'
 */
export function shortAddress(text: string): string {
  return text.length <= 13 ? text : `${text.slice(0, 6)}…${text.slice(-4)}`;
}
