/**
 * `node --import tsx scripts/bench/scale/collect.ts --machine 'WORDS' FILE…`: takes what benches wrote with `--json` into
 * `snapshots/scale.json`, from which `npm run snapshots` writes the tables of `docs/scale.md`. A step that is in none of the files stays.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { ScaleFigures } from '../../snapshots/scale-page.ts';
import { withMeasured } from './with-measured.ts';

const { values, positionals } = parseArgs({ options: { machine: { type: 'string' } }, allowPositionals: true });
const path = 'snapshots/scale.json';
const before = JSON.parse(readFileSync(path, 'utf8')) as ScaleFigures;
const rows = positionals.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as unknown[]);
const after = withMeasured({ ...before, machine: values.machine ?? before.machine }, rows);
writeFileSync(path, `${JSON.stringify(after, null, 2)}\n`);
