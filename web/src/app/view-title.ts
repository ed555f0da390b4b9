/** Every view that has a link at the top, with its name. */
export const PLACES = [
  ['/', 'Overview'],
  ['/miner', 'Miner'],
  ['/governance', 'Governance'],
  ['/settlements', 'Settlements'],
  ['/what-if', 'What if'],
] as const;

/**
 * What a browser calls a view in its tabs and its history, and a screen reader says first.
 *
 * @param title what stands at the top of the page
 * @example
 * viewTitle('/settlements/7', 'Example mining') // 'Settlements – Example mining'
 */
export function viewTitle(path: string, title: string): string {
  const [, first = ''] = path.split('/');
  const name = PLACES.find(([to]) => to === `/${first}`)?.[1];
  return name === undefined ? title : `${name} – ${title}`;
}
