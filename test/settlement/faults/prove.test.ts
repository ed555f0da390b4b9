import { expect } from 'chai';

import { checkEvidence } from '../../../src/settlement/faults/check-evidence.ts';
import { revealFrom } from '../../../src/settlement/faults/open-tree.ts';
import { malformedProofLength } from '../../../src/settlement/prover/encode-proof.ts';
import type { Verdict } from '../../../src/settlement/prover/prove.ts';
import { disproofsOf, MAX_CANDIDATES, MAX_PROOF, prove } from '../../../src/settlement/prover/prove.ts';
import { assemble, contextOf, forgeryOf } from '../../support/forgery.ts';
import type { SettledCase } from '../../support/settled-cases.ts';
import { settledCases } from '../../support/settled-cases.ts';

/** A settlement of some leaves, that are active. */
function someCase(): SettledCase {
  for (const one of settledCases('prove')) if (one.settled.rows.length > 2) return one;
  throw new Error('no case has three active accounts');
}

describe('prove', () => {
  const one = someCase();

  /** The input for a settlement whose first leaf has a curve of so many bytes, none of which is one. */
  const inputOf = (bytes: number | null) => {
    const forgery = forgeryOf(one.settled);
    if (bytes !== null) forgery.leaves[0]!.rawCurve = new Uint8Array(bytes).fill(7);
    const { settlement, preimages } = assemble(forgery);
    return {
      context: contextOf(one.settled, settlement, []),
      reveal: revealFrom(preimages),
      revealParent: one.revealParent,
    };
  };
  const verdictOf = (bytes: number): Verdict => prove(inputOf(bytes));

  it('takes the cheapest of all proofs, every one of which holds', () => {
    const input = inputOf(900);
    const all = disproofsOf(input);
    expect(all.length).to.be.greaterThan(0);
    const gas = all.map(({ cost }) => cost.gas);
    expect(gas).to.deep.equal(gas.toSorted((a, b) => a - b));
    for (const { evidence } of all) expect(checkEvidence(input.context, evidence)).to.equal(true);
    expect(prove(input)).to.deep.equal({ kind: 'disproof', disproof: all[0], others: all.length - 1 });
  });

  it('proves by the bytes themselves while they are not too dear', () => {
    const verdict = verdictOf(MAX_PROOF - 2_048);
    if (verdict.kind !== 'disproof') throw new Error(verdict.kind);
    expect(verdict.disproof).to.deep.include({ fault: 'malformed' });
    expect(verdict.disproof.proof.length).to.be.at.most(MAX_PROOF);
    expect(verdict.disproof.cost.gas).to.be.below(1_500_000);
  });

  it('demands the leaf where they are, with a dearer proof for when it is too late for that', () => {
    const verdict = verdictOf(MAX_PROOF);
    if (verdict.kind !== 'demand') throw new Error(verdict.kind);
    expect(verdict).to.deep.include({ index: 0, reason: 'too-large' });
    const { instead } = verdict;
    expect(instead!.proof.length).to.be.greaterThan(MAX_PROOF);
    expect(checkEvidence(inputOf(MAX_PROOF).context, instead!.evidence)).to.equal(true);
  });

  it('has none where no node would pass it on', () => {
    expect(verdictOf(100_000)).to.deep.equal({ kind: 'demand', index: 0, reason: 'too-large' });
  });

  it('knows how long the proof of malformed bytes is before it is made', () => {
    let count = 0;
    for (const settled of settledCases('lengths')) {
      const forgery = forgeryOf(settled.settled);
      const [leaf] = forgery.leaves;
      if (leaf === undefined) continue;
      if (count % 3 === 0) leaf.rawCurve = new Uint8Array(count).fill(7);
      if (count % 3 === 1) leaf.rawAudit = new Uint8Array(count).fill(7);
      if (count % 3 === 2) leaf.rawLeaf = new Uint8Array(count).fill(7);
      const { settlement, preimages } = assemble(forgery);
      const context = contextOf(settled.settled, settlement, []);
      const input = { context, reveal: revealFrom(preimages), revealParent: settled.revealParent };
      const malformed = disproofsOf(input).find(({ fault }) => fault === 'malformed')!;
      if (malformed.evidence.kind !== 'malformed') throw new Error(malformed.evidence.kind);
      expect(malformedProofLength(malformed.evidence)).to.equal(malformed.proof.length);
      if (++count === 150) break;
    }
  });

  it('compares no more proofs than it needs, where every leaf is false', () => {
    const all = 2 * MAX_CANDIDATES;
    const forgery = forgeryOf(one.settled);
    const [first] = forgery.leaves;
    forgery.leaves = Array.from({ length: all }, (_, n) => ({
      ...first!,
      account: BigInt(n + 1),
      runGranted: 1n << 127n,
    }));
    forgery.declared.leafCount = all;
    const { settlement, preimages } = assemble(forgery);
    const input = {
      context: contextOf(one.settled, settlement, []),
      reveal: revealFrom(preimages),
      revealParent: one.revealParent,
    };
    const verdict = prove(input);
    if (verdict.kind !== 'disproof') throw new Error(verdict.kind);
    expect(verdict.others).to.equal(MAX_CANDIDATES - 1);
    expect(checkEvidence(input.context, verdict.disproof.evidence)).to.equal(true);
  });

  it('finds an honest settlement sound', () => {
    expect(prove(inputOf(null))).to.deep.equal({ kind: 'sound' });
    expect(disproofsOf(inputOf(null))).to.deep.equal([]);
  });
});
