import { join } from 'node:path';

import { finaliseEpoch } from '../../src/chain/epoch-steps.ts';
import type { ClosedEvent } from '../../src/chain/events.ts';
import type { ToldEvent } from '../../src/cli/watch/watch-event.ts';
import type { KeyFiles } from './keystore.ts';
import { writeKey } from './keystore.ts';
import type { WatchWorld } from './watch-world.ts';
import { startWatchWorld } from './watch-world.ts';
import type { Settled } from './world.ts';
import { BEFORE, closeNext } from './world.ts';

/** Where stories about watching begin: one epoch is final, the next is closed, and its honest settlement published. */
export interface WatchScene {
  readonly watched: WatchWorld;
  readonly first: Settled;
  readonly closed: ClosedEvent;
  readonly honest: Settled;
  /** The key of a watcher that acts, with coins. */
  readonly key: KeyFiles;
  /** The options that have a watcher act with it. */
  readonly act: readonly string[];
  /** How many transactions it has sent. */
  readonly sent: () => Promise<number>;
  readonly request: (method: string, ...parameters: readonly unknown[]) => Promise<unknown>;
  readonly finalise: (settled: Settled) => ReturnType<typeof finaliseEpoch>;
  /** Goes back to where the stories begin, with two honest endpoints. */
  readonly reset: () => Promise<void>;
  /** Goes back to before the first epoch was proposed; nothing leads from there to where the stories begin. */
  readonly rewind: () => Promise<void>;
}

/** What each event is called, in their order. */
export const told = (events: readonly ToldEvent[]): string[] => events.map(({ event }) => event);

/** Deploys, and plays until where the stories begin. */
export async function startWatchScene(): Promise<WatchScene> {
  const watched = await startWatchWorld();
  const { world, remote } = watched;
  const request = async (method: string, ...parameters: readonly unknown[]): Promise<unknown> =>
    await remote.node.request(method, ...parameters);
  const finalise = async ({ record, declared }: Settled) =>
    await finaliseEpoch(world.chain, world.actors.alice, { record, settlement: declared });
  const key = await writeKey(join(watched.folder, 'watcher'));
  await (await world.actors.deployer.sendTransaction({ to: key.address, value: 10n ** 19n })).wait();
  const first = await watched.honest(await closeNext(world), BEFORE);
  const beforeFirst = await request('evm_snapshot');
  await watched.publish(first);
  const { until } = await watched.propose(first);
  await remote.node.travelTo(until);
  await finalise(first);
  const closed = await closeNext(world);
  const honest = await watched.honest(closed, first.next);
  await watched.publish(honest);
  let snapshot = await request('evm_snapshot');
  const backTo = async (place: unknown): Promise<void> => {
    await request('evm_revert', place);
    snapshot = await request('evm_snapshot');
    for (const endpoint of watched.endpoints) {
      const bend = (_: unknown, answer: unknown): unknown => answer;
      Object.assign(endpoint, { bend, meet: () => Promise.resolve(), status: null });
    }
  };
  return {
    ...{ watched, first, closed, honest, key, request, finalise },
    act: ['--act', '--keystore', key.keystore, '--password-file', key.passwordFile],
    sent: async () => Number(await request('eth_getTransactionCount', key.address, 'latest')),
    reset: async () => await backTo(snapshot),
    rewind: async () => await backTo(beforeFirst),
  };
}
