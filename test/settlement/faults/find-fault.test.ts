import { expect } from 'chai';

import { checkEvidence } from '../../../src/settlement/faults/check-evidence.ts';
import type { Evidence, FaultContext, Finding } from '../../../src/settlement/faults/evidence.ts';
import { findFault } from '../../../src/settlement/faults/find-fault.ts';
import type { Reveal } from '../../../src/settlement/faults/open-tree.ts';
import { revealFrom } from '../../../src/settlement/faults/open-tree.ts';
import { reportPreimages } from '../../../src/settlement/faults/report-preimages.ts';
import { buildReport } from '../../../src/settlement/report/build-report.ts';
import { valueAt } from '../../../src/settlement/economy-parameters.ts';
import { random, runs } from '../../support/effort.ts';
import type { Assembled, Forgery } from '../../support/forgery.ts';
import { assemble, auditBytes, contextOf, curveBytes, forgeryOf, scramble } from '../../support/forgery.ts';
import type { Case } from './cases.ts';
import { cases } from './cases.ts';
import { forgedEvidence, openings } from './forged-evidence.ts';
import { leafBytes, TOKEN } from './lie-kit.ts';
import { OTHER_WORLDS } from './lies-about-records.ts';
import { LIES } from './lies.ts';

const FORBIDDEN = [TOKEN];
const numbers = random('faults');

function judge({ settled, revealParent }: Case, { settlement, preimages }: Assembled): [Finding | null, FaultContext] {
  const context = contextOf(settled, settlement, FORBIDDEN);
  return [findFault({ context, reveal: revealFrom(preimages), revealParent }), context];
}

/** Evidence as another process would get it: copied, so that it can hold nothing but itself. */
const copied = (evidence: Evidence): Evidence => structuredClone(evidence);

const same = (a: Assembled['settlement'], b: Assembled['settlement']): boolean =>
  JSON.stringify(a, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)) ===
  JSON.stringify(b, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));

const MAY_BE_UNAVAILABLE = [
  'nothing that is known in place of a leaf',
  'a withheld leaf',
  'a root that nothing leads to',
];

/** What was tried and how it was found, for the table at the end. */
const table = new Map<string, Map<string, number>>();
const note = (name: string, kind: string): void => {
  const row = table.get(name) ?? new Map<string, number>();
  table.set(name, row.set(kind, (row.get(kind) ?? 0) + 1));
};

function expectFound(one: Case, forged: Assembled, name: string): void {
  const [finding, context] = judge(one, forged);
  expect(finding, `ROOT-4 ${name}: nothing was found`).to.not.equal(null);
  note(name, finding!.kind);
  if (finding!.kind === 'unavailable') expect(MAY_BE_UNAVAILABLE, `ROOT-4 ${name}`).to.include(name);
  if (!('evidence' in finding!)) return;
  expect(checkEvidence(context, copied(finding.evidence)), `ROOT-4 ${name}: ${finding.kind} is not local`).to.be.true;
  // The same evidence against the honest settlement proves nothing.
  const honest = contextOf(one.settled, one.settled.settlement, FORBIDDEN);
  expect(checkEvidence(honest, finding.evidence), `ROOT-4 ${name}: held against the honest`).to.be.false;
}

