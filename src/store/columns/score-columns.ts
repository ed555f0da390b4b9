import type { DuckDBValue } from '@duckdb/node-api';

import type { Address } from '../../protocol/brands.ts';
import { InvariantError } from '../../protocol/errors.ts';
import { addressAt, KEY } from '../../settlement/columns/account-keys.ts';
import { AmountColumn } from '../../settlement/columns/amount-column.ts';
import type { EpochColumns } from '../../settlement/columns/epoch-columns.ts';
import type { CompiledPolicy } from '../../settlement/policy/compile-policy.ts';
import { accountFacts } from '../../settlement/policy/eligibility.ts';
import type { AccountFacts } from '../../settlement/policy/eligibility.ts';
import type { IneligibleReason } from '../../settlement/policy/score-steps.ts';
import { asOneStatement, DUCKDB } from '../../settlement/policy/sql.ts';
import { MAX_SCORE, refusals, usesQuery } from '../duckdb-scoring.ts';
import { whole } from '../duckdb-session.ts';
import { EMBEDDED } from '../scoring-engine.ts';
import { input } from '../scoring-tables.ts';
import { columnTables } from './column-tables.ts';
import type { ColumnScoring } from './column-tables.ts';
import { bigIntegers, exactChunks, integers, wide } from './read-chunks.ts';
import { numberOf } from './read-ledger-columns.ts';
import type { ColumnLedger } from './read-ledger-columns.ts';

/**
 * Scores a range of epochs of a ledger of columns, one epoch after the other, as columns: the same scores, uses and reasons as `scoreEpochs`
 * finds in the same ledger of objects.
 *
 * @throws {InputError} what `scoreEpochs` throws; `SCORE_TOO_LARGE` when the epoch's turn comes
 */
export async function* scoreColumns(options: ColumnScoring): AsyncGenerator<EpochColumns> {
  const { ledger, fromEpoch, toEpoch, tasks } = options;
  const compiled = await columnTables(options);
  const facts = await factsOf(options);
  const refusalOf = refusals(options, () => facts);
  const uses = await readUses(options);
  const joined = new Map(tasks.map(({ id, from = 0 }) => [id, from]));
  let epoch = fromEpoch;
  const begin = (which: number) => new Building(which, which - fromEpoch, ledger, uses);
  let building = begin(epoch);
  const isAsked = options.policy.segments.some(
    ({ from, until, eligibility }) => eligibility !== undefined && from < toEpoch && until > fromEpoch,
  );
  let [judged, reason] = [-1, null as IneligibleReason | null];
  for await (const { epochs, accounts, tasks: numbers, scores } of scoredRows(options, compiled)) {
    for (let i = 0; i < epochs.length; i++) {
      const [at, account, task] = [fromEpoch + (epochs[i] as number), accounts[i] as number, numbers[i] as number]; // one of each in every row
      for (; epoch < at; building = begin(epoch)) {
        yield building.finish();
        epoch++;
        judged = -1;
      }
      if (epoch < (joined.get(task) ?? 0)) continue;
      if (isAsked && account !== judged) [judged, reason] = [account, refusalOf(epoch, building.address(account))];
      if (reason !== null) {
        building.refuse(account, reason);
        continue;
      }
      const [low, high] = [scores[2 * i] as bigint, scores[2 * i + 1] as bigint]; // two words of each
      if (high > HIGHEST) {
        const words = 'a score is not below 2^96: the policy gives more points than a settlement can hold';
        throw input('SCORE_TOO_LARGE', words, {
          ...{ epoch, account: addressAt(ledger.accounts, account), task, score: (high << 64n) | low },
        });
      }
      building.score(account, task, low, high);
    }
  }
  for (; epoch < toEpoch; building = begin(epoch)) {
    yield building.finish();
    epoch++;
  }
}

const HIGHEST = MAX_SCORE >> 64n;

/** Scores in their order, the epochs counted from the first of the range. */
interface ScoredRows {
  readonly epochs: Int32Array;
  readonly accounts: Int32Array;
  readonly tasks: Int32Array;
  /** Two words of each. */
  readonly scores: BigUint64Array;
}

