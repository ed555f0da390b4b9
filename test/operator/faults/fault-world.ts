import { FaultTable } from '../../support/fault-table.ts';
import type { OperatorWorld } from '../../support/operator-world.ts';
import { startOperatorWorld } from '../../support/operator-world.ts';

/** A world for a suite in which things go wrong, and the table of what came of them. Call it inside `describe`. */
export function faultWorld(
  name: string,
  options?: Parameters<typeof startOperatorWorld>[0],
): { readonly world: OperatorWorld; readonly table: FaultTable } {
  const table = new FaultTable(name);
  const world = {} as OperatorWorld; // filled before any test
  before(async () => {
    Object.assign(world, await startOperatorWorld(options));
  });
  after(async () => {
    await table.publish();
    await world.close();
  });
  return { world, table };
}
