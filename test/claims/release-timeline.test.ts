import { expect } from 'chai';

import { releaseTimeline } from '../../src/claims/release-timeline.ts';
import type { Curve } from '../../src/protocol/vesting-curve.ts';

const DAY = 86_400;
const curve: Curve = {
  unlocked: 7n,
  cohorts: [
    { end: 10 * DAY, duration: 10 * DAY, amount: 1_000n },
    { end: 15 * DAY, duration: 20 * DAY, amount: 4_000n },
  ],
};

describe('releaseTimeline', () => {
  it('lays out each part with what of it is free', () => {
    const { free, parts } = releaseTimeline(curve, 16 * DAY);
    expect(free).to.equal(7n);
    expect(parts).to.deep.equal([
      { from: 10 * DAY, until: 20 * DAY, amount: 1_000n, released: 600n },
      { from: 15 * DAY, until: 35 * DAY, amount: 4_000n, released: 200n },
    ]);
  });

  it('has a point wherever the pace changes, and now', () => {
    const { points } = releaseTimeline(curve, 16 * DAY);
    expect(points).to.deep.equal([
      { time: 10 * DAY, released: 7n },
      { time: 15 * DAY, released: 507n },
      { time: 16 * DAY, released: 807n },
      { time: 20 * DAY, released: 2_007n },
      { time: 35 * DAY, released: 5_007n },
    ]);
  });

  it('says what the next day frees, and what changes next', () => {
    const early = releaseTimeline(curve, 2 * DAY);
    expect(early.nextDay).to.equal(0n);
    expect(early.next).to.deep.equal({ time: 10 * DAY, kind: 'begins', amount: 1_000n });
    const middle = releaseTimeline(curve, 16 * DAY);
    expect(middle.nextDay).to.equal(300n);
    expect(middle.next).to.deep.equal({ time: 20 * DAY, kind: 'ends', amount: 1_000n });
    expect(middle.freeFrom).to.equal(35 * DAY);
  });

  it('has nothing to come once all of it is free, however much stands in parts that are over', () => {
    for (const now of [35 * DAY, 99 * DAY]) {
      expect(releaseTimeline(curve, now)).to.include({ nextDay: 0n, next: null, freeFrom: null });
    }
    const { next, freeFrom, points } = releaseTimeline({ unlocked: 5n, cohorts: [] }, DAY);
    expect({ next, freeFrom }).to.deep.equal({ next: null, freeFrom: null });
    expect(points).to.deep.equal([{ time: DAY, released: 5n }]);
  });
});
