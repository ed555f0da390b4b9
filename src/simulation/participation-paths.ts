/** How many people take part: a constant number, or from one number to another in equal steps. */
export interface ParticipationPath {
  readonly from: number;
  readonly to: number;
}

/**
 * People for each epoch, whole and rounded down in between.
 *
 * @example
 * participationPath({ from: 100, to: 200 }, 5) // [100, 125, 150, 175, 200]
 */
export function participationPath({ from, to }: ParticipationPath, epochs: number): number[] {
  return Array.from({ length: epochs }, (_, epoch) => {
    const total = (to - from) * epoch;
    const steps = Math.max(1, epochs - 1);
    return from + (total - (total % steps)) / steps;
  });
}

/**
 * Values given for some epochs, each until the next one is given; before the first, the first. Epochs rise.
 *
 * @example
 * heldUntilNext([{ epoch: 0, value: 5 }, { epoch: 2, value: 7 }], 4) // [5, 5, 7, 7]
 */
export function heldUntilNext<T>(given: readonly { readonly epoch: number; readonly value: T }[], epochs: number): T[] {
  const first = given[0];
  if (first === undefined) throw new RangeError('no value is given');
  let [acting, next] = [first, 1];
  return Array.from({ length: epochs }, (_, epoch) => {
    for (let later = given[next]; later !== undefined && later.epoch <= epoch; later = given[next]) {
      acting = later;
      next++;
    }
    return acting.value;
  });
}
