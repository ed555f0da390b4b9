import { fileURLToPath } from 'node:url';

import type { Address } from '../../src/protocol/brands.ts';
import { advance, clockOf } from '../../src/settlement/economy.ts';
import { policyMeasures, policyRatings } from '../../src/settlement/policy/policy-at.ts';
import type { Policy } from '../../src/settlement/policy/policy.ts';
import { GENESIS } from '../../src/settlement/state.ts';
import type { Rows } from '../../src/simulation/split-account.ts';
import { splitAccount } from '../../src/simulation/split-account.ts';
import { inUnits } from '../../src/simulation/statistics.ts';
import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import { readLedger } from '../../src/store/read-ledger.ts';
import { markdownTable, percentage } from './markdown.ts';
import { presetOf } from './simulated.ts';

/** The ledgers that stand in `examples/`, and the variant whose policy says who can score. */
const LEDGERS = [
  {
    name: 'lingoai',
    rule: 'verified',
    folder: 'tldr',
    contributions: ['tldr-contributions.csv.gz'],
    usage: ['tldr-usage.csv.gz'],
    start: Date.UTC(2024, 0, 1) / 1000,
    epochs: 26,
    badge: 'verified',
  },
  {
    name: 'lingopod',
    rule: 'devices',
    folder: 'lingopod',
    contributions: ['voice-corpus', 'app-corpus', 'translation', 'model-tuning', 'model-deployment'].map(
      (of) => `${of}.csv`,
    ),
    usage: ['usage.csv'],
    accounts: ['accounts.csv'],
    start: Date.UTC(2026, 2, 1) / 1000,
    epochs: 60,
    badge: 'device',
  },
  {
    name: 'tnet',
    rule: 'registered',
    folder: 'tnet',
    contributions: ['contributions.csv'],
    accounts: ['accounts.csv'],
    start: Date.UTC(2018, 8, 1) / 1000,
    epochs: 48,
    badge: 'registered',
  },
  {
    name: 'langx',
    rule: 'verified',
    folder: 'langx',
    contributions: ['messages.csv', 'online.csv'],
    accounts: ['accounts.csv'],
    start: Date.UTC(2025, 0, 1) / 1000,
    epochs: 48,
    badge: 'verified',
  },
] as const;
type Given = (typeof LEDGERS)[number];

export const INTO = [2, 5, 10] as const;

/** Whom the table is about. */
export const PEOPLE = ['best paid', 'most capped', 'typical'] as const;
type Who = (typeof PEOPLE)[number];

/** What one person gets in all under several accounts, as a part of what the same work brings under one. */
export interface SplitRow {
  readonly preset: string;
  readonly who: Who;
  /** Under the preset's own policy; aligned to {@link INTO}. */
  readonly open: readonly number[];
  /** Under the policy of the variant with an eligibility rule. */
  readonly ruled: readonly number[];
  readonly rule: string;
}

/** Splits people of every example ledger, with and without the preset's rule, and settles every epoch. */
export async function splitRows(): Promise<readonly SplitRow[]> {
  const rows: SplitRow[] = [];
  for (const given of LEDGERS) {
    const open = await splitsOf(given, undefined);
    const ruled = await splitsOf(given, given.rule);
    for (const [who, paid] of open) {
      rows.push({ preset: given.name, who, open: paid, ruled: ruled.get(who) ?? [], rule: given.rule });
    }
  }
  return rows;
}

async function splitsOf(given: Given, variant: string | undefined): Promise<ReadonlyMap<Who, readonly number[]>> {
  const { parameters } = presetOf(given.name, variant, given.start);
  const ledger = await readRowsOf(given, parameters);
  const alone = await grantsOf(given, parameters, ledger);
  const copied = measuredMeasures(parameters.policy);
  const shares = new Map<Who, readonly number[]>();
  for (const [who, person] of peopleOf(given, parameters, ledger, alone)) {
    const before = alone.get(person) ?? 0n;
    const paid: number[] = [];
    for (const into of INTO) {
      const { own, ...split } = splitAccount(ledger, { person, into, copied });
      const grants = await grantsOf(given, parameters, split);
      const after = own.reduce((sum, account) => sum + (grants.get(account) ?? 0n), 0n);
      paid.push(inUnits((after * 10n ** 18n) / before));
    }
    shares.set(who, paid);
  }
  return shares;
}

