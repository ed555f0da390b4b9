import { expect } from 'chai';

import { isVetoGround, reasonOf } from '../../src/cli/watch/alarm.ts';
import type { Judgement, Verdict } from '../../src/cli/watch/verdict.ts';
import { alarmLevel, isAlarmDue, verdictOf } from '../../src/cli/watch/verdict.ts';

const FOUND: Judgement['report'] = { found: true, files: new Map(), from: 'somewhere' };
const NOT_FOUND: Judgement['report'] = { found: false, outcome: 'unavailable', answers: [] };
const OTHER: Judgement['report'] = { found: false, outcome: 'different', answers: [] };
const EQUAL: Judgement['ledger'] = { kind: 'equal' };
const DIFFERENT: Judgement['ledger'] = {
  kind: 'different',
  taskNames: new Map([[1, 'translation']]),
  differences: {
    declaration: [{ figure: 'granted', declared: '7', recomputed: '5' }],
    figures: [1, 2, 3, 4].map((n) => ({
      ...{ account: `0x${n}`, what: 'score' as const, of: n },
      ...{ declared: 9n, recomputed: 3n },
    })),
    grants: [],
  },
};
const UNJUDGED: Judgement['ledger'] = { kind: 'unjudged', code: 'X', reason: 'no ledger', next: null };
const FAULT: Judgement['finding'] = { kind: 'order', evidence: { kind: 'order' } as never };
const WITHHELD: Judgement['finding'] = { kind: 'unavailable', index: 7 };

describe('a verdict', () => {
  const TABLE: readonly [Verdict, Judgement, RegExp][] = [
    ['equal', { report: FOUND, ledger: EQUAL, finding: null }, /what the ledger gives/],
    ['fault', { report: FOUND, ledger: DIFFERENT, finding: FAULT }, /proven on chain/],
    ['fault', { report: NOT_FOUND, ledger: UNJUDGED, finding: FAULT }, /order/],
    ['hidden', { report: NOT_FOUND, ledger: EQUAL, finding: null }, /not available; its root is what/],
    ['hidden', { report: NOT_FOUND, ledger: DIFFERENT, finding: WITHHELD }, /not available; its root is not what/],
    ['hidden', { report: OTHER, ledger: UNJUDGED, finding: WITHHELD }, /^what is published is not its report$/],
    ['withheld', { report: FOUND, ledger: DIFFERENT, finding: WITHHELD }, /leaf 7/],
    ['withheld', { report: FOUND, ledger: UNJUDGED, finding: WITHHELD }, /leaf 7/],
    [
      'false-scores',
      { report: FOUND, ledger: DIFFERENT, finding: null },
      /0x1 has 9 instead of 3 in translation; .*; and 1 figures? more/,
    ],
    ['unjudged', { report: FOUND, ledger: UNJUDGED, finding: { kind: 'parent-unavailable', index: 0 } }, /no ledger/],
  ];
  for (const [verdict, judgement, reason] of TABLE) {
    const { report, ledger, finding } = judgement;
    const about = `report ${report.found ? 'found' : report.outcome}, ledger ${ledger.kind}, ${finding?.kind ?? 'nothing'} found`;
    it(`is ${verdict} with ${about}`, () => {
      expect(verdictOf(judgement)).to.equal(verdict);
      expect(reasonOf(judgement)).to.match(reason);
    });
  }

  it('names a figure of the declaration where no account can be named', () => {
    const differences = { ...DIFFERENT.differences, figures: [] };
    const reason = reasonOf({ report: FOUND, ledger: { ...DIFFERENT, differences }, finding: null });
    expect(reason).to.equal('it is not what the ledger gives: granted is 7 instead of 5');
  });

  it('is told at once, at half and at a quarter of the window, and once each', () => {
    const levels = [101, 100, 51, 50, 26, 25, 0].map((left) => alarmLevel(left, 100));
    expect(levels).to.deep.equal([0, 0, 0, 1, 1, 2, 2]);
    expect(isAlarmDue(undefined, 2)).to.equal(true);
    expect(isAlarmDue(0, 0)).to.equal(false);
    expect(isAlarmDue(0, 1)).to.equal(true);
    expect(isAlarmDue(2, 1)).to.equal(false);
  });

  it('is a ground for a veto where no proof can answer it, or none has come by half of the window', () => {
    const grounds = (level: number) =>
      (['fault', 'hidden', 'withheld', 'false-scores', 'unjudged', 'equal'] as const).filter((verdict) =>
        isVetoGround(verdict, level),
      );
    expect(grounds(0)).to.deep.equal(['hidden', 'withheld', 'false-scores', 'unjudged']);
    expect(grounds(1)).to.deep.equal(['fault', 'hidden', 'withheld', 'false-scores', 'unjudged']);
    expect(grounds(2)).to.deep.equal(grounds(1));
  });
});
