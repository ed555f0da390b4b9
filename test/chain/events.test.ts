import { expect } from 'chai';
import { AbiCoder, keccak256 } from 'ethers';

import { FACTORIES } from '../../src/chain/bindings.ts';
import { closeCall, proposeCall } from '../../src/chain/calls.ts';
import { recordToChain, settlementToChain } from '../../src/chain/convert.ts';
import { parseEvents } from '../../src/chain/events.ts';
import { parseAddress, parseHash32, ZERO_ADDRESS } from '../../src/protocol/brands.ts';
import type { EpochRecord, Settlement } from '../../src/protocol/epoch-record.ts';
import { recordHash, settlementHash } from '../../src/protocol/epoch-record.ts';
import { InvariantError } from '../../src/protocol/errors.ts';

const WAD = 10n ** 18n;
const at = (digit: string) => parseAddress(`0x${digit.repeat(40)}`);
const hash = (digit: string) => parseHash32(`0x${digit.repeat(64)}`);

const ADDRESSES = {
  authority: at('1'),
  timelock: at('2'),
  token: at('3'),
  curve: at('4'),
  registry: at('5'),
  reserve: at('6'),
  vault: at('7'),
  parameters: at('8'),
  verifier: at('f'),
  distributor: at('9'),
  governor: at('a'),
  handover: at('d'),
  canceller: at('e'),
};

const RECORD: EpochRecord = {
  epoch: 3,
  start: 2_000_000_000,
  end: 2_000_604_800,
  budget: 97_000n * WAD,
  tasks: [1, 4, 9],
  weights: [WAD / 2n, WAD / 4n, WAD / 4n],
  minScores: [1n, 2n, 3n],
  policyHash: hash('a'),
  price: 12_345n,
  reserve: {
    hasLaw: true,
    a: WAD,
    b: WAD / 50n,
    c: 135n * WAD,
    alpha: WAD / 10n,
    priceRef: WAD,
    smoothing: 30,
    rho: WAD / 100n,
    priceSource: at('b'),
  },
  foundation: at('c'),
  foundationShare: WAD / 10n,
  accountCap: WAD,
  accelerationBound: WAD / 4n,
  cohortEnd: 2_001_209_600,
  duration: 15_724_800,
  window: 172_800,
  bond: WAD,
};

const SETTLEMENT: Settlement = {
  root: hash('d'),
  leafCount: 7,
  participants: [1, 2, 3],
  scoreTotals: [10n, 20n, 30n],
  granted: 5n,
  accelerated: [0n, 9n],
  reportCid: hash('e'),
};

const distributor = FACTORIES.distributor.createInterface();

function closedLog(record: EpochRecord, said: string, address: string = ADDRESSES.distributor) {
  const { data, topics } = distributor.encodeEventLog('EpochClosed', [3, said, 0, recordToChain(record)]);
  return { address, data, topics };
}

describe('records and settlements', () => {
  it('hash in the twin as the contract encodes them', () => {
    const propose = distributor.getFunction('propose');
    const coder = AbiCoder.defaultAbiCoder();
    const [record, settlement] = propose.inputs;
    expect(recordHash(RECORD)).to.equal(keccak256(coder.encode([record!], [recordToChain(RECORD)])));
    const basis = hash('f');
    const encoded = coder.encode(['bytes32', settlement!], [basis, settlementToChain(SETTLEMENT)]);
    expect(settlementHash(basis, SETTLEMENT)).to.equal(keccak256(encoded));
  });
});

describe('parseEvents', () => {
  it('gives a closed epoch back as it was', () => {
    const { closed } = parseEvents([closedLog(RECORD, recordHash(RECORD))], ADDRESSES);
    expect(closed).to.deep.equal([{ epoch: 3, recordHash: recordHash(RECORD), priceReason: 'Used', record: RECORD }]);
  });

  it('does not believe a node whose record does not hash to what the event says', () => {
    const raised = { ...RECORD, budget: RECORD.budget + 1n };
    expect(() => parseEvents([closedLog(raised, recordHash(RECORD))], ADDRESSES))
      .to.throw(InvariantError)
      .with.property('code', 'RECORD_HASH_DIFFERS');
  });

  it('passes over logs of other contracts, and events that it does not need', () => {
    const foreign = closedLog(RECORD, recordHash(RECORD), ZERO_ADDRESS);
    const other = distributor.encodeEventLog('OperatorReadmitted', [ZERO_ADDRESS]);
    const noise = { address: ADDRESSES.distributor, data: '0x', topics: [hash('1')] };
    const events = parseEvents([foreign, { address: ADDRESSES.distributor, ...other }, noise], ADDRESSES);
    expect(Object.values(events).every((list: readonly unknown[]) => list.length === 0)).to.equal(true);
  });
});

describe('calls', () => {
  it('carry the bond with a proposal, and nothing with anything else', () => {
    expect(proposeCall(ADDRESSES, RECORD, SETTLEMENT, hash('f'))).to.include({ to: ADDRESSES.distributor, value: WAD });
    expect(closeCall(ADDRESSES)).to.include({ to: ADDRESSES.distributor, value: 0n });
  });
});
