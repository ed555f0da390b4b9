import { expect } from 'chai';
import { network } from 'hardhat';

import { parseAddress, parseHash32 } from '../../../src/protocol/brands.ts';
import { type EpochRecord, recordHash, type Settlement, settlementHash } from '../../../src/protocol/epoch-record.ts';
import { endOf, epochAt, startOf } from '../../../src/protocol/epoch-clock.ts';
import { buildTree, proofOf, rootOf, verifyLeaf } from '../../../src/protocol/positional-merkle.ts';
import { type Audit, auditHash, auditPreimage, leafHash } from '../../../src/protocol/settlement-leaf.ts';
import { bytesToHex, hexToBytes, WORD } from '../../../src/protocol/words.ts';
import { random, runs } from '../../support/effort.ts';

const { ethers } = await network.create();
const harness = await ethers.deployContract('LibraryHarness');

const EACH = runs(100, 10_000);
const { bits, uniform, index: pick } = random('formats');
const hash = () => parseHash32(`0x${uniform(256).toString(16).padStart(64, '0')}`);
const address = () => parseAddress(`0x${uniform(160).toString(16).padStart(40, '0')}`);
const list = (count: number, size: number): bigint[] => Array.from({ length: count }, () => bits(size));
const times = async (body: () => Promise<void>): Promise<void> => {
  for (let index = 0; index < EACH; index++) await body();
};

describe('Solidity and TypeScript agree on every byte', () => {
  it('the leaf and its audit', async () => {
    await times(async () => {
      const [tasks, cohorts] = [pick(17), pick(27)];
      const audit: Audit = {
        scores: list(tasks, 96),
        accelerated: list(cohorts, 128),
        runScores: list(tasks, 128),
        runParticipants: list(tasks, 32).map(Number),
        runGranted: bits(128),
        runAccelerated: list(cohorts, 128),
      };
      const preimage = bytesToHex(auditPreimage(audit));
      const [fault, decoded] = await harness.decodeAudit(preimage, tasks, cohorts);
      expect(fault).to.equal(0n);
      const fields = {
        scores: [...decoded.scores],
        accelerated: [...decoded.accelerated],
        runScores: [...decoded.runScores],
        runParticipants: [...decoded.runParticipants],
        runGranted: decoded.runGranted,
        runAccelerated: [...decoded.runAccelerated],
      };
      expect(fields).to.deep.equal({ ...audit, runParticipants: audit.runParticipants.map(BigInt) });
      expect(await harness.auditHash(fields)).to.equal(bytesToHex(auditHash(audit)));
      const [account, curve] = [address(), hash()];
      const expected = bytesToHex(leafHash(account, hexToBytes(curve), auditHash(audit)));
      expect(await harness.leafHash(account, curve, bytesToHex(auditHash(audit)))).to.equal(expected);
    });
  });

  it('the record and the settlement', async () => {
    await times(async () => {
      const tasks = pick(17);
      const record: EpochRecord = {
        epoch: Number(bits(32)),
        start: Number(bits(40)),
        end: Number(bits(40)),
        budget: bits(128),
        tasks: list(tasks, 16).map(Number),
        weights: list(tasks, 64),
        minScores: list(tasks, 96),
        policyHash: hash(),
        price: bits(256),
        reserve: {
          hasLaw: pick(2) === 1,
          a: bits(64),
          b: bits(64),
          c: bits(128),
          alpha: bits(64),
          priceRef: bits(128),
          smoothing: Number(bits(32)),
          rho: bits(64),
          priceSource: address(),
        },
        foundation: address(),
        foundationShare: bits(64),
        accountCap: bits(64),
        accelerationBound: bits(64),
        cohortEnd: Number(bits(40)),
        duration: Number(bits(40)),
        window: Number(bits(32)),
        bond: bits(128),
      };
      const settlement: Settlement = {
        root: hash(),
        leafCount: Number(bits(32)),
        participants: list(tasks, 32).map(Number),
        scoreTotals: list(tasks, 128),
        granted: bits(128),
        accelerated: list(pick(27), 128),
        reportCid: hash(),
      };
      const lists = { tasks: [...record.tasks], weights: [...record.weights], minScores: [...record.minScores] };
      expect(await harness.recordHash({ ...record, ...lists })).to.equal(recordHash(record));
      const basis = hash();
      const given = {
        ...settlement,
        participants: [...settlement.participants],
        scoreTotals: [...settlement.scoreTotals],
        accelerated: [...settlement.accelerated],
      };
      expect(await harness.settlementHash(basis, given)).to.equal(settlementHash(basis, settlement));
    });
  });

  it('ROOT-3: what verifies as a leaf', async () => {
    await times(async () => {
      const leafCount = 1 + pick(40);
      const leaves = hexToBytes(
        `0x${list(leafCount, 255)
          .map((leaf) => (leaf + 1n).toString(16).padStart(64, '0'))
          .join('')}`,
      );
      const tree = buildTree(leaves);
      const index = pick(leafCount);
      const siblings = [...proofOf(tree, index)];
      const proof = {
        root: rootOf(tree),
        leafCount,
        leaf: leaves.slice(index * WORD, (index + 1) * WORD),
        index,
        siblings,
      };
      const change = pick(5);
      if (change === 1) proof.index = pick(2 * leafCount);
      if (change === 2) siblings.pop();
      if (change === 3) siblings.push(new Uint8Array(WORD));
      if (change === 4) proof.leafCount = pick(80);
      const path = siblings.map(bytesToHex);
      const onChain = await harness.verify(proof.root, proof.leafCount, proof.leaf, proof.index, path);
      expect(onChain, `change ${change}`).to.equal(verifyLeaf(proof));
      if (change === 0) expect(onChain).to.equal(true);
    });
  });

  it('EMIT-3: the clock', async () => {
    await times(async () => {
      const clock = { start: Number(bits(32)), length: 43_200 + pick(31_000_000) };
      const time = clock.start + Number(bits(39));
      const epoch = epochAt(clock, time);
      const expected = [epoch, startOf(clock, epoch), endOf(clock, epoch)].map(BigInt);
      expect([...(await harness.clock(clock.start, clock.length, time))]).to.deep.equal(expected);
    });
  });
});
