import { moment } from '../../chain/moment.ts';
import type { EpochStatus, OperatorStatus } from '../../operator/epoch-status.ts';
import type { StepName } from '../../operator/steps/step.ts';
import { STEPS } from '../../operator/steps/step.ts';
import { table } from './table.ts';

/** Where an operator's epochs stand, for people. */
export function epochStatusText({ block, nextToClose, nextToFinalise, pausedUntil, epochs }: OperatorStatus): string {
  const rows = epochs.map((one) => [
    `${one.epoch}`,
    moment(one.end),
    one.chain,
    ...STEPS.map((step) => markOf(one, step)),
    one.root === null ? '' : `${one.root.slice(0, 10)}…${one.differs ? ' ≠ final' : ''}`,
  ]);
  const steps = STEPS.map((title) => ({ title }));
  const columns = [
    { title: 'epoch', align: 'right' as const },
    ...[{ title: 'ends' }, { title: 'on chain' }],
    ...[...steps, { title: 'root' }],
  ];
  const strange = epochs.filter(({ differs }) => differs);
  return [
    `as of block ${block.number}, ${moment(block.time)}: next to close ${nextToClose}, next to become final ${nextToFinalise}\n`,
    ...(pausedUntil > block.time ? [`proposals are paused until ${moment(pausedUntil)}\n`] : []),
    epochs.length === 0 ? 'no epoch has begun\n' : table(columns, rows),
    ...strange.map(
      ({ epoch, finalRoot }) =>
        `epoch ${epoch}: ${finalRoot ?? ''} became final, which is not what was settled here: see what differs with lode verify --from-chain\n`,
    ),
  ].join('');
}

function markOf({ steps }: EpochStatus, step: StepName): string {
  return { done: 'done', begun: 'begun', null: '·' }[steps[step] ?? 'null'];
}
