import { expect } from 'chai';

import type { DataFolder, OperatorWorld, RunningKeeper } from '../../support/operator-world.ts';
import { allIds, chainOutcome, cutIds, rootsOf } from '../../support/operator-world.ts';

/** What a program ends with that a SIGTERM ended. */
const SIGTERM_EXIT = 143;

/**
 * Whatever was done to an operator, in the end nothing of it is to be seen: the chain has the roots of an undisturbed run, each epoch
 * was proposed once, and every row was counted once. Gives how many epochs are final.
 */
export async function expectUndisturbed(
  world: OperatorWorld,
  data: Pick<DataFolder, 'path'>,
  without: readonly number[] = [],
): Promise<number> {
  const { roots, proposed } = await chainOutcome(world);
  expect(roots, 'the roots of an undisturbed run').to.deep.equal(await rootsOf(world, roots.length, without));
  expect(proposed, 'each epoch is proposed once').to.deep.equal(roots.map(() => 1));
  const [counted, written] = [await cutIds(data, roots.length), allIds(roots.length, without)];
  expect(counted.sort(), 'every row is counted once').to.deep.equal(written.sort());
  return roots.length;
}

/** Asks a keeper to stop, which it does of its own accord and without a fault. */
export async function expectStopped(keeper: RunningKeeper): Promise<void> {
  expect(keeper.alive(), keeper.said.stderr).to.equal(true);
  const code = await keeper.stop();
  expect([0, SIGTERM_EXIT], keeper.said.stderr).to.include(code);
}
