import { expect } from 'chai';

import { checkEvidence } from '../../../src/settlement/faults/check-evidence.ts';
import { examine, findFault } from '../../../src/settlement/faults/find-fault.ts';
import { openLeaf, revealFrom } from '../../../src/settlement/faults/open-tree.ts';
import { accountWord } from '../../../src/settlement/faults/raw-leaf.ts';
import { answerPreimages, leafAnswer } from '../../../src/settlement/prover/leaf-answer.ts';
import { prove } from '../../../src/settlement/prover/prove.ts';
import { random, runs } from '../../support/effort.ts';
import { forgeryOf } from '../../support/forgery.ts';
import type { Shown } from '../../support/repeated-tree.ts';
import { inputUnder, revealAtMost, selfSimilar, shownLeaf, shownPair } from '../../support/repeated-tree.ts';
import type { SettledCase } from '../../support/settled-cases.ts';
import { settledCases } from '../../support/settled-cases.ts';

const numbers = random('repeated trees');
const MOST = 2 ** 32 - 1;

function someCase(fits: (one: SettledCase) => boolean): SettledCase {
  for (const one of settledCases('repeated')) if (fits(one)) return one;
  throw new Error('no case fits');
}

describe('a tree whose nodes are the same again and again', function () {
  this.timeout(600_000);
  const one = someCase(({ settled }) => settled.rows.length > 2 && settled.settlement.leafCount <= 8);
  const first = forgeryOf(one.settled).leaves[0]!;

  for (const [depth, leafCount] of [
    [20, 2 ** 20],
    [31, 2 ** 31],
    [32, MOST],
    [32, 2 ** 31 + 12_345],
  ] as const) {
    it(`ROOT-4 is disproved by what one answer shows, as fast with ${leafCount} leaves as with few`, () => {
      const levels = selfSimilar(first, depth);
      const input = inputUnder(one, levels[depth]!, leafCount, revealAtMost(20_000, levels));
      const finding = findFault(input)!;
      expect(finding).to.have.property('evidence');
      expect('evidence' in finding && checkEvidence(input.context, structuredClone(finding.evidence))).to.equal(true);
      const verdict = prove(input);
      expect(verdict.kind).to.equal('disproof');
      expect(verdict.kind === 'disproof' && checkEvidence(input.context, verdict.disproof.evidence)).to.equal(true);
      const order = [...evidenceOf(input)].find(({ kind }) => kind === 'order')!;
      expect(checkEvidence(input.context, order)).to.equal(true);
    });
  }

  it('ROOT-4 opens at each of its places, and an answer there shows all of it', () => {
    const levels = selfSimilar(first, 32);
    const { context, reveal } = inputUnder(one, levels[32]!, MOST, revealAtMost(1000, levels));
    for (const index of [0, 1, 77_777_777, MOST - 1]) {
      const answer = leafAnswer(context.settlement, reveal, index)!;
      expect(answer.siblings).to.have.length(32);
      const shown = revealFrom(answerPreimages(index, answer));
      expect(prove({ context, reveal: shown, revealParent: one.revealParent }).kind).to.equal('disproof');
    }
    expect(leafAnswer(context.settlement, reveal, MOST)).to.equal(undefined);
  });

  it('ROOT-4 holds nothing up as the tree of the epoch before', () => {
    const second = someCase(({ settled, before }) => before.length > 0 && settled.rows.length > 2);
    const levels = selfSimilar(first, 32);
    const { settled } = second;
    const bytes = forgeryOf(settled).leaves.map(shownLeaf);
    const own = inputUnder(second, bytes[0]!, 1, revealAtMost(20_000, bytes));
    const parent = {
      ...own.context.parent,
      root: `0x${Buffer.from(levels[32]!.node).toString('hex')}`,
      leafCount: MOST,
    };
    const context = { ...own.context, parent, settlement: settled.settlement };
    const input = { context, reveal: own.reveal, revealParent: revealAtMost(20_000, levels) };
    expect(() => findFault(input)).to.not.throw();
  });

  it('ROOT-4 is disproved however its nodes are arranged, by whatever of it is shown', () => {
    let [found, hidden] = [0, 0];
    for (let round = 0; round < runs(1500, 30_000); round++) {
      const isMixed = round % 2 === 0;
      const { root, all, depth } = randomTree(isMixed);
      const low = Math.max(2 ** (depth - 1) + 1, 9);
      const leafCount = low + numbers.index(2 ** depth - low + 1);
      const shown = all.filter(() => round % 3 === 0 || numbers.index(12) > 0);
      const input = inputUnder(one, root, leafCount, revealAtMost(60_000, shown));
      const evidence = [...evidenceOf(input)].filter(({ kind }) => kind !== 'transition' && kind !== 'dropped');
      for (const each of evidence) expect(checkEvidence(input.context, each), `ROOT-4 ${each.kind}`).to.equal(true);
      const expected = pairsInDisorder(input.context.settlement, revealFrom(shown.flatMap((node) => node.preimages)));
      const kinds = new Set(evidence.map(({ kind }) => kind));
      if (expected > 0) expect(isMixed ? kinds.size > 0 : kinds.has('order'), 'ROOT-4 neighbours').to.equal(true);
      const { unavailable } = examine(input) as { unavailable?: number };
      if (evidence.length === 0)
        expect(unavailable, 'ROOT-4 neither a fault nor anything hidden').to.not.equal(undefined);
      if (shown.length === all.length) expect(evidence.length, 'ROOT-4').to.be.greaterThan(0);
      if (expected > 0) found++;
      if (evidence.length === 0) hidden++;
    }
    expect(found).to.be.greaterThan(100);
    expect(hidden).to.be.greaterThan(20);
  });

  /** A tree of few different nodes: each is over two of the level below, and mixed ones sometimes over another one. */
  function randomTree(isMixed: boolean): { root: Shown; all: Shown[]; depth: number } {
    const depth = 4 + numbers.index(4);
    const leaves = Array.from({ length: 1 + numbers.index(6) }, (_, i) =>
      shownLeaf({ ...first, account: BigInt(i + 5) }),
    );
    const all = [...leaves];
    let level = leaves;
    for (let at = 1; at <= depth; at++) {
      const from = isMixed && numbers.index(4) === 0 ? all : level;
      const pick = (list: readonly Shown[]): Shown => list[numbers.index(list.length)]!;
      level = Array.from({ length: at === depth ? 1 : 1 + numbers.index(4) }, () => shownPair(pick(level), pick(from)));
      all.push(...level);
    }
    return { root: level[0]!, all, depth };
  }
});

function evidenceOf(input: Parameters<typeof examine>[0]) {
  const examination = examine(input);
  if (examination.refused !== undefined) throw new Error(examination.refused);
  return examination.evidence;
}

/** Counts neighbours that do not rise, position by position. */
function pairsInDisorder(tree: Parameters<typeof openLeaf>[0], reveal: Parameters<typeof openLeaf>[1]): number {
  let count = 0;
  let last: bigint | undefined;
  for (let index = 0; index < tree.leafCount; index++) {
    const leaf = openLeaf(tree, reveal, index)?.leaf;
    const account = leaf === undefined ? undefined : accountWord(leaf);
    if (last !== undefined && account !== undefined && last >= account) count++;
    last = account;
  }
  return count;
}
