import { expect } from 'chai';

import { random, runs } from '../../support/effort.ts';
import type { FaultTable } from '../../support/fault-table.ts';
import type { OperatorWorld, RunningKeeper, Stand } from '../../support/operator-world.ts';
import { drive, driveFor, mine, standOf, startKeeper, writeDays } from '../../support/operator-world.ts';
import type { RpcFault } from '../../support/rpc-faults.ts';
import { finalizedBehind, heal, RPC_FAULTS, RPC_LIES } from '../../support/rpc-faults.ts';
import { expectStopped, expectUndisturbed } from './expect-undisturbed.ts';

/** How long a fault lasts when nothing goes on under it, in milliseconds. */
const LASTS = runs(1_500, 8_000);

/** Nodes that fail, lie and change their minds: the keeper goes on when they come to their senses, and nothing else is to be seen of it. */
export function describeNodes(given: { readonly world: () => OperatorWorld; readonly table: FaultTable }): void {
  const isFurther = (from: Stand) => (now: Stand) =>
    now.closed !== from.closed || now.final !== from.final || now.proposal !== from.proposal;

  const strike = async (world: OperatorWorld, keeper: RunningKeeper, fault: RpcFault, which: readonly number[]) => {
    const from = await standOf(world);
    const until = isFurther(from);
    const numbers = random(fault.name);
    for (const at of which) fault.strike(world.proxies[at] ?? world.proxies[0], { numbers, ask: world.ask });
    const isDone = await driveFor(world, { until, within: LASTS, alive: keeper.alive });
    for (const proxy of world.proxies) heal(proxy);
    if (!isDone) await drive(world, { until, alive: keeper.alive });
    return isDone;
  };

  it('works through nodes that fail, and believes none that lies', async () => {
    const { table } = given;
    const world = given.world();
    await world.anew();
    const data = await world.dataFolder('nodes');
    await writeDays(world, data, 12);
    const keeper = startKeeper(data);
    for (const fault of RPC_FAULTS) {
      const isDone = await strike(world, keeper, fault, [0, 1]);
      table.note(`nodes: ${fault.name}`, isDone ? 'went on meanwhile' : 'waited, and went on afterwards');
    }
    for (const lie of RPC_LIES) {
      const isDone = await strike(world, keeper, lie, [0]);
      table.note(
        `one of two nodes: ${lie.name}`,
        isDone ? 'went on meanwhile' : 'not believed: waited for both to agree',
      );
    }
    const { final } = await standOf(world);
    await drive(world, { until: final + 1, alive: keeper.alive });
    await expectStopped(keeper);
    await expectUndisturbed(world, data);
  });

  it('sends again what a reorg of one to five blocks took back, and nothing twice', async () => {
    const { table } = given;
    const world = given.world();
    await world.anew();
    const data = await world.dataFolder('reorgs', { finality: 'finalized' });
    await writeDays(world, data, 8);
    // A real chain calls final what lies some blocks back; here it is deeper than any reorg.
    const depths: number[] = [];
    let before: { readonly id: string; readonly height: number } | null = null;
    let isArmed = true;
    for (const proxy of world.proxies) {
      finalizedBehind(proxy, world.ask, 6);
      proxy.meet = async ({ method }) => {
        if (method !== 'eth_sendRawTransaction' || !isArmed || depths.length >= 5) return;
        isArmed = false;
        const height = Number(await world.ask('eth_blockNumber'));
        before = { id: String(await world.ask('evm_snapshot')), height };
      };
    }
    const keeper = startKeeper(data);
    const each = async (): Promise<void> => {
      const taken = before;
      if (taken === null) {
        isArmed = true;
        return;
      }
      const grown = Number(await world.ask('eth_blockNumber')) - taken.height;
      before = null;
      const depth = [1, 2, 3, 4, 5].find((blocks) => blocks >= grown && !depths.includes(blocks));
      // The chain went on too far meanwhile: the next transaction is taken back.
      if (depth === undefined) return;
      if (depth > grown) await mine(world, depth - grown);
      await world.ask('evm_revert', taken.id);
      depths.push(depth);
    };
    await drive(world, { until: ({ final }) => final >= 3 && depths.length === 5, each, alive: keeper.alive });
    await expectStopped(keeper);
    expect([...depths].sort()).to.deep.equal([1, 2, 3, 4, 5]);
    await expectUndisturbed(world, data);
    for (const depth of depths.sort())
      table.note(
        `a reorg of ${depth} ${depth === 1 ? 'block' : 'blocks'}`,
        'sent again; proposed once on the chain that stayed',
      );
  });
}
