import type { PendingCall } from '../../chain/pending.ts';
import type { Diagnosis, LiveState, PriceHealth } from '../doctor/diagnosis.ts';
import { findingText } from './finding-text.ts';
import { moment } from '../../chain/moment.ts';
import { lasting } from './lasting.ts';
import { table } from './table.ts';
import { grouped, tokens } from '../../protocol/tokens.ts';

/** A diagnosis for reading: the verdict first, then what is wrong, then everything else. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const { chainId, block, time, preset, sound, wrong, changed, code, live, attention } = diagnosis;
  const variant = preset.variant === null ? '' : `, variant ${preset.variant}`;
  const verdict = sound ? 'sound: nothing differs that nobody may change' : `NOT SOUND: ${wrong.length} differences`;
  return [
    `${preset.name}${variant} on chain ${chainId}, block ${grouped(block)}, ${moment(time)}\n`,
    `${verdict}\n`,
    section('wrong', wrong.map(findingText)),
    section('to look at', attention),
    section('changed by governance since the deployment', changed.map(findingText)),
    `\ncode: ${code.filter(({ hash, expected }) => hash === expected).length} of ${code.length} contracts are those of this repository\n`,
    live === null ? '' : liveText(live),
  ].join('');
}

function liveText({ curve, price, settlement, operations, proposals, handedOver, powers }: LiveState): string {
  const { nextToClose, nextToFinalise, epoch, proposal } = settlement;
  const offered =
    proposal === null
      ? 'no settlement is proposed'
      : `epoch ${proposal.epoch} is proposed by number ${proposal.id}, until ${moment(proposal.until)}`;
  const who = powers.map(({ role, address, held, can }) => [role, address, held, can]);
  return [
    `curve: ${tokens(curve.total)} tokens in ${curve.periods} periods; supply ${tokens(curve.supply)} of at most ${tokens(curve.cap)}\n`,
    priceText(price),
    `epochs: ${epoch < 0 ? 'none has begun' : `${epoch} runs`}, next to close ${nextToClose}, next to make final ${nextToFinalise}; ${offered}\n`,
    `governance: ${handedOver ? 'the holders decide' : 'the council decides; it has not been handed over'}\n`,
    section(
      'waiting in the timelock',
      operations.map(({ id, state, readyAt, calls }) => `${state}, from ${moment(readyAt)}: ${inWords(calls)} (${id})`),
    ),
    section(
      'before the holders',
      proposals.map(
        ({ id, state, voteEnd, calls }) => `${state}, vote ends ${moment(voteEnd)}: ${inWords(calls)} (${id})`,
      ),
    ),
    '\nwho could still do harm\n',
    table([{ title: 'role' }, { title: 'address' }, { title: 'held by' }, { title: 'can' }], who),
  ].join('');
}

function priceText({ source, price, kind, feed, median }: PriceHealth): string {
  if (source === null) return 'price: nobody is asked, it is neutral\n';
  const what = kind === null ? '' : ` (${kind})`;
  const lines = [`price: ${source}${what} ${price === null ? 'has no fresh price' : `says ${tokens(price, 6)}`}\n`];
  if (feed !== null) {
    const last = feed.updatedAt === null ? 'has no round' : `last answered at ${moment(feed.updatedAt)}`;
    lines.push(`  feed ${feed.feed} ${last}; an answer counts for ${lasting(feed.maxAge)}\n`);
  }
  if (median !== null) {
    lines.push(`  at least ${median.needed} reports of the last ${lasting(median.maxAge)} are needed\n`);
    for (const { seat, reporter, price: said, reportedAt, isFresh } of median.seats) {
      const report =
        said === null || reportedAt === null ? 'nothing yet' : `${tokens(said, 6)} at ${moment(reportedAt)}`;
      lines.push(`  seat ${seat}: ${reporter} ${report}${isFresh ? '' : ', STALE'}\n`);
    }
  }
  return lines.join('');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function inWords(calls: readonly PendingCall[]): string {
  return calls.map(({ target, call }) => `${target}.${call}`).join('; ');
}
