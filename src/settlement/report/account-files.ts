import type { EpochRecord } from '../../protocol/epoch-record.ts';
import type { ActiveRow, ActiveRows } from '../columns/active-rows.ts';
import type { EpochSettlement } from '../settle-epoch.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Json } from './canonical-json.ts';
import { canonicalJson } from './canonical-json.ts';
import { FORMATS } from './formats.ts';
import { accountsPath, shardRanges } from './prefix.ts';
import type { ReportFile } from './report-file.ts';

/**
 * So many accounts that did something stand in one file; of more, each file has those of one shard. A row takes 2.5 kB at most, and a reader
 * takes 64 MiB of a stranger.
 */
export const ACCOUNTS_IN_ONE = 16_384;

/** The file of all accounts that did something, where they are few enough for one. */
export const ACCOUNTS_FILE = 'accounts.json';

/**
 * The accounts that did something in an epoch, in one file, or in one for each shard, also where nobody of it did. Such a part says also what all
 * accounts before it came to, so that an account's audit follows from its part alone.
 */
export function* accountFiles({ record, rows, next }: EpochSettlement, bits: number): Generator<ReportFile> {
  const { epoch, tasks } = record;
  if (rows.length <= ACCOUNTS_IN_ONE) {
    const writer = new ByteWriter().text('{"accounts":[');
    writeRows(writer, rows, 0, rows.length);
    yield [
      ACCOUNTS_FILE,
      writer.text(`],${canonicalJson({ epoch, format: FORMATS.accounts, tasks }).slice(1)}\n`).take(),
    ];
    return;
  }
  const writer = new ByteWriter();
  const sums = new RunningSums(record);
  let first = 0;
  for (const { prefix, end: leavesEnd } of shardRanges(next.accounts, bits)) {
    let end = first;
    while (end < rows.length && rows.leafAt(end) < leavesEnd) end++;
    const tail = canonicalJson({ before: sums.json(), epoch, format: FORMATS.accountsPart, tasks });
    writer.text('{"accounts":[');
    writeRows(writer, rows, first, end, (row) => {
      sums.add(row);
    });
    yield [accountsPath(prefix, bits), writer.text(`],${tail.slice(1)}\n`).take()];
    first = end;
  }
}

function writeRows(
  writer: ByteWriter,
  rows: ActiveRows,
  first: number,
  end: number,
  see: (row: ActiveRow) => void = () => undefined,
): void {
  for (let index = first; index < end; index++) {
    const row = rows.at(index) as ActiveRow; // Callers stay below the length.
    writer.text(`${index > first ? ',' : ''}${rowText(row)}`);
    see(row);
  }
}

/** What the accounts so far came to, as the audit of a leaf has it. */
class RunningSums {
  readonly #minScores: readonly bigint[];
  readonly #scores: bigint[];
  readonly #participants: number[];
  #granted = 0n;
  #accelerated: bigint[] = [];

  constructor({ tasks, minScores }: EpochRecord) {
    this.#minScores = minScores;
    this.#scores = tasks.map(() => 0n);
    this.#participants = tasks.map(() => 0);
  }

  add({ scores, grant, accelerated }: ActiveRow): void {
    scores.forEach((score, i) => {
      if (score === 0n) return;
      this.#scores[i] = (this.#scores[i] ?? 0n) + score;
      if (score >= (this.#minScores[i] ?? 1n)) this.#participants[i] = (this.#participants[i] ?? 0) + 1;
    });
    this.#granted += grant;
    this.#accelerated = accelerated.map((amount, j) => amount + (this.#accelerated[j] ?? 0n));
  }

  json(): Json {
    const [scores, participants] = [[...this.#scores], [...this.#participants]];
    return { accelerated: this.#accelerated, granted: this.#granted, participants, scores };
  }
}

/** One row as canonical JSON has it, without the work of the generic writer. */
function rowText({ account, index, scores, grants, capped, grant, uses, accelerated }: ActiveRow): string {
  return (
    `{"accelerated":${amounts(accelerated)},"account":"${account}","capped":[${capped.join(',')}],"grant":"${grant}",` +
    `"grants":${amounts(grants)},"index":${index},"scores":${amounts(scores)},"uses":"${uses}"}`
  );
}

function amounts(list: readonly bigint[]): string {
  return list.length === 0 ? '[]' : `["${list.join('","')}"]`;
}
