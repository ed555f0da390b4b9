import { expect } from 'chai';
import { network } from 'hardhat';

import { depthOf } from '../../../src/protocol/positional-merkle.ts';
import { checkEvidence } from '../../../src/settlement/faults/check-evidence.ts';
import type { Evidence, FaultContext, Finding } from '../../../src/settlement/faults/evidence.ts';
import { findFault } from '../../../src/settlement/faults/find-fault.ts';
import { judge } from '../../../src/settlement/faults/judged.ts';
import { revealFrom } from '../../../src/settlement/faults/open-tree.ts';
import { valueAt } from '../../../src/settlement/economy-parameters.ts';
import type { EpochSettlement } from '../../../src/settlement/settle-epoch.ts';
import type { Case } from '../../settlement/faults/cases.ts';
import { cases } from '../../settlement/faults/cases.ts';
import { forgedEvidence, openings } from '../../settlement/faults/forged-evidence.ts';
import { TOKEN } from '../../settlement/faults/lie-kit.ts';
import { OTHER_WORLDS } from '../../settlement/faults/lies-about-records.ts';
import { LIES } from '../../settlement/faults/lies.ts';
import { shapedEvidence } from '../../settlement/faults/shaped-evidence.ts';
import { disputeOf, proofOf } from '../../support/disputes.ts';
import { random, runs } from '../../support/effort.ts';
import type { Assembled } from '../../support/forgery.ts';
import { assemble, contextOf, forgeryOf, scramble } from '../../support/forgery.ts';
import { bentEvidence } from '../../support/bent-evidence.ts';

const { ethers } = await network.create();
const verifier = await ethers.deployContract('SettlementVerifier');
const { interface: abi } = verifier;
const target = await verifier.getAddress();

const FORBIDDEN = [TOKEN];
const numbers = random('verifier');

/** Lies that are refused when they are proposed, or that hide what would prove them. */
const NEVER_JUDGED = [
  'no leaves declared over a root',
  'leaves declared over no root',
  'nothing that is known in place of a leaf',
  'a withheld leaf',
  'a root that nothing leads to',
];

/** What the contract says of a proof: true, or the name of its error. Anything else is no verdict. */
async function judgedOnChain(context: FaultContext, evidence: Evidence): Promise<true | string> {
  const { fault, bytes } = proofOf(evidence);
  const data = abi.encodeFunctionData('proves', [disputeOf(context), fault, bytes]);
  try {
    const [right] = abi.decodeFunctionResult('proves', await ethers.provider.call({ to: target, data }));
    expect(right, 'ROOT-4 a verdict that is neither true nor an error').to.equal(true);
    return true;
  } catch (error) {
    const reason = (error as { data?: string }).data;
    const known = typeof reason === 'string' ? abi.parseError(reason) : null;
    if (known === null) throw error;
    return known.name;
  }
}

/** Both judge; they must agree, and a wrong proof must be told what is wrong with it by an error of the contract's own. */
async function agree(context: FaultContext, evidence: Evidence, what: string): Promise<boolean> {
  const expected = checkEvidence(context, evidence);
  // What could never be proposed never comes before the contract.
  if (typeof judge(context) === 'string') return false;
  const found = await judgedOnChain(context, evidence);
  expect(found === true, `ROOT-4 ${what}: ${evidence.kind}, on chain ${found}`).to.equal(expected);
  if (found !== true) expect(found, `ROOT-4 ${what}`).to.match(/^SettlementVerifier_/);
  return expected;
}

function judgedOff(
  { settled, revealParent }: Case,
  { settlement, preimages }: Assembled,
): [Finding | null, FaultContext] {
  const context = contextOf(settled, settlement, FORBIDDEN);
  return [findFault({ context, reveal: revealFrom(preimages), revealParent }), context];
}

/** The fault that is found, judged on both sides against the lie, bent, and against the honest settlement. */
async function expectAgreement(one: Case, forged: Assembled, name: string): Promise<boolean> {
  const [finding, context] = judgedOff(one, forged);
  if (finding === null || !('evidence' in finding)) return false;
  expect(await agree(context, finding.evidence, name), `ROOT-4 ${name}: not proven`).to.equal(true);
  const honest = contextOf(one.settled, one.settled.settlement, FORBIDDEN);
  expect(await agree(honest, finding.evidence, `${name}, honest`), `ROOT-4 ${name}: held against the honest`).to.equal(
    false,
  );
  for (let i = 0; i < 2; i++) await agree(context, bentEvidence(finding.evidence, numbers), `${name}, bent`);
  return true;
}

