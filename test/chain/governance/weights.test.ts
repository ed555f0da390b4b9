import { expect } from 'chai';
import fc from 'fast-check';

import { newTable, taskNamed } from '../../../src/chain/governance/weights.ts';
import type { Wishes } from '../../../src/chain/governance/wishes.ts';
import { InputError } from '../../../src/protocol/errors.ts';
import { WAD } from '../../../src/protocol/fixed-point.ts';
import { runs, seed } from '../../support/effort.ts';

const KNOWN = new Map([
  [1, 'recording'],
  [2, 'translation'],
  [3, 'review'],
  [4, 'old task'],
]);
const percent = (weight: number) => (BigInt(weight) * WAD) / 100n;
const OLD = [40, 20, 40].map((weight, at) => ({ task: at + 1, weight: percent(weight) }));
const named = (name: string, weight: number) => ({ name, value: percent(weight) });

function weights(wishes: Wishes): readonly (readonly [number, bigint])[] {
  return newTable(OLD, KNOWN, wishes).rows.map(({ task, weight }) => [task, weight]);
}

function code(wishes: Wishes): string {
  try {
    newTable(OLD, KNOWN, wishes);
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
  return 'nothing failed';
}

describe('newTable', () => {
  it('lets tasks that are not named share the rest in their proportions', () => {
    expect(weights({ setWeight: [named('recording', 70)] })).to.deep.equal([
      [1, percent(70)],
      [2, percent(10)],
      [3, percent(20)],
    ]);
    expect(weights({ setWeight: [named('2', 35)] })).to.deep.equal([
      [1, (65n * WAD) / 200n],
      [2, percent(35)],
      [3, (65n * WAD) / 200n],
    ]);
  });

  it('gives what rounding leaves to the largest of them, and says so', () => {
    const third = { name: 'recording', value: WAD - 100n };
    const table = newTable(OLD, KNOWN, { setWeight: [third] });
    // 100 wei as 1 to 2: 33 and 66, and one is left.
    expect(table.rows.map(({ weight }) => weight)).to.deep.equal([WAD - 100n, 33n, 67n]);
    expect(table.remainder).to.deep.equal({ task: 3, wei: 1n });
  });

  it('adds a task under the next number, retires others, and takes in one that was added before', () => {
    const table = newTable(OLD, KNOWN, { addTask: [named('dictation', 10)], retireTask: ['translation'] });
    expect(table.added).to.deep.equal([{ task: 5, name: 'dictation' }]);
    expect(table.rows).to.deep.equal([1, 3, 5].map((task) => ({ task, weight: percent(task === 5 ? 10 : 45) })));
    expect(weights({ setWeight: [named('old task', 50)] })).to.deep.equal([
      [1, percent(20)],
      [2, percent(10)],
      [3, percent(20)],
      [4, percent(50)],
    ]);
  });

  it('refuses what cannot be meant', () => {
    const all = ['recording', 'translation', 'review'];
    expect(code({ setWeight: [named('typing', 10)] })).to.equal('TASK_UNKNOWN');
    expect(code({ setWeight: [named('review', 10), named('3', 20)] })).to.equal('TASK_TWICE');
    expect(code({ setWeight: [named('review', 10)], retireTask: ['review'] })).to.equal('TASK_TWICE');
    expect(code({ retireTask: ['old task'] })).to.equal('TASK_NOT_IN_TABLE');
    expect(code({ addTask: [named('review', 10)] })).to.equal('TASK_EXISTS');
    expect(code({ setWeight: all.map((name) => named(name, 34)) })).to.equal('WEIGHTS_OVER');
    expect(code({ setWeight: all.map((name) => named(name, 33)) })).to.equal('WEIGHTS_SHORT');
    expect(() => taskNamed(new Map([...KNOWN, [5, 'review']]), 'review'))
      .to.throw(InputError, /tasks 3 and 5/)
      .with.property('code', 'TASK_AMBIGUOUS');
  });

  it('always sums to exactly 1 and keeps the order of what was not named', () => {
    const table = fc.array(fc.bigInt(1n, WAD), { minLength: 2, maxLength: 16 });
    const given = fc.bigInt(0n, WAD - 1n);
    fc.assert(
      fc.property(table, given, (parts, value) => {
        const old = parts.map((weight, at) => ({ task: at + 1, weight }));
        const known = new Map(old.map(({ task }) => [task, `t${task}`]));
        const { rows } = newTable(old, known, { setWeight: [{ name: 't1', value }] });
        expect(rows.reduce((sum, { weight }) => sum + weight, 0n)).to.equal(WAD);
        expect(rows[0]).to.deep.equal({ task: 1, weight: value });
        for (const [a, one] of old.entries()) {
          for (const [b, other] of old.entries()) {
            if (a === 0 || b === 0 || one.weight <= other.weight) continue;
            expect(rows[a]!.weight >= rows[b]!.weight).to.equal(true);
          }
        }
      }),
      { seed: seed(), numRuns: runs(100, 5_000) },
    );
  });
});
