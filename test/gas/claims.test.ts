import { expect } from 'chai';
import { network } from 'hardhat';
import type { NetworkConnection } from 'hardhat/types/network';

import { claimCall } from '../../src/chain/calls.ts';
import { parseEvents } from '../../src/chain/events.ts';
import type { Claimable, Pause, Send } from '../support/gas-claims.ts';
import {
  claimFoundation,
  claimMany,
  claimOf,
  claimTo,
  claimToBySig,
  delegateAlice,
  giftTo,
  lastOf,
  setRecipient,
  setRecipientBySig,
} from '../support/gas-claims.ts';
import type { ClaimSize, Need } from '../support/gas-floor.ts';
import {
  batchWork,
  bytesOf,
  claimWork,
  curveWork,
  delegateWork,
  floorOf,
  foundationWork,
  recipientRead,
  setRecipientBySigWork,
  setRecipientWork,
  signatureWork,
} from '../support/gas-floor.ts';
import {
  COHORTS,
  DEPTH,
  freePreset,
  gasWorld,
  INITIAL_DATE,
  runEpoch,
  runEpochs,
  vestingPreset,
} from '../support/gas-world.ts';
import { matchSnapshot } from '../support/snapshot.ts';
import { accountOf } from '../support/world.ts';

const KINDS = [
  { kind: 'vesting', preset: vestingPreset, epochs: COHORTS + 2, cohorts: COHORTS },
  { kind: 'nothing vests', preset: freePreset, epochs: 2, cohorts: 0 },
] as const;

/** How many times the least that its own work can cost a claim may cost. */
const MOST_TIMES = 1.12;

/** What happens before alice's newest leaf is claimed for her, and what that may cost. */
const CLAIMS: readonly {
  readonly name: string;
  readonly before: readonly Send[];
  readonly most: number;
  readonly size: Omit<ClaimSize, 'depth' | 'cohorts'>;
}[] = [
  { name: 'first, new holder', before: [], most: 115_000, size: { paidBefore: false, to: 'new' } },
  {
    name: 'first, existing holder',
    before: [claimOf('bob'), giftTo('alice')],
    most: 95_000,
    size: { paidBefore: false, to: 'holder' },
  },
  { name: 'repeated', before: [claimOf('alice', 'older')], most: 76_000, size: { paidBefore: true, to: 'holder' } },
];

const SIZE = { depth: DEPTH, cohorts: COHORTS };
const FIRST = claimWork({ ...SIZE, paidBefore: false, to: 'new' });
const REPEATED = claimWork({ ...SIZE, paidBefore: true, to: 'holder' });

/** Other ways to be paid, and what miners do besides: the last call counts. And its own work. */
const OTHERS: Readonly<Record<string, readonly [steps: readonly (Send | Pause)[], work: readonly Need[]]>> = {
  'claim, repeated, to a chosen recipient': [
    [setRecipient, claimOf('alice', 'older'), claimOf('alice')],
    [...REPEATED, ...recipientRead],
  ],
  'claim, first, past what the last settlement had unlocked': [
    [{ weeks: 5 }, claimOf('dave')],
    [...FIRST, ...curveWork(COHORTS)],
  ],
  'claimTo, first': [[claimTo], FIRST],
  'claimToBySig, first': [[claimToBySig], [...FIRST, ...signatureWork(6, 'first')]],
  'claimToBySig, repeated': [
    [claimOf('bob'), giftTo('carol'), claimToBySig, { weeks: 1 }, claimToBySig],
    [...REPEATED, ...signatureWork(6, 'later')],
  ],
  'claimFoundation, first': [[claimFoundation], foundationWork(COHORTS, false, 'new')],
  'claimFoundation, repeated': [
    [claimFoundation, { weeks: 1 }, claimFoundation],
    foundationWork(COHORTS, true, 'holder'),
  ],
  setRecipient: [[setRecipient], setRecipientWork],
  setRecipientBySig: [[setRecipientBySig], setRecipientBySigWork],
  'delegate, first': [[claimOf('alice'), delegateAlice], delegateWork],
};

/** How many claims are made together. */
const BATCHES = [1, 2, 5, 10, 20, 50, 100];

