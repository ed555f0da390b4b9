import { useState, type ReactNode } from 'react';

import { startOf } from '../../../../src/protocol/epoch-clock.ts';
import { utc } from '../../format/moment.ts';
import { QueryProblem, Unread } from '../../ui/query-problem.tsx';
import { ProposalForm } from './proposal-form.tsx';
import { sameWeights, startingFrom, type Sliders } from './sliders.ts';
import { useGround, useWeights, type Weights } from './use-governance.ts';
import { WeightSliders } from './weight-sliders.tsx';

const LAST_EPOCH = 4_294_967_295;

/** Other weights for the tasks: tried out by sliders, then proposed to those who decide. */
export function ProposeWeights() {
  const weights = useWeights();
  if (weights.data === undefined) {
    return <Unread query={weights} what="Reading the weights" />;
  }
  return (
    <>
      <QueryProblem query={weights} />
      <Epoch weights={weights.data} />
    </>
  );
}

/** What it does is shown for the epoch from which it is to act. */
function Epoch({ weights }: { readonly weights: Weights }) {
  const { first, clock } = weights;
  const [text, setText] = useState<string | null>(null);
  const given = text === null ? first : readEpoch(text);
  const isFit = given !== null && given >= first;
  const epoch = isFit ? given : first;
  const chosen = useGround(epoch);
  const read = epoch === first ? weights.ground : chosen.data;
  const field = (
    <div className="field epoch-field">
      <label htmlFor="from-epoch">First epoch with these weights</label>
      <input
        id="from-epoch"
        inputMode="numeric"
        value={text ?? String(first)}
        aria-invalid={!isFit}
        aria-describedby="from-epoch-note"
        onChange={(event) => setText(event.target.value.trim())}
      />
      <p id="from-epoch-note" className={isFit ? 'note' : 'field-error'}>
        {isFit
          ? `Epoch ${epoch} begins on ${utc(startOf(clock, epoch))}.`
          : `Epoch ${first} is the first that is possible; it begins on ${utc(startOf(clock, first))}.`}{' '}
        {isFit && epoch === first
          ? 'It is the first that cannot have begun by the time this has been voted on and has waited in the timelock.'
          : null}
      </p>
      {read === undefined ? <Unread query={chosen} what={`Reading epoch ${epoch}`} /> : null}
    </div>
  );
  // Until another epoch is read the effect is that on the first one, which is named beside it.
  const ground = read ?? weights.ground;
  return (
    <Editor
      // Other tasks are other sliders; with the same ones what was set stays.
      key={ground.table.map(({ task }) => task).join()}
      weights={{ ...weights, ground }}
      epochField={field}
      isFit={isFit && read !== undefined}
    />
  );
}

interface EditorProps {
  readonly weights: Weights;
  readonly epochField: ReactNode;
  /** Whether the epoch that was given is possible. */
  readonly isFit: boolean;
}

function Editor({ weights, epochField, isFit }: EditorProps) {
  const { ground } = weights;
  const [moved, setMoved] = useState<Sliders | null>(null);
  const sliders = moved ?? startingFrom(ground.table);
  return (
    <>
      <WeightSliders weights={weights} sliders={sliders} change={setMoved} />
      <ProposalForm
        weights={weights}
        table={sliders.table}
        isChanged={!sameWeights(sliders.table, ground.table)}
        epochField={epochField}
        isFit={isFit}
      />
    </>
  );
}

function readEpoch(text: string): number | null {
  if (!/^\d{1,10}$/.test(text)) return null;
  const epoch = Number(text);
  return epoch <= LAST_EPOCH ? epoch : null;
}
