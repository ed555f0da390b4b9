import { expect } from 'chai';

import { readCounts, totals, type StepResult } from '../../../scripts/tasks/steps.ts';

function result(ok: boolean, counts?: { passed: number; failed: number }): StepResult {
  return { name: 'step', ok, skipped: false, milliseconds: 0, ...(counts ? { counts } : {}) };
}

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