for (const { kind, preset, epochs: count, cohorts } of KINDS) {
  describe(`gas: claims, ${kind}`, function () {
    this.timeout(600_000);
    let hardhat: NetworkConnection;
    let small: Claimable;

    before(async () => {
      hardhat = await network.create({ override: { initialDate: INITIAL_DATE } });
      const world = await gasWorld(hardhat, preset());
      const epochs = await runEpochs(world, count);
      small = { hardhat, world, older: epochs.at(-2)!, newest: epochs.at(-1)! };
    });
    after(async () => await hardhat.close());

    let rewind: () => Promise<void>;
    beforeEach(async () => {
      ({ restore: rewind } = await hardhat.networkHelpers.takeSnapshot());
    });
    afterEach(async () => await rewind());

    describe('at 1,000 leaves', () => {
      measureClaims(() => small, `${kind}, 1,000 leaves`, { cohorts, depth: 10 });
    });

    describe('at depth 20', () => {
      let large: Claimable;
      before(async () => {
        const { world, newest } = small;
        large = { hardhat, world, older: newest, newest: await runEpoch(world, newest.settled.next, 'large') };
      });

      measureClaims(() => large, `${kind}, depth 20`, { cohorts, depth: DEPTH });
      if (kind === 'vesting') measureOthers(() => large);
    });
  });
}

function measureClaims(
  claimable: () => Claimable,
  where: string,
  { cohorts, depth }: { readonly cohorts: number; readonly depth: number },
): void {
  it('opens a curve and a proof of full size', () => {
    const { world, newest } = claimable();
    const claim = newest.claimOf(accountOf(world.actors.alice));
    expect(claim.curve.cohorts.length).to.equal(cohorts);
    expect(claim.proof.length).to.equal(depth);
    const { all, notZero } = bytesOf(claimCall(world.chain.addresses, claim).data);
    matchSnapshot('gas', `claim, ${where}, bytes of calldata`, all);
    matchSnapshot('gas', `claim, ${where}, bytes of calldata that are not zero`, notZero);
  });

  for (const { name, before: sends, most, size } of CLAIMS) {
    it(`${name}, not delegated: at most ${most}, and at most ${MOST_TIMES} times its own work`, async () => {
      const receipt = await lastOf(claimable(), ...sends, claimOf('alice'));
      matchSnapshot('gas', `claim, ${where}, ${name}`, receipt.gasUsed);
      expect(Number(receipt.gasUsed)).to.be.at.most(most);
      const floor = await floorOf(receipt, claimWork({ depth, cohorts, ...size }));
      matchSnapshot('gas', `claim, ${where}, ${name}, floor`, floor);
      expect(Number(receipt.gasUsed) / floor).to.be.within(1, MOST_TIMES);
    });

    it(`${name}, delegated`, async () => {
      const { gasUsed } = await lastOf(claimable(), ...sends, delegateAlice, claimOf('alice'));
      matchSnapshot('gas', `claim, ${where}, ${name}, delegated`, gasUsed);
    });
  }
}

function measureOthers(claimable: () => Claimable): void {
  for (const [name, [sends, work]] of Object.entries(OTHERS)) {
    it(`${name}: at most ${MOST_TIMES} times its own work`, async () => {
      const receipt = await lastOf(claimable(), ...sends);
      matchSnapshot('gas', name, receipt.gasUsed);
      const floor = await floorOf(receipt, work);
      matchSnapshot('gas', `${name}, floor`, floor);
      expect(Number(receipt.gasUsed) / floor).to.be.within(1, MOST_TIMES);
    });
  }

  for (const [name, before, size] of [
    ['first, new holders', [], { ...SIZE, paidBefore: false, to: 'new' }],
    ['repeated', ['older'], { ...SIZE, paidBefore: true, to: 'holder' }],
  ] as const) {
    it(`claimMany, ${name}: each is paid, and the more together the cheaper`, async () => {
      const each: number[] = [];
      for (const count of BATCHES) {
        const { restore } = await claimable().hardhat.networkHelpers.takeSnapshot();
        const receipt = await lastOf(
          claimable(),
          ...[...before, 'newest' as const].map((one) => claimMany(one, count)),
        );
        expect(parseEvents(receipt.logs, claimable().world.chain.addresses).claimed.length).to.equal(count);
        each.push(Number(receipt.gasUsed) / count);
        matchSnapshot('gas', `claimMany of ${count}, ${name}, for each`, receipt.gasUsed / BigInt(count));
        const floor = await floorOf(receipt, batchWork(count, size));
        matchSnapshot('gas', `claimMany of ${count}, ${name}, for each, floor`, Math.floor(floor / count));
        await restore();
      }
      expect(each).to.deep.equal([...each].sort((a, b) => b - a));
    });
  }
}