/** What the compiled policy gives: some thousand scores at a time by the embedded engine, all at once by another. */
async function* scoredRows(options: ColumnScoring, { scores }: CompiledPolicy): AsyncGenerator<ScoredRows> {
  const { ledger, fromEpoch, engine = EMBEDDED } = options;
  if (engine !== EMBEDDED) {
    const rows = await engine.withQueries(ledger.connection, async (run) => await run(scores));
    yield packed(rows, options);
    return;
  }
  const sql = `SELECT CAST(epoch - ${fromEpoch} AS INTEGER) AS nth, CAST(account AS INTEGER) AS account, CAST(task AS INTEGER) AS task, score
    FROM (${asOneStatement(scores)}) AS scored ORDER BY nth, account, task`;
  for await (const chunk of exactChunks(ledger.connection, sql)) {
    yield {
      epochs: integers(chunk, 0),
      accounts: integers(chunk, 1),
      tasks: integers(chunk, 2),
      scores: wide(chunk, 3),
    };
  }
}

/** @throws {InvariantError} `SQL_INDEX` when a row names an epoch or account that nobody asked for */
function packed(rows: readonly DuckDBValue[][], { ledger, fromEpoch, toEpoch }: ColumnScoring): ScoredRows {
  const below = (value: DuckDBValue | undefined, end: number): number => {
    const number = whole(value);
    if (number >= 0n && number < BigInt(end)) return Number(number);
    throw new InvariantError({ code: 'SQL_INDEX', shortMessage: 'a result names something that is not in the ledger' });
  };
  const scores = new BigUint64Array(2 * rows.length);
  rows.forEach(([, , , score], i) => {
    scores[2 * i] = whole(score); // the lower 64 bits of it
    scores[2 * i + 1] = whole(score) >> 64n;
  });
  return {
    epochs: Int32Array.from(rows, ([epoch]) => below(whole(epoch) - BigInt(fromEpoch), toEpoch - fromEpoch)),
    accounts: Int32Array.from(rows, ([, account]) => below(account, ledger.accounts.length / KEY)), // integer: whole keys
    tasks: Int32Array.from(rows, ([, , task]) => Number(whole(task))),
    scores,
  };
}

/** Uses by epoch, counted from the first of the range, then by account's number. */
interface Uses {
  readonly epochs: Int32Array;
  readonly accounts: Int32Array;
  readonly counts: BigInt64Array;
}

async function readUses(options: ColumnScoring): Promise<Uses> {
  const parts: Uses[] = [];
  const sql = `SELECT CAST(epoch - ${options.fromEpoch} AS INTEGER) AS nth, account, uses FROM (${asOneStatement(usesQuery(options, DUCKDB))}) AS counted
    ORDER BY nth, account`;
  for await (const chunk of exactChunks(options.ledger.connection, sql)) {
    const counts = bigIntegers(chunk, 2).slice();
    parts.push({ epochs: integers(chunk, 0).slice(), accounts: integers(chunk, 1).slice(), counts });
  }
  const length = parts.reduce((total, { epochs }) => total + epochs.length, 0);
  const all = { epochs: new Int32Array(length), accounts: new Int32Array(length), counts: new BigInt64Array(length) };
  let at = 0;
  for (const { epochs, accounts, counts } of parts) {
    all.epochs.set(epochs, at);
    all.accounts.set(accounts, at);
    all.counts.set(counts, at);
    at += epochs.length;
  }
  return all;
}

/** What is known of the accounts where the policy asks who can score: their first rows by SQL, the badges from the accounts' files. */
async function factsOf({ ledger, policy, clock, fromEpoch, toEpoch }: ColumnScoring): Promise<AccountFacts> {
  const { connection, accounts, judged } = ledger;
  const facts = accountFacts({ contributions: [], accounts: judged.accounts }, clock.start);
  const isAsked = policy.segments.some(
    ({ from, until, eligibility }) => eligibility?.age !== undefined && from < toEpoch && until > fromEpoch,
  );
  if (!isAsked) return facts;
  const first = new Float64Array(accounts.length / KEY).fill(Infinity); // integer: whole keys; seconds before the year 10000
  const sql = `SELECT account, min(time) AS time FROM sieved WHERE time >= ${clock.start} GROUP BY account`;
  for await (const chunk of exactChunks(connection, sql)) {
    const [numbers, times] = [integers(chunk, 0), bigIntegers(chunk, 1)];
    numbers.forEach((number, i) => (first[number] = Number(times[i])));
  }
  const firstSeen = (account: Address): number | undefined => {
    const time = Math.min(facts.firstSeen(account) ?? Infinity, first[numberOf(accounts, account)] ?? Infinity);
    return time === Infinity ? undefined : time;
  };
  return { ...facts, firstSeen };
}

