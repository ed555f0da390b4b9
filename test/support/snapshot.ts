import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { AssertionError } from 'chai';

/** Figures by name, as they stand in a file of `snapshots/`. */
type Figures = Record<string, string>;

const isWriting = process.env['LODE_SNAPSHOT'] === 'write';

function readFigures(path: string): Figures {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Figures) : {};
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
  const figures = readFigures(path);
  const actual = String(value);
  const expected = figures[name];
  if (actual === expected) return;
  if (!isWriting) {
    throw new AssertionError(
      `${path}: '${name}' is ${actual}, ${expected === undefined ? 'but is not there yet' : `was ${expected}`}; ` +
        'if that is meant, run the test with LODE_SNAPSHOT=write and commit the file',
      { actual, expected, showDiff: true },
    );
  }
  const sorted = Object.entries({ ...figures, [name]: actual }).sort(([a], [b]) => (a < b ? -1 : 1));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}
