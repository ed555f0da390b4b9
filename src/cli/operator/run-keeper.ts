import { pino } from 'pino';

import { keep } from '../../operator/keep.ts';
import type { KeeperEvent } from '../../operator/keeper-event.ts';
import { levelOf } from '../../operator/keeper-event.ts';
import { Keeper } from '../../operator/keeper.ts';
import { KeeperMetrics } from '../../operator/metrics.ts';
import { serveStatus } from '../../operator/serve-status.ts';
import { operatorSteps } from '../../operator/steps/all-steps.ts';
import type { ProtocolError } from '../../protocol/errors.ts';
import { confirm } from '../deploy/confirm.ts';
import type { Io } from '../io.ts';
import { keeperText } from '../output/keeper-text.ts';
import type { OperatorFlags } from './open-operator.ts';
import { withOperator } from './open-operator.ts';

/** What the keeper is told beside what every command of an operator is. */
export interface RunKeeperFlags extends OperatorFlags {
  readonly once?: true;
  /** Only this epoch. */
  readonly epoch?: number;
}

/**
 * Keeps a deployment until the process is ended, or once. Gives what went wrong and is not over, which was told; null if nothing
 * is.
 *
 * @throws {RefusedError} `NOT_CONFIRMED`, and what {@link withOperator} throws
 */
export async function runKeeper(flags: RunKeeperFlags, io: Io): Promise<ProtocolError | null> {
  const metrics = new KeeperMetrics();
  const tell = teller(flags, io);
  const say = (event: KeeperEvent): void => {
    metrics.observe(event);
    tell(event);
  };
  return await withOperator(flags, io, say, async ({ data, config, endpoints, actor, checkAlone }) => {
    const dryRun = flags.dryRun === true;
    const { account, sender } = actor;
    if (sender !== null && flags.yes === undefined) {
      await confirm(`From now on send as ${account ?? ''} whatever is due, bonds included?`);
    }
    const keeper = new Keeper({
      ...{ data, config, endpoints, actor, dryRun, say, steps: operatorSteps(actor) },
      ...(flags.epoch === undefined ? {} : { only: flags.epoch }),
    });
    metrics.watch(keeper);
    const { pollSeconds, metrics: at } = config.keeper;
    const once = flags.once === true || dryRun;
    const server = at === null || once ? null : await serveStatus(at, { keeper, metrics, pollSeconds });
    try {
      say({ event: 'keeping', data, endpoints: endpoints.map(({ name }) => name), account, dryRun });
      const { error } = await keep(keeper, {
        ...{ pollSeconds, rounds: dryRun ? 'one' : once ? 'until-nothing' : 'forever' },
        after: async () => {
          await checkAlone();
          await metrics.read(endpoints, account);
        },
      });
      return error;
    } finally {
      await server?.close();
    }
  });
}

/** One line for each event: JSON as machines collect it, or words. */
function teller({ json }: RunKeeperFlags, io: Io): (event: KeeperEvent) => void {
  if (json === undefined) return (event) => io.out(keeperText(event));
  const log = pino(
    {
      base: { name: 'lode-keeper' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    { write: io.out },
  );
  return (event) => {
    log[levelOf(event)](event);
  };
}
