import { expect } from 'chai';

import { readCounts, runSteps, totals, type Step, type StepResult } from '../../../scripts/tasks/steps.ts';

function result(ok: boolean, counts?: { passed: number; failed: number }): StepResult {
  return { name: 'step', ok, skipped: false, start: 0, milliseconds: 0, ...(counts ? { counts } : {}) };
}

describe('steps', () => {
  it('of lanes run beside each other, and what needs one that failed is left out, in whichever lane', async () => {
    const order: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const step = (name: string, ok: boolean, needs: readonly string[], act?: () => Promise<void>): Step => ({
      name,
      needs,
      run: async () => {
        await act?.();
        order.push(name);
        return { ok };
      },
    });
    const results = await runSteps([
      [
        // The first waits for the second lane: one after the other they would never end.
        [step('slow', true, [], async () => await held), step('after slow', true, [])],
        [
          step('quick', false, [], () => {
            release();
            return Promise.resolve();
          }),
        ],
      ],
      step('last', true, ['quick']),
    ]);
    expect(order).to.deep.equal(['quick', 'slow', 'after slow']);
    expect(results.map(({ name, ok, skipped }) => [name, ok, skipped])).to.deep.equal([
      ['slow', true, false],
      ['after slow', true, false],
      ['quick', false, false],
      ['last', false, true],
    ]);
  });
});

describe('totals of a test run', () => {
  it('adds up what the runners counted', () => {
    expect(
      totals([result(true), result(true, { passed: 3, failed: 0 }), result(true, { passed: 4, failed: 0 })]),
    ).to.deep.equal({ passed: 7, failed: 0 });
  });

  it('never says 0 failed of a run that failed', () => {
    expect(totals([result(false)])).to.deep.equal({ passed: 0, failed: 1 });
    expect(totals([result(false, { passed: 3, failed: 0 })])).to.deep.equal({ passed: 3, failed: 1 });
    expect(totals([result(false, { passed: 3, failed: 2 }), result(false)])).to.deep.equal({ passed: 3, failed: 3 });
  });

  it('takes a program that died without counts for a failure', () => {
    expect(readCounts('test/no-such-file.json')).to.equal(undefined);
  });
});
