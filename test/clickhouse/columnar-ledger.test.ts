import { expect } from 'chai';
import fc from 'fast-check';

import { scoresOf } from '../../src/settlement/columns/epoch-columns.ts';
import { parsePolicy } from '../../src/settlement/policy/parse-policy.ts';
import { policyAttributes, policyMeasures, policyRatings } from '../../src/settlement/policy/policy-at.ts';
import type { EpochScores } from '../../src/settlement/policy/score-steps.ts';
import { withDuckDB } from '../../src/store/duckdb-session.ts';
import { openLedger } from '../../src/store/open-ledger.ts';
import type { ScoringEngine } from '../../src/store/scoring-engine.ts';
import { isDeep, random, runs, seed } from '../support/effort.ts';
import { accountOf, at, DAY, TASK_MAP } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { OddRow } from '../store/columns/odd-ledger.ts';
import { cleanRow, FORBIDDEN, writeParquet } from '../store/columns/odd-ledger.ts';
import { randomClock } from '../store/scoring/random-ledger.ts';
import { BADGES, randomPolicy } from '../store/scoring/random-policy.ts';
import { realEngine } from './real-engine.ts';

const TASKS = [
  { id: 3, name: 'voice' },
  { id: 7, name: 'text', from: 1 },
];
const EPOCHS = 8;
const COLUMNS = ['id', 'account', 'time', 'task', 'units', 'measure', 'quality', 'language'];

describe('ClickHouse over a ledger of columns', function () {
  this.timeout(isDeep ? 0 : 120_000);
  const real = realEngine();
  const folder = temporaryFolder();

  it('DIFF-3: gives the scores, uses and reasons of DuckDB, for random rows and policies', async () => {
    const numbers = random('columns there');
    let scored = 0;
    await withDuckDB({}, async (connection) => {
      await fc.assert(
        fc.asyncProperty(randomPolicy, randomClock, fc.nat(EPOCHS - 1), async (written, clock, from) => {
          const policy = parsePolicy(written);
          const rows = Array.from({ length: 200 }, (_, index) => cleanRow(numbers, index));
          const uses = rows.filter((_, index) => index % 5 === 0);
          const held = BADGES.map((badge, index) => ({ account: accountOf(1 + index), badge, since: at(index * DAY) }));
          const write = async (name: string, list: readonly OddRow[], columns: readonly string[]) => {
            const path = folder.path(`${name}.parquet`);
            await writeParquet(connection, path, list, { columns });
            return [{ path }];
          };
          const paths = {
            contributions: await write('rows', rows, COLUMNS),
            usage: await write(
              'usage',
              uses.map(({ id, ...use }) => ({ ...use, contribution: id ?? null })),
              ['contribution', 'account', 'time'],
            ),
            accounts: await write('accounts', held, ['account', 'badge', 'since']),
          };
          const rules = {
            ...{ forbidden: new Set([FORBIDDEN]), taskMap: TASK_MAP, measures: policyMeasures(policy) },
            ...{ ratings: policyRatings(policy), attributes: policyAttributes(policy, clock) },
            range: { start: clock.start, end: clock.start + EPOCHS * clock.length },
          };
          const scores = async (engine?: ScoringEngine): Promise<EpochScores[]> => {
            const ledger = await openLedger(paths, {
              rules,
              scoring: { policy, tasks: TASKS, taskMap: TASK_MAP, clock, engine },
            });
            try {
              expect(ledger.whole).to.equal(null);
              const found: EpochScores[] = [];
              for await (const epoch of ledger.scores({ fromEpoch: from, toEpoch: EPOCHS }))
                found.push(scoresOf(epoch));
              return found;
            } finally {
              ledger.close();
            }
          };
          const found = await scores(real.engine());
          expect(found, 'DIFF-3').to.deep.equal(await scores());
          scored += found.reduce((sum, epoch) => sum + epoch.scores.length, 0);
        }),
        { seed: seed(), numRuns: runs(6, 400), endOnFailure: !isDeep },
      );
    });
    expect(scored).to.be.above(0);
    expect(real.sessions(), 'sessions left open').to.equal(0);
  });
});
