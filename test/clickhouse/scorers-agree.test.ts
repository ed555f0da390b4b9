import { expect } from 'chai';
import fc from 'fast-check';

import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import { explainEpochs } from '../../src/store/explain-scores.ts';
import { isDeep, runs, seed } from '../support/effort.ts';
import { plainScorer } from '../support/plain-scorer/plain-scorer.ts';
import { engineOptions, EPOCHS, expectSame, expectSameSteps, randomCases } from '../store/scoring/agreement.ts';
import { Coverage } from '../store/scoring/coverage.ts';
import { LANGX_EXAMPLES } from '../store/scoring/langx-examples.ts';
import { WORKED_EXAMPLES } from '../store/scoring/worked-examples.ts';
import { realEngine } from './real-engine.ts';

/** What a server's own profile may say; each of these would change results or cut them off, were it not for our settings. */
const HOSTILE = {
  ...{
    join_use_nulls: '0',
    prefer_column_name_to_alias: '0',
    use_variant_as_common_type: '1',
    extremes: '1',
    limit: '1',
  },
  ...{ offset: '1', join_default_strictness: 'ANY', any_join_distinct_right_table_keys: '1', transform_null_in: '1' },
  ...{ data_type_default_nullable: '1', cast_keep_nullable: '1', aggregate_functions_null_for_empty: '1', final: '1' },
  ...{ union_default_mode: 'ALL', group_by_use_nulls: '1', enable_analyzer: '0', compatibility: '20.3' },
  ...{ additional_result_filter: 'task != 3', use_query_cache: '1', query_cache_min_query_duration: '0' },
  ...{ async_insert: '1', wait_for_async_insert: '0', async_insert_busy_timeout_max_ms: '60000' },
  ...{ output_format_tsv_crlf_end_of_line: '1', format_tsv_null_representation: '0' },
};

describe('ClickHouse', function () {
  this.timeout(isDeep ? 0 : 120_000);
  const real = realEngine();

  for (const { name, scoring, epoch, scores, ineligible = [] } of [...LANGX_EXAMPLES, ...WORKED_EXAMPLES]) {
    it(name, async () => {
      const options = { ...engineOptions(scoring), fromEpoch: epoch, toEpoch: epoch + 1, engine: real.engine() };
      const [found] = await scoreEpochs(options);
      const byAccount = [...scores].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(found?.scores.map(({ account, task, score }) => [account, task, score])).to.deep.equal(byAccount);
      expect(found?.ineligible.map(({ account, reason }) => [account, reason])).to.deep.equal(ineligible);
    });
  }

  const coverage = new Coverage();

  it('DIFF-3: gives the scores, uses, reasons and steps of DuckDB and of the plain scorer to the unit, for random policies and ledgers', async () => {
    await fc.assert(
      fc.asyncProperty(randomCases, async ({ scoring, from, length, who }) => {
        const scorer = plainScorer(scoring);
        const plain = Array.from({ length: EPOCHS }, (_, epoch) => scorer.epoch(epoch));
        const engine = real.engine({ onDiskFrom: who === 1 ? 0 : 1 << 20 });
        const whole = { ...engineOptions(scoring), fromEpoch: 0, toEpoch: EPOCHS };
        const found = await scoreEpochs({ ...whole, engine });
        expectSame(found, plain, 'DIFF-3: ClickHouse against the plain scorer');
        expectSame(found, await scoreEpochs(whole), 'DIFF-3: ClickHouse against DuckDB');
        const part = { ...whole, fromEpoch: from, toEpoch: Math.min(from + length, EPOCHS) };
        expectSame(await scoreEpochs({ ...part, engine }), plain.slice(from, part.toEpoch), 'DIFF-1: other epochs');
        await expectSameSteps(scoring, scorer, { who, epoch: from, engine });
        expect(await explainEpochs({ ...part, engine }), 'DIFF-3').to.deep.equal(await explainEpochs(part));
        for (const epoch of plain) coverage.see(scoring, scorer, epoch);
      }),
      { seed: seed(), numRuns: runs(4, 1_000), endOnFailure: !isDeep },
    );
    expect(real.sessions(), 'sessions left open').to.equal(0);
    // A few cases cannot meet every rule; the examples above have each.
    if (isDeep) expect(coverage.below(20), JSON.stringify(coverage.counts)).to.deep.equal([]);
  });
});

describe('ClickHouse under a profile that means ill', function () {
  this.timeout(isDeep ? 0 : 120_000);
  const hostile = realEngine({ profile: HOSTILE });

  it('DIFF-3: gives the same all the same', async () => {
    await fc.assert(
      fc.asyncProperty(randomCases, async ({ scoring }) => {
        const whole = { ...engineOptions(scoring), fromEpoch: 0, toEpoch: EPOCHS };
        const found = await scoreEpochs({ ...whole, engine: hostile.engine() });
        expectSame(found, await scoreEpochs(whole), 'DIFF-3');
      }),
      { seed: seed() + 1, numRuns: runs(2, 200), endOnFailure: !isDeep },
    );
  });
});
