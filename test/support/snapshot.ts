import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { AssertionError } from 'chai';

/** Figures by name, as they stand in a file of `snapshots/`. */
type Figures = Record<string, string>;

const isWriting = process.env['LODE_SNAPSHOT'] === 'write';
const ADVICE = 'if that is meant, run `npm run snapshots` and commit what it writes';

/** The figures of a file of `snapshots/`; none if there is no such file. */
export function readFigures(file: string, folder = 'snapshots'): Figures {
  const path = join(folder, `${file}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Figures) : {};
}

function writeFigures(path: string, figures: Figures): void {
  const sorted = Object.entries(figures).sort(([a], [b]) => (a < b ? -1 : 1));
  write(path, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/**
 * Holds a figure, say the gas of a claim, against the one committed in `snapshots/<file>.json`, so that a change of it is
 * seen in review. With `LODE_SNAPSHOT=write` in the environment it is written there instead.
 *
 * @example
 * matchSnapshot('gas', 'claim, first, 1,000 leaves', receipt.gasUsed);
 */
export function matchSnapshot(file: string, name: string, value: bigint | number | string, folder = 'snapshots'): void {
  const path = join(folder, `${file}.json`);
  const figures = readFigures(file, folder);
  const actual = String(value);
  const expected = figures[name];
  if (actual === expected) return;
  if (!isWriting) {
    const before = expected === undefined ? 'but is not there yet' : `was ${expected}`;
    throw new AssertionError(`${path}: '${name}' is ${actual}, ${before}; ${ADVICE}`, {
      actual,
      expected,
      showDiff: true,
    });
  }
  writeFigures(path, { ...figures, [name]: actual });
}

/** Holds all figures of a file against those committed, as {@link matchSnapshot} does: none may be missing or left over. */
export function matchSnapshots(file: string, actual: Figures, folder = 'snapshots'): void {
  const path = join(folder, `${file}.json`);
  const expected = readFigures(file, folder);
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  const different = names.filter((name) => expected[name] !== actual[name]);
  if (different.length === 0) return;
  if (isWriting) {
    writeFigures(path, actual);
    return;
  }
  const differences = different.map(
    (name) => `'${name}': ${expected[name] ?? 'nothing'} → ${actual[name] ?? 'nothing'}`,
  );
  throw new AssertionError(`${path} differs; ${ADVICE}\n  ${differences.join('\n  ')}`);
}

/** Holds a generated page against the committed one, or writes it, as {@link matchSnapshot} does. */
export function matchPage(path: string, text: string): void {
  const committed = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (committed === text) return;
  if (isWriting) write(path, text);
  else throw new AssertionError(`${path} differs; ${ADVICE}`, { actual: text, expected: committed, showDiff: true });
}
