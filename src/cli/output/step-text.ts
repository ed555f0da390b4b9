import type { StepName, StepOutcome } from '../../operator/steps/step.ts';
import { factsText } from './facts-text.ts';

/** What a step between the rows and the report came to, for people. */
export function stepText(
  step: StepName,
  epoch: number,
  { state, reason, facts }: StepOutcome,
  dryRun: boolean,
): string {
  const words = {
    done: dryRun ? `${step} would be done` : `${step} is done`,
    skipped: reason ?? `${step} was done before`,
    waiting: reason ?? `${step} is not due yet`,
  };
  return `epoch ${epoch}: ${words[state]}${factsText(facts)}\n`;
}
