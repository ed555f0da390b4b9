import { expect } from 'chai';

import { parseAddress, parseHash32 } from '../../src/protocol/brands.ts';
import {
  basisHash,
  type EpochRecord,
  recordHash,
  type Settlement,
  settlementHash,
} from '../../src/protocol/epoch-record.ts';
import {
  type Audit,
  auditHash,
  auditLength,
  auditPreimage,
  decodeAudit,
  leafHash,
} from '../../src/protocol/settlement-leaf.ts';
import { curveHash } from '../../src/protocol/vesting-curve.ts';
import { bytesToHex, hexToBytes, WORD } from '../../src/protocol/words.ts';
import { curveOf, readVectors } from '../support/vectors.ts';

type Texts<Type> = { readonly [Name in keyof Type]: Type[Name] extends bigint | number | string ? string : string[] };

interface LeafVector extends Texts<Omit<Audit, 'runGranted'>> {
  readonly tasks: string;
  readonly cohorts: string;
  readonly account: string;
  readonly curvePreimage: string;
  readonly auditPreimage: string;
  readonly curveHash: string;
  readonly auditHash: string;
  readonly leaf: string;
  readonly runGranted: string[];
}

interface RecordVector {
  readonly record: Texts<Omit<EpochRecord, 'reserve'>> & {
    readonly reserve: { readonly [name: string]: string | boolean };
  };
  readonly recordHash: string;
  readonly basis: { readonly parentRoot: string; readonly reserve: string; readonly totalCurveHash: string };
  readonly basisHash: string;
  readonly settlement: Texts<Settlement>;
  readonly settlementHash: string;
}

const { leaves } = readVectors<{ leaves: LeafVector[] }>('leaf');
const { cases } = readVectors<{ cases: RecordVector[] }>('record');

const auditOf = (vector: LeafVector): Audit => ({
  scores: vector.scores.map(BigInt),
  accelerated: vector.accelerated.map(BigInt),
  runScores: vector.runScores.map(BigInt),
  runParticipants: vector.runParticipants.map(Number),
  runGranted: BigInt(vector.runGranted[0]!),
  runAccelerated: vector.runAccelerated.map(BigInt),
});

describe('settlement leaf', () => {
  it('has the bytes and hashes that ethers gives', () => {
    for (const vector of leaves) {
      const audit = auditOf(vector);
      expect(bytesToHex(auditPreimage(audit))).to.equal(vector.auditPreimage);
      expect(bytesToHex(auditHash(audit))).to.equal(vector.auditHash);
      const curve = curveHash(curveOf(vector.curvePreimage));
      expect(bytesToHex(curve)).to.equal(vector.curveHash);
      const leaf = leafHash(parseAddress(vector.account), curve, auditHash(audit));
      expect(bytesToHex(leaf)).to.equal(vector.leaf);
    }
  });

  it('hashes an audit larger than any that the protocol allows', () => {
    const audit = {
      scores: [],
      accelerated: new Array<bigint>(40).fill(1n),
      runScores: [],
      runParticipants: [],
      runGranted: 0n,
      runAccelerated: new Array<bigint>(40).fill(1n),
    };
    expect(auditPreimage(audit)).to.have.length(auditLength(0, 40));
    expect(auditHash(audit)).to.have.length(WORD);
  });

  it('reads an audit back, and names what is wrong with its bytes', () => {
    for (const vector of leaves) {
      const [tasks, cohorts] = [Number(vector.tasks), Number(vector.cohorts)];
      const bytes = hexToBytes(vector.auditPreimage);
      expect(decodeAudit(bytes, tasks, cohorts)).to.deep.equal({ audit: auditOf(vector) });
      expect(decodeAudit(bytes.slice(1), tasks, cohorts)).to.deep.equal({ fault: 'Length' });
      expect(decodeAudit(bytes, tasks, cohorts + 1)).to.deep.equal({ fault: 'Length' });
      for (let word = 0; word < bytes.length / WORD; word++) {
        const dirty = bytes.slice();
        dirty[word * WORD] = 1;
        expect(decodeAudit(dirty, tasks, cohorts), `word ${word}`).to.deep.equal({ fault: 'Range' });
      }
    }
  });
});

describe('epoch record', () => {
  it('has the hashes that ethers gives', () => {
    for (const vector of cases) {
      const { record, settlement, basis } = vector;
      const { reserve } = record;
      const wad = (name: string): bigint => BigInt(reserve[name] as string);
      const given: EpochRecord = {
        epoch: Number(record.epoch),
        start: Number(record.start),
        end: Number(record.end),
        budget: BigInt(record.budget),
        tasks: record.tasks.map(Number),
        weights: record.weights.map(BigInt),
        minScores: record.minScores.map(BigInt),
        policyHash: parseHash32(record.policyHash),
        price: BigInt(record.price),
        reserve: {
          hasLaw: reserve['hasLaw'] as boolean,
          a: wad('a'),
          b: wad('b'),
          c: wad('c'),
          alpha: wad('alpha'),
          priceRef: wad('priceRef'),
          smoothing: Number(wad('smoothing')),
          rho: wad('rho'),
          priceSource: parseAddress(reserve['priceSource'] as string),
        },
        foundation: parseAddress(record.foundation),
        foundationShare: BigInt(record.foundationShare),
        accountCap: BigInt(record.accountCap),
        accelerationBound: BigInt(record.accelerationBound),
        cohortEnd: Number(record.cohortEnd),
        duration: Number(record.duration),
        window: Number(record.window),
        bond: BigInt(record.bond),
      };
      expect(recordHash(given)).to.equal(vector.recordHash);
      const hash = basisHash({
        recordHash: recordHash(given),
        parentRoot: parseHash32(basis.parentRoot),
        reserve: BigInt(basis.reserve),
        totalCurveHash: parseHash32(basis.totalCurveHash),
      });
      expect(hash).to.equal(vector.basisHash);
      const declared: Settlement = {
        root: parseHash32(settlement.root),
        leafCount: Number(settlement.leafCount),
        participants: settlement.participants.map(Number),
        scoreTotals: settlement.scoreTotals.map(BigInt),
        granted: BigInt(settlement.granted),
        accelerated: settlement.accelerated.map(BigInt),
        reportCid: parseHash32(settlement.reportCid),
      };
      expect(settlementHash(hash, declared)).to.equal(vector.settlementHash);
    }
  });
});
