/** How many blocks are looked through first; each further step back is twice as long. */
const FIRST_STEP = 10_000;

/**
 * The newest events of a range, looked for backwards: what is asked for stands near its end, and a node looks through few blocks at
 * once. Gives what the first step that has any holds; none if the whole range has none.
 */
export async function lastEvents<E>(
  query: (from: number, to: number) => Promise<readonly E[]>,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly E[]> {
  let step = FIRST_STEP;
  for (let end = to; end >= from; step *= 2) {
    const start = Math.max(from, end - step + 1);
    const found = await query(start, end);
    if (found.length > 0) return found;
    end = start - 1;
  }
  return [];
}
