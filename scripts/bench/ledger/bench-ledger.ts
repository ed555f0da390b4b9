import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { withDuckDB } from '../../../src/store/duckdb-session.ts';
import { ifThere } from '../../../src/store/if-there.ts';

/** How large a ledger is made. Every account has at least one row, so there are no fewer rows than accounts. */
export interface LedgerSize {
  readonly rows: number;
  readonly accounts: number;
}

/** A ledger of one epoch: the Parquet file of its contributions, when epoch 0 begins, and the preset that it is settled by. */
export interface BenchLedger {
  readonly contributions: string;
  /** Unix seconds. */
  readonly from: number;
  readonly preset: string;
}

/** 2026-01-05T00:00:00Z, a Monday. */
const FROM = 1_767_571_200;
const WEEK = 604_800;

/** Another number for other rows: what was made before is then made anew. */
const VERSION = 1;

/**
 * A week of LingoAI's work, the same rows for the same size with the same engine: made once by the engine itself, and kept in
 * the system's temporary folder.
 *
 * Rows stand in the order of their times, as in an export. A row's account is drawn with the square of a chance, so that a few do
 * much and many do little; tasks, languages, domains, ratings and units are drawn likewise.
 *
 * @throws {RangeError} when there are more accounts than rows
 */
export async function benchLedger({ rows, accounts }: LedgerSize): Promise<BenchLedger> {
  if (!(accounts >= 1 && rows >= accounts)) throw new RangeError('a ledger has at least one row for each account');
  const folder = join(tmpdir(), 'lode-bench-ledgers');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `week-${VERSION}-${rows}-${accounts}.parquet`);
  if ((await ifThere(stat(path))) === null) await writeLedger(path, { rows, accounts });
  const preset = fileURLToPath(new URL('../../../presets/lingoai/preset.jsonc', import.meta.url));
  return { contributions: path, from: FROM, preset };
}

async function writeLedger(path: string, size: LedgerSize): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  try {
    await withDuckDB({}, async (connection) => {
      await connection.run(`COPY (${rowsOf(size)}) TO '${unfinished.replaceAll("'", "''")}' (FORMAT parquet)`);
    });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Whole numbers only, so that no rounding of an engine's decides on a row. */
function rowsOf({ rows, accounts }: LedgerSize): string {
  const draw = (from: number, below: number) => `((h >> ${from}) & 4095) * ${below} // 4096`;
  const list = (names: readonly string[]) => `[${names.map((name) => `'${name}'`).join(', ')}]`;
  const tasks = ['corpus', 'curation', 'translation', 'proofreading', 'validation'];
  // Named more often: drawn more often.
  const languages = [...'en en en en fr fr de de es es pt_BR zh ja ru it pl hi ar ko sw'.split(' ')];
  const domains = ['science', 'science', 'technology', 'culture', 'news', 'health', 'law', 'finance', 'other'];
  const ratings = ['good', 'good', 'good', 'fair', 'fair', 'excellent', 'poor', 'rejected'];
  const every = Math.floor(rows / accounts);
  // One row of each account, spread over the week, and the others by the square of a chance of 31 bits.
  const account = `CASE WHEN i % ${every} = 0 AND i // ${every} < ${accounts} THEN i // ${every}
    ELSE (g * g // 2147483648) * ${accounts} // 2147483648 END`;
  const drawn = `SELECT i, CAST(hash(i) & 9223372036854775807 AS BIGINT) AS h,
    CAST(hash(i + 7) & 2147483647 AS BIGINT) AS g FROM range(${rows}) AS numbered(i)`;
  return `SELECT printf('w%010d', i) AS id,
    '0x' || md5(concat('account ', who)) || printf('%08x', who) AS account,
    make_timestamp((${FROM} + i * ${WEEK} // ${rows}) * 1000000) AS time,
    ${list(tasks)}[1 + ${draw(0, tasks.length)}] AS task,
    1 + (${draw(12, 200)}) * (${draw(12, 200)}) // 400 AS units,
    ${list(languages)}[1 + ${draw(24, languages.length)}] AS language,
    ${list(domains)}[1 + ${draw(36, domains.length)}] AS domain,
    ${list(ratings)}[1 + ${draw(48, ratings.length)}] AS quality
    FROM (SELECT i, h, ${account} AS who FROM (${drawn}) AS drawn) AS placed`;
}
