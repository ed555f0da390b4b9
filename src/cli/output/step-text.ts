import type { StepName, StepOutcome } from '../../operator/steps/step.ts';
import { factsText } from './facts-text.ts';

/** Steps that are a transaction. */
const SENT: ReadonlySet<StepName> = new Set<StepName>(['close', 'propose', 'finalise', 'withdraw']);

/** What a step came to, for people. */
export function stepText(
  step: StepName,
  epoch: number,
  { state, reason, facts }: StepOutcome,
  dryRun: boolean,
): string {
  const words = {
    done: dryRun ? `${step} would be ${SENT.has(step) ? 'sent' : 'done'}` : `${step} is done`,
    skipped: reason ?? `${step} was done before`,
    waiting: reason ?? `${step} is not due yet`,
  };
  return `epoch ${epoch}: ${words[state]}${factsText(facts)}\n`;
}
