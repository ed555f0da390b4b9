import type { Address } from '../../protocol/brands.ts';
import { parseAddress, ZERO_ADDRESS } from '../../protocol/brands.ts';
import type { EpochClock } from '../../protocol/epoch-clock.ts';
import { RetryableError } from '../../protocol/errors.ts';
import { nameOfTask } from '../../protocol/task-name.ts';
import type { Connection } from '../connect.ts';
import { eventArguments } from '../lenient.ts';
import { onChain } from '../revert-error.ts';
import type { PastEvent } from './past.ts';

/** What has to be known of a deployment to say what a governed call does, and how long it takes. */
export interface Facts {
  readonly connection: Connection;
  /** Time of the newest block, unix seconds. */
  readonly now: number;
  readonly clock: EpochClock;
  /** The epoch that runs; the first one before it has begun. */
  readonly epoch: number;
  /** Every task that was ever added, by its number. */
  readonly tasks: ReadonlyMap<number, string>;
  /** Who proposes now. */
  readonly office: 'council' | 'governor';
  readonly council: Address;
  /** How long everything waits in the timelock, in seconds. */
  readonly minDelay: number;
  /** How the holders vote, in seconds. */
  readonly voting: {
    readonly delay: number;
    readonly period: number;
    readonly extension: number;
    readonly queueWithin: number;
  };
  /** Who is asked for the price now, and who is to be asked later. */
  readonly priceSources: readonly Address[];
  /** Those, and whoever was asked before: decisions about them were made, too. */
  readonly everPriceSources: readonly Address[];
  /** Of a call that was executed: what its contract said meanwhile. Left out: it is compared with the chain as it is. */
  readonly past?: readonly PastEvent[];
  /** The contract that a call is made to, while it is described. */
  readonly target?: Address;
}

/** Reads them, all in one moment. */
export async function readFacts(connection: Connection): Promise<Facts> {
  const { contracts, provider, addressBook } = connection;
  const { curve, registry, reserve, handover, timelock, governor } = contracts;
  return await onChain(async () => {
    const block = await provider.getBlock('latest');
    if (block === null) throw new RetryableError({ code: 'NODE_UNAVAILABLE', shortMessage: 'the node has no block' });
    const now = block.timestamp;
    // Together: a node on the other side of the world answers them in one go.
    const [
      start,
      length,
      added,
      laws,
      lastChange,
      isHandedOver,
      council,
      minDelay,
      delay,
      period,
      extension,
      queueWithin,
    ] = await Promise.all([
      curve.START(),
      curve.EPOCH_LENGTH(),
      registry.queryFilter(registry.filters.TaskAdded(), addressBook.startBlock),
      reserve.queryFilter(reserve.filters.ParametersScheduled(), addressBook.startBlock),
      reserve.lastChange(),
      handover.done(),
      handover.COUNCIL(),
      timelock.getMinDelay(),
      governor.votingDelay(),
      governor.votingPeriod(),
      governor.lateQuorumVoteExtension(),
      governor.QUEUE_PERIOD(),
    ]);
    const clock = { start: Number(start), length: Number(length) };
    const epoch = Math.max(0, Math.floor((now - clock.start) / clock.length));
    const acting = await Promise.all(
      [epoch, Math.max(epoch, Number(lastChange))].map((at) => reserve.parametersAt(at)),
    );
    const addressesOf = (some: readonly { readonly priceSource: string }[]): readonly Address[] => {
      const found = some.map(({ priceSource }) => parseAddress(priceSource.toLowerCase()));
      return [...new Set(found)].filter((source) => source !== ZERO_ADDRESS);
    };
    const priceSources = addressesOf(acting);
    const former = laws.flatMap(({ args }) => [args.oldParameters, args.newParameters]);
    return {
      connection,
      now,
      clock,
      epoch,
      tasks: new Map(added.map((event) => [Number(event.args.task), String(eventArguments(event).getValue('name'))])),
      office: isHandedOver ? 'governor' : 'council',
      council: parseAddress(council.toLowerCase()),
      minDelay: Number(minDelay),
      voting: {
        delay: Number(delay),
        period: Number(period),
        extension: Number(extension),
        queueWithin: Number(queueWithin),
      },
      priceSources,
      everPriceSources: addressesOf([...acting, ...former]),
    };
  });
}

/** What a task is called. */
export function taskName({ tasks }: Pick<Facts, 'tasks'>, task: number): string {
  return nameOfTask(tasks, task);
}
