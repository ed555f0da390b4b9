import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { standing, type EpochRow } from '../../data/epoch-rows.ts';
import { lasting, utcDay } from '../../format/moment.ts';
import { Badge } from '../../ui/badge.tsx';
import type { TableColumn } from '../../ui/data-table.tsx';

const STAGES = {
  running: ['plain', 'runs'],
  over: ['plain', 'over'],
  closed: ['warning', 'waits for a proposal'],
  open: ['warning', 'open to challenge'],
  demanded: ['warning', 'a leaf is demanded'],
  due: ['good', 'unchallenged'],
  final: ['good', 'final'],
} as const;

/** Where an epoch stands, in a word. */
export function StageBadge({ row }: { readonly row: EpochRow }) {
  const [tone, words] = STAGES[row.stage];
  const dropped = row.proposals.filter(({ state }) => state !== 'pending' && state !== 'final').length;
  return (
    <>
      <Badge tone={tone}>{words}</Badge>
      {dropped === 0 ? null : <Badge tone="bad">{dropped} dropped</Badge>}
    </>
  );
}

/** What happens to an epoch next, and when. */
export function Countdown({ row, now }: { readonly row: EpochRow; readonly now: number }) {
  switch (row.stage) {
    case 'running':
      return <>ends in {lasting(row.end - now)}</>;
    case 'over':
      return <>anyone can close it</>;
    case 'closed':
      return <>an operator proposes a settlement</>;
    case 'open':
      return <>final in {lasting((standing(row)?.until ?? now) - now)} if nobody objects</>;
    case 'demanded':
      return <>final only once the leaf that was demanded is shown</>;
    case 'due':
      return <>anyone can make it final</>;
    case 'final':
      return <>rewards can be claimed</>;
  }
}

/** The first columns of a table of epochs: which it is, when it began, where it stands, what happens next. */
export const STANDING_COLUMNS: readonly TableColumn[] = [
  { title: 'Epoch' },
  { title: 'Began' },
  { title: 'State' },
  { title: 'What comes next' },
];

/** The cells of an epoch in these columns. */
export function standingCells(row: EpochRow, now: number): readonly ReactNode[] {
  return [
    <Link to={`/settlements/${row.epoch}`}>Epoch {row.epoch}</Link>,
    utcDay(row.start),
    <StageBadge row={row} />,
    <Countdown row={row} now={now} />,
  ];
}