/** The columns of an epoch while they grow, by rising account. */
class Building {
  readonly #epoch: number;
  readonly #at: number;
  readonly #keys: Uint8Array;
  readonly #uses: Uses;
  readonly #columns = new Map<number, AmountColumn>();
  readonly #ineligible: { account: Address; reason: IneligibleReason }[] = [];
  #capacity: number;
  #accounts: Int32Array;
  #counts: BigUint64Array;
  #count = 0;
  #last = -1;
  #nextUse: number;

  constructor(epoch: number, at: number, { accounts }: ColumnLedger, uses: Uses) {
    this.#epoch = epoch;
    this.#at = at;
    this.#keys = accounts;
    this.#uses = uses;
    this.#nextUse = firstOf(uses.epochs, at);
    this.#capacity = Math.min(accounts.length / KEY, 1024); // integer: whole keys
    this.#accounts = new Int32Array(this.#capacity);
    this.#counts = new BigUint64Array(this.#capacity);
  }

  address(account: number): Address {
    return addressAt(this.#keys, account);
  }

  refuse(account: number, reason: IneligibleReason): void {
    const address = this.address(account);
    if (this.#ineligible.at(-1)?.account !== address) this.#ineligible.push({ account: address, reason });
  }

  /** Accounts come in rising order, and each task of an account once. */
  score(account: number, task: number, low: bigint, high: bigint): void {
    if (account !== this.#last) {
      this.#passUses(account);
      if (this.#last !== account) this.#add(account, 0n);
    }
    let column = this.#columns.get(task);
    if (column === undefined) this.#columns.set(task, (column = new AmountColumn(this.#capacity)));
    column.words[2 * this.#count - 2] = low;
    column.words[2 * this.#count - 1] = high;
  }

  finish(): EpochColumns {
    this.#passUses(Infinity);
    const count = this.#count;
    const accounts = new Uint8Array(count * KEY);
    for (let i = 0; i < count; i++) {
      const at = (this.#accounts[i] as number) * KEY; // one of the first `count`
      accounts.set(this.#keys.subarray(at, at + KEY), i * KEY);
    }
    const columns = [...this.#columns].sort(([a], [b]) => a - b);
    return {
      epoch: this.#epoch,
      accounts,
      tasks: columns.map(([task]) => task),
      scores: columns.map(([, column]) => column.head(count)),
      uses: this.#counts.subarray(0, count),
      ineligible: this.#ineligible,
    };
  }

  /** Adds the accounts that were used, up to and with `account`. */
  #passUses(account: number): void {
    const { epochs, accounts, counts } = this.#uses;
    for (; this.#nextUse < epochs.length && epochs[this.#nextUse] === this.#at; this.#nextUse++) {
      const used = accounts[this.#nextUse] as number; // as long as the epochs
      if (used > account) return;
      this.#add(used, counts[this.#nextUse] as bigint); // as above
    }
  }

  #add(account: number, uses: bigint): void {
    if (this.#count === this.#capacity) this.#grow();
    this.#accounts[this.#count] = account;
    this.#counts[this.#count] = uses;
    this.#last = account;
    this.#count++;
  }

  #grow(): void {
    const capacity = Math.min(2 * this.#capacity, this.#keys.length / KEY); // integer: whole keys
    const accounts = new Int32Array(capacity);
    accounts.set(this.#accounts);
    const counts = new BigUint64Array(capacity);
    counts.set(this.#counts);
    for (const [task, column] of this.#columns) {
      const larger = new AmountColumn(capacity);
      larger.copy(column, 0, 0, column.length);
      this.#columns.set(task, larger);
    }
    [this.#capacity, this.#accounts, this.#counts] = [capacity, accounts, counts];
  }
}

/** The first position from which rising numbers are not below one. */
function firstOf(numbers: Int32Array, value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) < value)
      low = middle + 1; // within
    else high = middle;
  }
  return low;
}
