import type { DecodedCall } from '../../chain/governance/decode.ts';
import { calledText, callLines } from '../../chain/governance/decode.ts';
import type { EmissionEffect } from '../../chain/governance/emission.ts';
import type { Proposal } from '../../chain/governance/propose.ts';
import { moment } from '../../chain/moment.ts';
import { part } from '../../chain/governance/units.ts';
import { shortNumber } from '../../chain/governance/decisions.ts';
import { table } from './table.ts';
import { counted, tokens } from '../../protocol/tokens.ts';

type Shown = Omit<Proposal, 'outgoing'>;

/** What is about to be sent, in a few words. */
export function proposalTitle({ office, reason }: Pick<Proposal, 'office' | 'reason'>): string {
  return `${office === 'council' ? 'schedule in the timelock' : 'propose to the holders'}: ${reason}`;
}

/** A proposal for those who are to sign it: what it changes, when, and what it is worth. */
export function proposalText(proposal: Shown): string {
  const { office, reason, calls, notes, from, dates, emission } = proposal;
  const acts = calls.some((call) => call.from !== null);
  const raw = calls.filter((call) => call.raw).length;
  return [
    `${office === 'council' ? 'the council is in office and schedules in the timelock' : 'the holders are in office and vote'}: ${reason}\n`,
    `\nwhat would be executed; it was tried out as the timelock, and passes now (${counted(calls.length, 'call')})\n`,
    ...calls.map(callText),
    raw === 0 ? '' : `  ${counted(raw, 'call')} shown as bytes only\n`,
    ...notes.map((note) => `  note: ${note}\n`),
    acts ? `\nfrom epoch ${from.epoch} on, which begins ${moment(from.start)}: ${from.why}\n` : '',
    '\ndates\n',
    ...dates.milestones.map(({ what, at }) => `  ${moment(at)}  ${what}\n`),
    emission.changes ? emissionText(emission) : '',
    nextText(proposal),
  ].join('');
}

function nextText({ office, id, dates }: Shown): string {
  const [first] = dates.milestones;
  const what = office === 'council' ? 'operation' : 'proposal';
  const short = shortNumber(id);
  const command = office === 'council' ? `execute ${short}` : `vote ${short} --for`;
  return `\n${what} ${id}\nonce it is sent: lode governance ${command}, from ${moment(first?.at ?? dates.earliest)} on\n`;
}

function callText(call: DecodedCall): string {
  return [...callLines(call), `  = ${calledText(call)}`].map((line) => `  ${line}\n`).join('');
}

function emissionText({ epoch, budget, foundation, tasks, assumes }: EmissionEffect): string {
  const rows = tasks.map(({ task, name, before, after }) => [
    `${name} (${task})`,
    ...[before, after].flatMap((one) => (one === null ? ['-', '-'] : [part(one.weight), tokens(one.tokens)])),
    signed((after?.tokens ?? 0n) - (before?.tokens ?? 0n)),
  ]);
  const share = [
    ...['foundation', '', tokens(foundation.before), '', tokens(foundation.after)],
    signed(foundation.after - foundation.before),
  ];
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [{ title: 'task' }, ...['weight', 'tokens', 'new weight', 'new tokens', 'change'].map(right)];
  const all = foundation.before === 0n && foundation.after === 0n ? rows : [...rows, share];
  return `\nemission of epoch ${epoch}, ${tokens(budget)} tokens; this assumes ${assumes}\n${table(columns, all)}`;
}

function signed(wei: bigint): string {
  return `${wei > 0n ? '+' : ''}${tokens(wei)}`;
}
