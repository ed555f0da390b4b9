import type { Actor } from '../chain/take.ts';
import { closeStep } from './close.ts';
import { finaliseStep } from './finalise.ts';
import { ingestStep } from './ingest.ts';
import { proposeStep } from './propose.ts';
import { publishStep } from './publish.ts';
import { scoreStep } from './score.ts';
import { settleStep } from './settle.ts';
import type { StepName, StepRunner } from './step.ts';
import { withdrawStep } from './withdraw.ts';

/** Every step of an epoch, for an operator who sends by this actor. */
export function operatorSteps(actor: Actor): Readonly<Record<StepName, StepRunner>> {
  return {
    close: closeStep(actor),
    ingest: ingestStep,
    score: scoreStep,
    settle: settleStep,
    publish: publishStep,
    propose: proposeStep(actor),
    finalise: finaliseStep(actor),
    withdraw: withdrawStep(actor),
  };
}