describe('faults', function () {
  this.timeout(600_000);

  after(() => {
    if (process.env['LODE_TABLE'] !== '1') return;
    for (const [name, kinds] of table) {
      console.log(`    ${name.padEnd(52)} ${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
    }
  });

  it('ROOT-4 every honest settlement passes', () => {
    let left = runs(1500, 30_000);
    for (const one of cases('honest')) {
      const assembled = assemble(forgeryOf(one.settled));
      expect(assembled.settlement.root, 'ROOT-4 the tests hash as the engine does').to.equal(
        one.settled.settlement.root,
      );
      const [finding] = judge(one, assembled);
      expect(finding, 'ROOT-4').to.equal(null);
      if (--left === 0) break;
    }
  });

  it('ROOT-4 a published report opens its whole tree, and the next one’s parent', () => {
    let left = runs(300, 5000);
    let before: Reveal = () => undefined;
    for (const { settled } of cases('published')) {
      const files = buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] });
      const reveal = revealFrom(reportPreimages(files));
      const revealParent: Reveal = settled.record.epoch === 0 ? () => undefined : before;
      const context = contextOf(settled, settled.settlement, FORBIDDEN);
      expect(findFault({ context, reveal, revealParent }), 'ROOT-4').to.equal(null);
      if (settled.parent.accounts.length > 0) {
        const finding = findFault({ context, reveal, revealParent: () => undefined });
        expect(finding).to.deep.equal({ kind: 'parent-unavailable', index: 0 });
      }
      before = reveal;
      if (--left === 0) break;
    }
  });

  it(`ROOT-4 every lie of a catalogue of ${LIES.length} is found, by local evidence`, () => {
    expect(LIES.length).to.be.at.least(30);
    const each = runs(12, 250);
    const told = new Map(LIES.map(({ name }) => [name, 0]));
    let epochs = 0;
    for (const one of cases('catalogue')) {
      for (const { name, bend } of LIES) {
        const count = told.get(name)!;
        if (count >= each) continue;
        const forgery: Forgery = forgeryOf(one.settled);
        if (!bend(forgery, { settled: one.settled, numbers })) continue;
        const forged = assemble(forgery);
        if (same(forged.settlement, one.settled.settlement) && !MAY_BE_UNAVAILABLE.includes(name)) continue;
        told.set(name, count + 1);
        expectFound(one, forged, name);
      }
      if (++epochs > 400 * each || [...told.values()].every((count) => count >= each)) break;
    }
    for (const [name, count] of told) expect(count, `${name} had too few occasions`).to.equal(each);
  });

  it('ROOT-4 settlements of another record, reserve or parent are found', () => {
    const each = runs(12, 250);
    for (const { name, settle } of OTHER_WORLDS) {
      let told = 0;
      for (const one of cases('catalogue')) {
        const { settled, history } = one;
        const { scores, uses } = history.epochs[settled.record.epoch]!;
        const unlockPerUse = valueAt(history.parameters.unlockPerUse, settled.record.epoch);
        const other = settle({ parent: settled.parent, record: settled.record, scores, uses, unlockPerUse });
        if (same(other.settlement, settled.settlement)) continue;
        expectFound(one, assemble(forgeryOf(other)), name);
        if (++told >= each) break;
      }
    }
  });

  it('ROOT-4 any bit of any field, changed, is found', () => {
    const fields = ['account', 'leaf', 'curve', 'audit', 'declared'] as const;
    const each = runs(120, 4000);
    const told = new Map<string, number>(fields.map((field) => [field, 0]));
    for (const one of cases('bits')) {
      for (const field of fields) {
        const forgery = forgeryOf(one.settled);
        if (!flip(forgery, one, field)) continue;
        told.set(field, told.get(field)! + 1);
        const [finding, context] = judge(one, assemble(forgery));
        expect(finding, `ROOT-4 a bit of ${field}`).to.not.equal(null);
        note(`a bit of ${field}`, finding!.kind);
        if (finding!.kind === 'unavailable') expect(['leaf', 'declared']).to.include(field);
        if ('evidence' in finding!) expect(checkEvidence(context, copied(finding.evidence)), 'ROOT-4').to.be.true;
      }
      if ([...told.values()].every((count) => count >= each)) break;
    }
  });

  it('ROOT-4 never throws on any bytes', () => {
    let left = runs(300, 10_000);
    for (const one of cases('bytes')) {
      const forgery = forgeryOf(one.settled);
      scramble(forgery, numbers);
      forgery.declared.leafCount = numbers.index(3) === 0 ? numbers.index(40) : forgery.declared.leafCount;
      const [finding, context] = judge(one, assemble(forgery));
      if (finding !== null && 'evidence' in finding) expect(checkEvidence(context, finding.evidence)).to.be.true;
      if (--left === 0) break;
    }
  });

  it('ROOT-4 an honest settlement withstands forged evidence: wrong neighbours, positions, trees and bytes', () => {
    let left = runs(40, 1500);
    for (const one of cases('forged')) {
      if (one.settled.next.accounts.length < 2) continue;
      const context = contextOf(one.settled, one.settled.settlement, FORBIDDEN);
      const opened = openings(one);
      for (let i = 0; i < 200; i++) {
        const evidence = forgedEvidence(opened, numbers);
        expect(checkEvidence(context, evidence), `ROOT-4 ${evidence.kind} held against the honest`).to.be.false;
      }
      if (--left === 0) break;
    }
  });
});

/** Flips one bit of one field; false where the result would be honest again, or there is nothing to flip. */
function flip(
  { leaves, declared }: Forgery,
  { settled }: Case,
  field: 'account' | 'leaf' | 'curve' | 'audit' | 'declared',
): boolean {
  if (field === 'declared') return flipDeclared(declared);
  const at = numbers.index(leaves.length + 1);
  const leaf = leaves[at];
  if (leaf === undefined) return false;
  if (field === 'account') {
    const known = [...settled.parent.accounts].some(({ account }) => BigInt(account) === leaf.account);
    leaf.account ^= 1n << BigInt(numbers.index(160));
    // A newcomer under another name that still fits between its neighbours is an honest settlement of other scores.
    return known;
  }
  const bytes = field === 'curve' ? curveBytes(leaf) : field === 'audit' ? auditBytes(leaf) : leafBytes(leaf);
  const bit = numbers.index(bytes.length * 8);
  bytes[bit >>> 3]! ^= 1 << (bit & 7);
  if (field === 'curve') leaf.rawCurve = bytes;
  else if (field === 'audit') leaf.rawAudit = bytes;
  else {
    if (bit < 256 && ![...settled.parent.accounts].some(({ account }) => BigInt(account) === leaf.account))
      return false;
    leaf.rawLeaf = bytes;
  }
  return true;
}

function flipDeclared(declared: Forgery['declared']): boolean {
  const bit = (bits: number): bigint => 1n << BigInt(numbers.index(bits));
  switch (numbers.index(6)) {
    case 0:
      declared.leafCount = Number(BigInt(declared.leafCount) ^ bit(32));
      return true;
    case 1:
      declared.granted ^= bit(128);
      return true;
    case 2:
      return flipOne(declared.participants, (value) => Number(BigInt(value) ^ bit(32)));
    case 3:
      return flipOne(declared.scoreTotals, (value) => value ^ bit(128));
    case 4:
      return flipOne(declared.accelerated, (value) => value ^ bit(128));
    default:
      declared.root = `0x${numbers.uniform(256).toString(16).padStart(64, '0')}` as never;
      return true;
  }
}

function flipOne<T>(list: T[], change: (value: T) => T): boolean {
  const at = numbers.index(list.length + 1);
  if (at === list.length) return false;
  list[at] = change(list[at]!);
  return true;
}