describe('SettlementVerifier judges as the checker off chain', function () {
  this.timeout(3_600_000);

  it(`ROOT-4 each of ${LIES.length} kinds of lies, by the evidence that is found`, async () => {
    const each = runs(3, 100);
    const told = new Map(LIES.map(({ name }) => [name, 0]));
    let epochs = 0;
    for (const one of cases('on chain')) {
      for (const { name, bend } of LIES) {
        const count = told.get(name)!;
        if (count >= each) continue;
        const forgery = forgeryOf(one.settled);
        if (!bend(forgery, { settled: one.settled, numbers })) continue;
        const forged = assemble(forgery);
        // Refused when it is proposed, unavailable, or honest after all.
        if (!(await expectAgreement(one, forged, name))) continue;
        told.set(name, count + 1);
      }
      if (++epochs > 400 * each || [...told.values()].every((count) => count >= each)) break;
    }
    for (const [name, count] of told) {
      if (!NEVER_JUDGED.includes(name)) expect(count, `${name} had too few occasions`).to.equal(each);
    }
  });

  it('ROOT-4 settlements of another record, reserve or parent', async () => {
    const each = runs(3, 100);
    for (const { name, settle } of OTHER_WORLDS) {
      let told = 0;
      for (const one of cases('on chain')) {
        const { settled, history } = one;
        const { scores, uses } = history.epochs[settled.record.epoch]!;
        const unlockPerUse = valueAt(history.parameters.unlockPerUse, settled.record.epoch);
        const other = settle({ parent: settled.parent, record: settled.record, scores, uses, unlockPerUse });
        if (await expectAgreement(one, assemble(forgeryOf(other)), name)) told++;
        if (told >= each) break;
      }
    }
  });

  it('ROOT-4 leaves of any bytes', async () => {
    let left = runs(60, 3000);
    for (const one of cases('on chain')) {
      const forgery = forgeryOf(one.settled);
      scramble(forgery, numbers);
      const forged = assemble(forgery);
      const [finding] = judgedOff(one, forged);
      if (finding === null || !('evidence' in finding)) continue;
      await expectAgreement(one, forged, 'any bytes');
      if (--left === 0) break;
    }
  });

  it('ROOT-4 forged evidence against honest settlements', async () => {
    let left = runs(10, 300);
    for (const one of cases('on chain')) {
      if (one.settled.next.accounts.length < 2) continue;
      const opened = openings(one);
      const honest = contextOf(one.settled, one.settled.settlement, FORBIDDEN);
      for (let i = 0; i < 60; i++) {
        const evidence = forgedEvidence(opened, numbers);
        expect(await agree(honest, evidence, 'forged'), 'ROOT-4 held against the honest').to.equal(false);
      }
      if (--left === 0) break;
    }
  });

  it('ROOT-4 all evidence of the right shape, against honest settlements and other declarations', async () => {
    let left = runs(10, 300);
    for (const one of cases('on chain')) {
      if (one.settled.next.accounts.length < 3) continue;
      const { settled } = one;
      const { settlement } = settled;
      const honest = contextOf(settled, settlement, FORBIDDEN);
      const lying = contextOf(settled, otherDeclaration(settlement), FORBIDDEN);
      let proven = 0;
      for (const evidence of shapedEvidence(openings(one))) {
        expect(await agree(honest, evidence, 'shaped'), 'ROOT-4 held against the honest').to.equal(false);
        if (await agree(lying, evidence, 'another declaration')) proven += 1;
      }
      if (typeof judge(lying) !== 'string') expect(proven, 'ROOT-4 another declaration').to.be.at.least(1);
      if (--left === 0) break;
    }
  });

  it('ROOT-4 honest epochs after a false root that nobody disproved', async () => {
    let left = runs(60, 2000);
    for (const one of parents()) {
      const [finding, context] = one;
      if (finding === null || !('evidence' in finding)) continue;
      await agree(context, finding.evidence, 'a false parent');
      for (let i = 0; i < 3; i++) await agree(context, bentEvidence(finding.evidence, numbers), 'a false parent, bent');
      if (--left === 0) break;
    }
  });
});

/** The same tree, of the same height, with one declared figure changed. */
function otherDeclaration(honest: FaultContext['settlement']): FaultContext['settlement'] {
  const { leafCount, granted, participants, scoreTotals } = honest;
  const task = numbers.index(participants.length);
  const count = [leafCount - 1, leafCount + 1].find((other) => depthOf(other) === depthOf(leafCount));
  switch (numbers.index(4)) {
    case 0:
      return { ...honest, leafCount: count ?? leafCount };
    case 1:
      return { ...honest, participants: participants.map((n, i) => (i !== task ? n : n > 0 ? n - 1 : 1)) };
    case 2:
      return { ...honest, scoreTotals: scoreTotals.map((sum, i) => (i === task ? sum + 1n : sum)) };
    default:
      return { ...honest, granted: granted > 0n ? granted - 1n : 1n };
  }
}

/** Honest epochs upon a parent that was bent: what is found wrong with them, and the context it is found in. */
function* parents(): Generator<[Finding | null, FaultContext]> {
  let before: EpochSettlement | undefined;
  for (const { settled } of cases('on chain')) {
    const last = before;
    before = settled;
    if (last === undefined || settled.record.epoch !== last.record.epoch + 1) continue;
    const forgery = forgeryOf(last);
    if (!LIES[numbers.index(LIES.length)]!.bend(forgery, { settled: last, numbers })) continue;
    const { settlement, preimages } = assemble(forgery);
    const own = contextOf(settled, settled.settlement, FORBIDDEN);
    const context = { ...own, parent: { ...own.parent, root: settlement.root, leafCount: settlement.leafCount } };
    const reveal = revealFrom(assemble(forgeryOf(settled)).preimages);
    yield [findFault({ context, reveal, revealParent: revealFrom(preimages) }), context];
  }
}