/** Of those who hold the badge of the rule: who earned most, whose work the daily caps cut most, and the one in the middle. */
function peopleOf(
  given: Given,
  { policy, taskMap }: Parameters,
  { contributions, accounts }: Rows,
  alone: ReadonlyMap<Address, bigint>,
): ReadonlyMap<Who, Address> {
  const holders = new Set(accounts.filter(({ badge }) => badge === given.badge).map(({ account }) => account));
  const ranked = [...alone]
    .filter(([account, paid]) => holders.has(account) && paid > 0n)
    .sort(([one, a], [other, b]) => (a === b ? (one < other ? -1 : 1) : a < b ? 1 : -1))
    .map(([account]) => account);
  const days = new Map<
    string,
    { readonly account: Address; readonly task: string; readonly measure: string; units: bigint }
  >();
  for (const { account, time, task, measure, units } of contributions) {
    const key = [account, time - (time % 86_400), task, measure].join();
    const day = days.get(key) ?? { account, task, measure, units: 0n };
    day.units += units;
    days.set(key, day);
  }
  const cut = new Map<Address, bigint>();
  for (const { account, task, measure, units } of days.values()) {
    const rules = policy.segments[0]?.tasks.get(taskMap.get(task) ?? '');
    const { points = 0n, dailyCap = units } = rules?.measures.get(measure) ?? {};
    const most = rules?.dailyCap ?? units * points;
    const counted = (units < dailyCap ? units : dailyCap) * points;
    const lost = units * points - (counted < most ? counted : most);
    cut.set(account, (cut.get(account) ?? 0n) + lost);
  }
  const capped = ranked.reduce(
    (best, each) => ((cut.get(each) ?? 0n) > (cut.get(best) ?? 0n) ? each : best),
    ranked[0] ?? ('' as Address),
  ); // ranked is not empty
  const chosen: [Who, Address | undefined][] = [
    ['best paid', ranked[0]],
    ['most capped', (cut.get(capped) ?? 0n) > 0n ? capped : undefined],
    ['typical', ranked[ranked.length >> 1]],
  ];
  return new Map(chosen.flatMap(([who, person]) => (person === undefined ? [] : [[who, person] as const])));
}

type Parameters = ReturnType<typeof presetOf>['parameters'];

/** A ledger of `examples/`; where it names nobody's badges, everybody in it holds the one that the rule asks for. */
async function readRowsOf(given: Given, { policy, taskMap, economy }: Parameters): Promise<Rows> {
  const files = (names: readonly string[]) =>
    names.map((name) => ({ path: fileURLToPath(new URL(`../../examples/${given.folder}/${name}`, import.meta.url)) }));
  const end = given.start + given.epochs * economy.epochLength;
  const ledger = await readLedger(
    {
      contributions: files(given.contributions),
      usage: files('usage' in given ? given.usage : []),
      accounts: files('accounts' in given ? given.accounts : []),
    },
    { taskMap, measures: policyMeasures(policy), ratings: policyRatings(policy), range: { start: given.start, end } },
  );
  if ('accounts' in given) return ledger;
  const people = [...new Set(ledger.contributions.map(({ account }) => account))].sort();
  return { ...ledger, accounts: people.map((account) => ({ account, badge: given.badge, since: given.start - 1 })) };
}

/** What everybody is granted in all epochs together. */
async function grantsOf(given: Given, parameters: Parameters, ledger: Rows): Promise<ReadonlyMap<Address, bigint>> {
  const { economy, policy, tasks, taskMap } = parameters;
  const clock = clockOf(economy);
  const scored = await scoreEpochs({ ledger, policy, tasks, taskMap, clock, fromEpoch: 0, toEpoch: given.epochs });
  const sums = new Map<Address, bigint>();
  let state = GENESIS;
  for (const { scores, uses } of scored) {
    const { rows, next } = advance(economy, state, { scores, uses, price: 0n });
    for (const { account, grant } of rows) sums.set(account, (sums.get(account) ?? 0n) + grant);
    state = next;
  }
  return sums;
}

/** Measures that earn nothing and only multiply. */
function measuredMeasures({ segments }: Policy): ReadonlySet<string> {
  const rules = segments.flatMap(({ tasks }) => [...tasks.values()]);
  return new Set(rules.flatMap(({ multipliers }) => [...multipliers.measured.keys()]));
}

/** One row a person: what splitting pays under the preset, and under its variant with a rule. */
export function splitTable(rows: readonly SplitRow[]): string {
  return markdownTable(
    ['who splits', ...INTO.map((into) => `into ${into}`), 'under the rule', ...INTO.map((into) => `into ${into}`)],
    rows.map(({ preset, who, open, rule, ruled }) => [
      `${preset}, ${who}`,
      ...open.map((share) => percentage(share)),
      `\`${rule}\``,
      ...ruled.map((share) => percentage(share)),
    ]),
  );
}
