import * as Slider from '@radix-ui/react-slider';
import { useState } from 'react';

import { effectOf, type EmissionEffect } from '../../../../src/chain/governance/emission.ts';
import { part } from '../../../../src/chain/governance/units.ts';
import { tokens } from '../../../../src/protocol/tokens.ts';
import { visibleName } from '../../format/visible-name.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { evenly, moveWeight, rangeOf } from './move-weight.ts';
import {
  percentText,
  percentTexts,
  readPercent,
  startingFrom,
  stepOf,
  STEPS,
  weightOf,
  type Sliders,
} from './sliders.ts';
import type { Weights } from './use-governance.ts';

interface WeightSlidersProps {
  readonly weights: Weights;
  readonly sliders: Sliders;
  readonly change: (next: Sliders) => void;
}

type TaskEffect = EmissionEffect['tasks'][number];

/** A slider for each task. One moves, the others give way, and together they stay 100 %. */
export function WeightSliders({ weights, sliders, change }: WeightSlidersProps) {
  const { ground, minimum, tasks } = weights;
  const { table, basis, locked } = sliders;
  const effect = effectOf(ground, { table, share: null, names: new Map(tasks) });
  const shown = percentTexts(table);
  const miners = ground.budget - effect.foundation.before;

  const move = (task: number, to: bigint, isDone: boolean): void => {
    const next = moveWeight(basis, { task, to, locked, minimum });
    change({ table: next, basis: isDone ? next : basis, locked });
  };
  const toggle = (task: number): void => {
    const next = new Set(locked);
    if (!next.delete(task)) next.add(task);
    change({ table, basis: table, locked: next });
  };
  return (
    <Card
      title="New weights"
      about={
        <>
          Move one and the others give way in proportion; lock those that are to stay. Together they are always 100 %:
          the miners’ part of epoch {ground.epoch}, <Amount wei={miners} />, if all of its budget is paid out and every
          task has a participant.
        </>
      }
      aside={
        <div className="buttons">
          <button
            type="button"
            className="button quiet"
            onClick={() => {
              const even = evenly(table, locked);
              change({ table: even, basis: even, locked });
            }}
          >
            Share evenly
          </button>
          <button type="button" className="button quiet" onClick={() => change(startingFrom(ground.table))}>
            Start over
          </button>
        </div>
      }
    >
      <ul className="sliders">
        {effect.tasks.map((row) => (
          <SliderRow
            key={row.task}
            row={row}
            percent={shown.get(row.task) ?? '0'}
            isLocked={locked.has(row.task)}
            canMove={rangeOf(table, { task: row.task, locked, minimum }) !== null}
            move={(to, isDone) => move(row.task, to, isDone)}
            settle={() => change({ table, basis: table, locked })}
            toggle={() => toggle(row.task)}
          />
        ))}
      </ul>
      <p className="note">
        A task weighs {part(minimum)} at least. Tasks are added and retired by <code>lode governance propose</code>.
      </p>
    </Card>
  );
}

interface SliderRowProps {
  readonly row: TaskEffect;
  /** Its new weight as it is read. */
  readonly percent: string;
  readonly isLocked: boolean;
  readonly canMove: boolean;
  readonly move: (to: bigint, isDone: boolean) => void;
  /** The slider rests: what it has come to is what the next one starts from. */
  readonly settle: () => void;
  readonly toggle: () => void;
}

function SliderRow({ row, percent, isLocked, canMove, move, settle, toggle }: SliderRowProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const { name, before, after } = row;
  const weight = after?.weight ?? 0n;
  const old = before?.weight ?? 0n;
  const shown = visibleName(name);
  const isWrong = draft !== null && readPercent(draft) === null;
  const enter = (text: string): void => {
    setDraft(text);
    const to = readPercent(text);
    if (to !== null) move(to, true);
  };
  return (
    <li className="slider-row" data-locked={isLocked}>
      <span className="slider-name">
        <bdi>{shown}</bdi>
      </span>
      <Slider.Root
        className="slider"
        min={0}
        max={STEPS}
        step={1}
        value={[stepOf(weight)]}
        disabled={!canMove}
        onValueChange={([step]) => {
          if (step !== undefined) move(weightOf(step), false);
        }}
        onValueCommit={settle}
      >
        <Slider.Track className="slider-track">
          <Slider.Range className="slider-range" />
          <span className="slider-old" style={{ left: `${stepOf(old) / (STEPS / 100)}%` }} aria-hidden="true" />
        </Slider.Track>
        <Slider.Thumb
          className="slider-thumb"
          aria-label={`Weight of ${shown}`}
          aria-valuetext={`${percent} per cent`}
        />
      </Slider.Root>
      <span className="slider-percent">
        <input
          inputMode="decimal"
          value={draft ?? percent}
          disabled={!canMove}
          aria-label={`Weight of ${shown} in per cent`}
          aria-invalid={isWrong}
          title={part(weight)}
          onChange={(event) => enter(event.target.value)}
          onBlur={() => setDraft(null)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') setDraft(null);
          }}
        />
        <span aria-hidden="true">%</span>
      </span>
      <button
        type="button"
        className="lock"
        aria-pressed={isLocked}
        aria-label={`Lock ${shown}`}
        title={isLocked ? 'Locked: it keeps what it has' : 'Lock it'}
        onClick={toggle}
      >
        <LockIcon isLocked={isLocked} />
      </button>
      <span className="slider-effect">
        <Amount wei={after?.tokens ?? 0n} />
        {weight === old ? null : (
          <>
            <Difference wei={(after?.tokens ?? 0n) - (before?.tokens ?? 0n)} />
            <span className="faint">instead of {percentText(old)} %</span>
          </>
        )}
      </span>
    </li>
  );
}

/** By how much something changes, with its sign. */
export function Difference({ wei }: { readonly wei: bigint }) {
  if (wei === 0n) return <span className="difference faint">as it is</span>;
  return (
    <span className="difference" data-tone={wei > 0n ? 'good' : 'bad'} title={tokens(wei, 18)}>
      {wei > 0n ? '+' : '−'}
      {tokens(wei > 0n ? wei : -wei)}
    </span>
  );
}

function LockIcon({ isLocked }: { readonly isLocked: boolean }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width="18"
      height="18"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
    >
      <rect x="4" y="9" width="12" height="8" rx="1.5" fill={isLocked ? 'currentColor' : 'none'} />
      <path d={isLocked ? 'M7 9V6.5a3 3 0 0 1 6 0V9' : 'M7 9V6.5a3 3 0 0 1 5.6-1.5'} strokeLinecap="round" />
    </svg>
  );
}
