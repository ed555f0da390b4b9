import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import type { SenderEvent } from '../../operator/chain/sender-event.ts';
import { finalBlock, readView } from '../../operator/chain/view.ts';
import { openJournal } from '../../operator/journal.ts';
import { closeStep } from '../../operator/steps/close.ts';
import { finaliseStep } from '../../operator/steps/finalise.ts';
import { proposeStep } from '../../operator/steps/propose.ts';
import type { StepContext, StepOutcome, StepRunner } from '../../operator/steps/step.ts';
import { withdrawStep } from '../../operator/steps/withdraw.ts';
import { confirm } from '../deploy/confirm.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../io.ts';
import { jsonDocument } from '../output/json-document.ts';
import { keeperText } from '../output/keeper-text.ts';
import { stepText } from '../output/step-text.ts';
import type { ChainStepFlags } from './chain-step-options.ts';
import type { Operator } from './open-operator.ts';
import { withOperator } from './open-operator.ts';

/** The steps that send. */
export type ChainStep = 'close' | 'propose' | 'finalise' | 'withdraw';

/**
 * Runs one step of an epoch: shows what it would send, asks, and sends it. What has to wait, also for the block with it to become final,
 * ends with the exit code for "the same command may succeed later".
 *
 * @throws {RefusedError} `NOT_CONFIRMED`, and what the step throws
 */
export async function runChainStep(step: ChainStep, flags: ChainStepFlags, context: CommandContext): Promise<void> {
  const { io, setExitCode } = context;
  const tell = (event: SenderEvent): void => io.err(keeperText(event));
  const { epoch, outcome } = await withOperator(flags, io, tell, async (operator) => {
    const block = await finalBlock(operator.endpoints, operator.config.finality);
    const of = flags.epoch ?? (await turnOf(step, operator.endpoints, block));
    await operator.actor.sender?.follow(block);
    return { epoch: of, outcome: await runOne(step, flags, operator, { epoch: of, block, tell: io.err }) };
  });
  if (outcome.state === 'waiting') setExitCode(EXIT.retry);
  const dryRun = flags.dryRun === true;
  io.out(
    flags.json === true
      ? jsonDocument({ epoch, step, dryRun, reason: null, ...outcome })
      : stepText(step, epoch, outcome, dryRun),
  );
}

interface At {
  readonly epoch: number;
  readonly block: AgreedBlock;
  readonly tell: (text: string) => void;
}

async function runOne(
  step: ChainStep,
  { dryRun = false, yes = false, again = false }: { dryRun?: boolean; yes?: boolean; again?: boolean },
  { data, config, endpoints, actor }: Operator,
  { epoch, block, tell }: At,
): Promise<StepOutcome> {
  const runner = runnersOf(again)[step](actor);
  const given: StepContext = {
    ...{ data, config, endpoints, epoch, block, dryRun: true },
    journal: await openJournal(data, epoch),
    say: () => undefined,
  };
  const before = await runner(given);
  if (dryRun) return before;
  // Only what would send something asks first.
  if (before.state === 'done' && !yes) {
    tell(stepText(step, epoch, before, true));
    await confirm(`Send it as ${actor.account ?? ''}?`);
  }
  return await runner({ ...given, dryRun: false });
}

function runnersOf(again: boolean): Record<ChainStep, (actor: Operator['actor']) => StepRunner> {
  return {
    close: closeStep,
    propose: (actor) => proposeStep(actor, { again }),
    finalise: finaliseStep,
    withdraw: withdrawStep,
  };
}

/** The epoch that is next for a step, as the chain has it. */
async function turnOf(step: ChainStep, endpoints: readonly Endpoint[], block: AgreedBlock): Promise<number> {
  const { nextToClose, nextToFinalise } = await readView(endpoints, block);
  if (step === 'close') return nextToClose;
  return step === 'withdraw' ? Math.max(0, nextToFinalise - 1) : nextToFinalise;
}
