import { expect } from 'chai';

import type { Address } from '../../../src/protocol/brands.ts';
import { checkEvidence } from '../../../src/settlement/faults/check-evidence.ts';
import { findFault } from '../../../src/settlement/faults/find-fault.ts';
import { revealFrom } from '../../../src/settlement/faults/open-tree.ts';
import type { EpochSettlement } from '../../../src/settlement/settle-epoch.ts';
import { settleEpoch } from '../../../src/settlement/settle-epoch.ts';
import type { Forgery } from '../../support/forgery.ts';
import { assemble, contextOf, forgeryOf } from '../../support/forgery.ts';
import { settledCases } from '../../support/settled-cases.ts';

const ACCOUNTS = 16;
const NEWCOMER = 7;

const account = (n: number): Address => `0x${(BigInt(n + 1) << 120n).toString(16).padStart(40, '0')}` as Address;

/** Two epochs: fifteen of sixteen accounts score in the first one, and only the last one in the second. */
function twoEpochs(): readonly [EpochSettlement, EpochSettlement] {
  for (const { settled } of settledCases('hidden elsewhere')) {
    const { parent, record } = settled;
    const task = record.tasks[0];
    if (record.epoch !== 0 || task === undefined || settled.settlement.granted === 0n) continue;
    const everybody = Array.from({ length: ACCOUNTS }, (_, n) => ({ account: account(n), task, score: 10n ** 20n }));
    const scores = everybody.filter((_, n) => n !== NEWCOMER);
    const inputs = { scores, uses: [], unlockPerUse: 0n };
    const first = settleEpoch({ parent, record, ...inputs });
    const next = { ...record, epoch: 1, start: record.end, end: 2 * record.end - record.start };
    const later = { ...inputs, scores: everybody.filter((_, n) => n === NEWCOMER) };
    return [first, settleEpoch({ parent: first.next, record: next, ...later })];
  }
  throw new Error('there are histories without end');
}

describe('a leaf that is hidden', () => {
  const [first, second] = twoEpochs();

  const examined = (forgery: Forgery, before: Forgery) => {
    const { settlement, preimages } = assemble(forgery);
    const context = contextOf(second, settlement);
    const revealParent = revealFrom(assemble(before).preimages);
    const finding = findFault({ context, reveal: revealFrom(preimages), revealParent });
    const holds = finding !== null && 'evidence' in finding && checkEvidence(context, finding.evidence);
    return { kind: finding?.kind, holds };
  };

  it('ROOT-4 hides no dropped account that it does not stand beside', () => {
    for (let dropped = 0; dropped < ACCOUNTS; dropped++) {
      if (dropped === NEWCOMER) continue;
      for (let hidden = 0; hidden < ACCOUNTS - 1; hidden++) {
        const forgery = forgeryOf(second);
        forgery.leaves.splice(dropped, 1);
        forgery.declared.leafCount -= 1;
        forgery.leaves[hidden]!.withheld = true;
        const isBeside = hidden === dropped || hidden === dropped - 1;
        const { kind, holds } = examined(forgery, forgeryOf(first));
        expect(kind, `ROOT-4 ${dropped} dropped, ${hidden} hidden`).to.equal(isBeside ? 'unavailable' : 'dropped');
        expect(holds).to.equal(!isBeside);
      }
    }
  });

  it('ROOT-4 hides no false newcomer, in the tree of the epoch before, that it does not stand beside', () => {
    for (let hidden = 0; hidden < ACCOUNTS - 1; hidden++) {
      const before = forgeryOf(first);
      before.leaves[hidden]!.withheld = true;
      const forgery = forgeryOf(second);
      forgery.leaves[NEWCOMER]!.unlocked += 1n;
      const isBeside = hidden === NEWCOMER || hidden === NEWCOMER - 1;
      const { kind, holds } = examined(forgery, before);
      expect(kind, `ROOT-4 ${hidden} hidden`).to.equal(isBeside ? 'parent-unavailable' : 'transition');
      expect(holds).to.equal(!isBeside);
    }
  });
});
