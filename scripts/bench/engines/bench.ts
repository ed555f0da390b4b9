/**
 * `npm run bench -- engines [--rows 100000,1000000] [--engine clickhouse:http://…] [--threads 2] [--json FILE]`: DuckDB within the process
 * beside a ClickHouse, by the same policies on the same rows. Without `--engine` it is the one of `npm run clickhouse:install`.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { table } from '../../../src/cli/output/table.ts';
import { grouped } from '../../../src/protocol/tokens.ts';
import { engineOf, parseEngine } from '../../../src/store/engine-setting.ts';
import { EMBEDDED } from '../../../src/store/scoring-engine.ts';
import { startBridge } from '../../../test/support/clickhouse/bridge.ts';
import { engineFolder, isEngineInstalled } from '../../clickhouse/engine-folder.ts';
import { enginesBench } from './engines-bench.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000,1000000' },
    engine: { type: 'string' },
    threads: { type: 'string', default: `${availableParallelism()}` },
    json: { type: 'string' },
  },
});
const sizes = values.rows.split(',').map(Number);
if (!sizes.every((size) => Number.isInteger(size) && size >= 10 && size < 1 << 26)) {
  throw new Error('usage: npm run bench -- engines [--rows N,…, from 10] [--engine clickhouse:ADDRESS] [--json FILE]');
}
if (values.engine === undefined && !isEngineInstalled()) {
  throw new Error('no ClickHouse is here: name one with --engine, or install one with npm run clickhouse:install');
}

const bridge = values.engine === undefined ? await startBridge({ folder: engineFolder() }) : null;
try {
  const clickHouse = await engineOf(parseEngine(values.engine ?? `clickhouse:${bridge?.url ?? ''}`));
  const engines = [
    { name: 'DuckDB', engine: EMBEDDED },
    { name: 'ClickHouse', engine: clickHouse },
  ];
  const tell = (what: string): void => console.error(`measuring ${what}`);
  const rows = await enginesBench({ sizes, engines, threads: Number(values.threads), tell });
  const right = (...titles: string[]) => titles.map((title) => ({ title, align: 'right' as const }));
  console.log(`\n${values.threads} threads; tables to the engine, policy, scores back\n`);
  console.log(
    table(
      [{ title: 'policy' }, { title: 'engine' }, ...right('rows', 'scores', 'seconds', 'rows/s', '× time')],
      rows.map((row) => [
        row.policy,
        row.engine,
        grouped(row.rows),
        grouped(row.scores),
        (row.milliseconds / 1000).toFixed(2),
        grouped(Math.round(row.rowsPerSecond)),
        row.times.toFixed(2),
      ]),
    ),
  );
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
} finally {
  await bridge?.close();
}
