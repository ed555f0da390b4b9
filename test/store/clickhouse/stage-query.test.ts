import { expect } from 'chai';
import fc from 'fast-check';

import { planOf } from '../../../src/settlement/policy/compile-plan.ts';
import { compilePolicy } from '../../../src/settlement/policy/compile-policy.ts';
import type { CompiledPolicy } from '../../../src/settlement/policy/compile-policy.ts';
import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';
import type { SqlDialect } from '../../../src/settlement/policy/sql.ts';
import { CLICKHOUSE, DUCKDB } from '../../../src/settlement/policy/sql.ts';
import { stageQuery } from '../../../src/store/clickhouse/stage-query.ts';
import { runs, seed } from '../../support/effort.ts';
import { DAY, policyOf, START } from '../../support/scoring.ts';
import { randomPolicy } from '../scoring/random-policy.ts';

type Policy = ReturnType<typeof parsePolicy>;

function compiledFor(policy: Policy, dialect: SqlDialect): CompiledPolicy {
  const taskNumbers = new Map([
    ['voice', 3],
    ['text', 7],
  ]);
  const range = { policy, fromEpoch: 2, toEpoch: 6, clock: { start: START, length: DAY }, taskNumbers };
  const numbers = (names: readonly string[]) => new Map(names.map((name, at) => [name, at]));
  return compilePolicy({
    ...{ ...range, plan: planOf(range), dialect },
    measureNumbers: numbers(['units', 'pages', 'minutes', 'words']),
    valueNumbers: numbers(['gold', 'poor', 'en', 'fr', 'law']),
  });
}

const queries = ({ scores, rows, days, totals }: CompiledPolicy) => {
  const all = { epochs: [2, 3], account: null };
  return [scores, rows(all), days(all), totals(all)];
};

/** A policy with everything in it, and rarity of so many attributes. */
function policyWith(attributes: number): Policy {
  const rare = { window: '3', reference: '0.5', most: '1.1', unseen: '1.05' };
  const scarcity = Object.fromEntries(Array.from({ length: attributes }, (_, at) => [`a${at}`, rare]));
  return policyOf({ multipliers: { scarcity, consistency: { epochs: '2', bonus: '0.1' } } });
}

describe('stageQuery', () => {
  it('writes each step once: as a table where it is named more often, else where it is named; and none that nothing leads to', () => {
    fc.assert(
      fc.property(randomPolicy, (written) => {
        const made = new Set<string>();
        for (const query of queries(compiledFor(parsePolicy(written), CLICKHOUSE))) {
          const bodies = new Map(query.steps);
          const { tables, select } = stageQuery(query, made);
          const texts = [...tables.map((table) => table.select), select];
          for (const { name } of tables) {
            expect(made.has(name), `${name} is made twice`).to.equal(false);
            const readers = texts.filter((text) => new RegExp(`\\b(?:FROM|JOIN)\\s+${name}\\b`).test(text));
            expect(readers, `${name} is read by nobody`).to.have.length.greaterThan(0);
            made.add(name);
          }
          for (const text of texts) {
            // Whatever is still named is a table, of the ledger or made before.
            for (const [, name = ''] of text.matchAll(/\b(?:FROM|JOIN)\s+(\w+)\b(?!\()/g)) {
              expect(!bodies.has(name) || made.has(name), `${name} is neither a table nor written out`).to.equal(true);
            }
          }
          // The ledger's rows are gone through once, whatever the policy has.
          const scans = texts.join('\n').match(/FROM contributions\b/g) ?? [];
          expect(scans.length).to.be.at.most(1);
        }
      }),
      { seed: seed(), numRuns: runs(60, 2_000) },
    );
  });

  it('makes a text that grows with the policy, not with its square', () => {
    const length = (attributes: number) => {
      const { tables, select } = stageQuery(compiledFor(policyWith(attributes), CLICKHOUSE).scores);
      return tables.reduce((sum, table) => sum + table.select.length, select.length);
    };
    const [two, four, eight] = [length(2), length(4), length(8)];
    expect(eight - four).to.be.lessThan(2.5 * (four - two));
  });
});

describe('the dialects', () => {
  it('name the same steps and columns, and differ only where an engine does', () => {
    fc.assert(
      fc.property(randomPolicy, (written) => {
        const [there, here] = [CLICKHOUSE, DUCKDB].map((dialect) =>
          queries(compiledFor(parsePolicy(written), dialect)),
        );
        there!.forEach((query, at) => {
          expect(query.columns).to.deep.equal(here![at]?.columns);
          expect(query.steps.map(([name]) => name)).to.deep.equal(here![at]?.steps.map(([name]) => name));
          const text = [query.select, ...query.steps.map(([, sql]) => sql)].join('\n');
          expect(text).not.to.match(/HUGEINT|\/\/|\(VALUES|count\(\*\)|\bUNION (?!ALL|DISTINCT)|[0-9]\.[0-9]/);
          // A bare number from 2^64 on would be read as a float.
          for (const [digits] of text.replaceAll(/'-?[0-9]+'/g, '').matchAll(/[0-9]+/g)) {
            expect(BigInt(digits) < 1n << 63n, digits).to.equal(true);
          }
        });
      }),
      { seed: seed(), numRuns: runs(60, 2_000) },
    );
  });
});
