import { finalBlock, readView } from '../../operator/chain/view.ts';
import { lastLine, openJournal, readJournal } from '../../operator/journal.ts';
import { ingestStep } from '../../operator/steps/ingest.ts';
import { scoreStep } from '../../operator/steps/score.ts';
import { settleStep } from '../../operator/steps/settle.ts';
import type { StepContext, StepOutcome } from '../../operator/steps/step.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../io.ts';
import { jsonDocument } from '../output/json-document.ts';
import { stepText } from '../output/step-text.ts';
import { withData } from './open-data.ts';

/** The steps between the rows and the report: nothing is sent by them. */
export type LedgerStep = 'ingest' | 'score' | 'settle';

/** Options of these steps. */
export interface LedgerStepFlags {
  readonly data: string;
  readonly epoch?: number;
  readonly again?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/**
 * Runs one step of an epoch between its rows and its report. What has to wait ends with the exit code for "the same command may
 * succeed later".
 *
 * @throws what the step throws
 */
export async function runLedgerStep(step: LedgerStep, flags: LedgerStepFlags, context: CommandContext): Promise<void> {
  const { io, setExitCode } = context;
  const dryRun = flags.dryRun === true;
  const { epoch, outcome } = await withData({ data: flags.data, writes: !dryRun }, io, async (open) => {
    const { data, config, endpoints } = open;
    const block = await finalBlock(endpoints, config.finality);
    const of =
      flags.epoch ??
      (step === 'settle' ? (await readView(endpoints, block)).nextToFinalise : await firstWithout(data, step));
    const given: StepContext = {
      ...{ data, config, endpoints, epoch: of, block, dryRun, say: () => undefined },
      journal: await openJournal(data, of),
    };
    return { epoch: of, outcome: await runOf(step, given, flags.again === true) };
  });
  if (outcome.state === 'waiting') setExitCode(EXIT.retry);
  io.out(
    flags.json === true
      ? jsonDocument({ epoch, step, dryRun, reason: null, ...outcome })
      : stepText(step, epoch, outcome, dryRun),
  );
}

async function runOf(step: LedgerStep, given: StepContext, again: boolean): Promise<StepOutcome> {
  if (step === 'ingest') return await ingestStep(given);
  return await (step === 'score' ? scoreStep : settleStep)(given, { again });
}

/** The first epoch of which a step is not done. */
async function firstWithout(data: string, step: LedgerStep): Promise<number> {
  for (let epoch = 0; ; epoch++) {
    if (lastLine(await readJournal(data, epoch), step, 'done') === null) return epoch;
  }
}
