import type { NetworkHelpers } from '@nomicfoundation/hardhat-network-helpers/types';

/**
 * Makes a `loadFixture` for one simulated chain: the fixture runs once, and its state comes back before every use.
 *
 * Unlike the one of the network helpers it starts every fixture from the chain's first state, and puts the clock back, too:
 * the next block follows the fixture's last one by a second, whatever time other tests travelled to.
 *
 * @example
 * const connection = await network.create();
 * const loadFixture = fixtureLoader(connection.networkHelpers);
 * const { token } = await loadFixture(freshToken);
 */
export function fixtureLoader(helpers: Pick<NetworkHelpers<string>, 'takeSnapshot' | 'time'>) {
  type Snapshot = Awaited<ReturnType<typeof helpers.takeSnapshot>>;
  let first: Snapshot | undefined;
  let current: { fixture: unknown; value: unknown; snapshot: Snapshot } | undefined;

  const putClockBack = async () => helpers.time.setNextBlockTimestamp((await helpers.time.latest()) + 1);

  return async function loadFixture<T>(fixture: () => Promise<T>): Promise<T> {
    if (current?.fixture === fixture) {
      await current.snapshot.restore();
    } else {
      if (first === undefined) first = await helpers.takeSnapshot();
      else await first.restore();
      await putClockBack();
      current = { fixture, value: await fixture(), snapshot: await helpers.takeSnapshot() };
    }
    await putClockBack();
    // What the same function returned before.
    return current.value as T;
  };
}
