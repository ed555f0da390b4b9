import { formatUnits } from 'ethers';

import { moment } from '../../chain/moment.ts';
import type { LedgerDifferences } from '../../settlement/faults/ledger-differences.ts';
import type { ReadyVeto, ToldEvent } from '../watch/watch-event.ts';
import { tokens } from '../../protocol/tokens.ts';
import { visible } from './visible.ts';

type AlarmEvent = Extract<ToldEvent, { event: 'alarm' }>;

/** Lines of figures in an alarm; `--json` has all of them. */
const SHOWN = 20;

/** One event of the watcher for people: a line, and more behind it where somebody has to decide. */
export function watchText(event: ToldEvent): string {
  const time = event.time === null ? '' : `${moment(event.time)} `;
  const head = `${time}${event.alarm ? 'ALARM ' : ''}`;
  return `${head}${words(plain(event))}\n`;
}

/** The same event with every text of nodes, servers and operators on one line, in characters that can be seen. */
function plain<T>(value: T): T;
function plain(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [plain(key), plain(item)]));
}

function words(event: ToldEvent): string {
  switch (event.event) {
    case 'watching':
      return `watching by ${event.endpoints.join(' and ')}${event.account === null ? '' : `, acting as ${event.account}`}`;
    case 'chain':
      return chainWords(event);
    case 'judged':
      return `proposal ${event.proposalId} of epoch ${event.epoch} is what the ledger gives, to the last wei; ${span(event.left)} left`;
    case 'alarm':
      return alarmWords(event);
    case 'differs':
      return [
        `proposal ${event.proposalId} of epoch ${event.epoch}: ${event.reason}; ${span(event.left)} left (told ${event.when}, before it is looked into)`,
        ...vetoLines(event.veto),
      ].join('\n');
    case 'demanded':
      return demandedWords(event);
    case 'disagree':
      return [
        `the endpoints do not agree on ${event.what}: nothing is done`,
        ...event.answers.map(({ endpoint, answer }) => `  ${endpoint}: ${short(answer)}`),
      ].join('\n');
    case 'unavailable':
      return `${event.reason} (${event.code}): nothing is known of the chain until it answers`;
    case 'recovered':
      return 'the endpoints answer and agree again';
    case 'funds':
      return `${event.account} has ${tokens(BigInt(event.balance), 6)} coins; with less than ${tokens(BigInt(event.wanted), 6)} it may not be able to act`;
    case 'reorg':
      return `block ${event.block} was replaced (${event.was} by ${event.is}): what stood on it is looked at anew`;
    case 'sending':
      return `sending: ${event.what} (nonce ${event.nonce}${event.value === '0' ? '' : `, ${tokens(BigInt(event.value))} coins`})`;
    case 'offered-again':
      return offeredAgainWords(event);
    case 'taken-back':
      return `its block was replaced by one without it: ${event.what}, ${event.transaction}; it is on its way again`;
    case 'included':
      return `done: ${event.what}${event.transaction === null ? '' : `, ${event.transaction}`}`;
    case 'not-sent':
      return `not done: ${event.what}: ${event.reason}`;
    case 'paid':
      return `paid out: ${tokens(BigInt(event.amount))} coins to ${event.account}`;
  }
}

function chainWords({ name, values, verdict, alarm }: Extract<ToldEvent, { event: 'chain' }>): string {
  const facts = Object.entries(values)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
  const judged = verdict === null ? 'never judged' : `judged as ${verdict}`;
  return `${name} (${facts})${alarm ? `: became final although it was ${judged}` : ''}`;
}

function offeredAgainWords({ what, why, price, nonce }: Extract<ToldEvent, { event: 'offered-again' }>): string {
  const words = { dropped: 'no node had it any more', stuck: 'nobody included it', underpriced: 'no node took it' };
  return `offered again: ${what} (nonce ${nonce}, ${formatUnits(price, 'gwei')} gwei): ${words[why]}`;
}

function alarmWords(event: AlarmEvent): string {
  const { proposalId, epoch, reason, left, when, places, differences, veto } = event;
  return [
    `proposal ${proposalId} of epoch ${epoch}: ${reason}; ${span(left)} left (told ${when})`,
    ...places.map(({ place, outcome, reason: said }) => `  ${place}: ${outcome}, ${said}`),
    ...(differences === null ? [] : differenceLines(differences, event)),
    ...(veto === null ? [] : vetoLines(veto)),
  ].join('\n');
}

function vetoLines({ command, to, data, safeFile }: ReadyVeto): string[] {
  return [
    `  veto: ${command} --rpc … --keystore … --password-file …`,
    `        or to ${to}`,
    `        data ${data}`,
    `        or the Safe file ${safeFile}`,
  ];
}

function demandedWords({ proposalId, epoch, leaves, deadline }: Extract<ToldEvent, { event: 'demanded' }>): string {
  const which = `${leaves.length === 1 ? 'leaf' : 'leaves'} ${leaves.slice(0, SHOWN).join(', ')}${leaves.length > SHOWN ? ', …' : ''}`;
  return `somebody demands ${which} of proposal ${proposalId} of epoch ${epoch}, which is what the ledger gives: it falls unless shown before ${moment(deadline)} (lode answer)`;
}

function differenceLines({ figures, grants, declaration }: LedgerDifferences, { tasks }: AlarmEvent): string[] {
  const lines = [
    ...figures.map(({ account, what, of, declared, recomputed }) => {
      const name = what === 'score' ? `score in ${tasks[of] ?? `task ${of}`}` : `accelerated of the cohort of ${of}`;
      return `  ${account}: ${name} ${declared}, the ledger gives ${recomputed}`;
    }),
    ...grants.map(
      ({ account, declared, recomputed }) =>
        `  ${account}: granted ${tokens(declared)}, by the ledger ${tokens(recomputed)}`,
    ),
    ...declaration.map(
      ({ figure, declared, recomputed }) => `  ${figure}: ${declared}, the ledger gives ${recomputed}`,
    ),
  ];
  const more = lines.length - SHOWN;
  return more > 0 ? [...lines.slice(0, SHOWN), `  and ${more} lines more: see --json`] : lines;
}

/** Seconds as people say them. */
function span(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
