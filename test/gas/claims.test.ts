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

/** What must hold of a claim at depth 20 with vesting and the vault's cap, by somebody who has not delegated. */
const MOST_FIRST = 120_000;
const MOST_REPEATED = 90_000;

/** What happens before alice's newest leaf is claimed for her. */
const CLAIMS: readonly { readonly name: string; readonly before: readonly Send[]; readonly most: number }[] = [
  { name: 'first, new holder', before: [], most: MOST_FIRST },
  { name: 'first, existing holder', before: [claimOf('bob'), giftTo('alice')], most: MOST_FIRST },
  { name: 'repeated', before: [claimOf('alice', 'older')], most: MOST_REPEATED },
];

/** Other ways to be paid, and what miners do besides; the last call counts. */
const OTHERS: Readonly<Record<string, readonly (Send | Pause)[]>> = {
  'claim, repeated, to a chosen recipient': [setRecipient, claimOf('alice', 'older'), claimOf('alice')],
  'claim, first, past what the last settlement had unlocked': [{ weeks: 5 }, claimOf('dave')],
  'claimTo, first': [claimTo],
  'claimToBySig, first': [claimToBySig],
  'claimToBySig, repeated': [claimOf('bob'), giftTo('carol'), claimToBySig, { weeks: 1 }, claimToBySig],
  'claimFoundation, first': [claimFoundation],
  'claimFoundation, repeated': [claimFoundation, { weeks: 1 }, claimFoundation],
  setRecipient: [setRecipient],
  setRecipientBySig: [setRecipientBySig],
};

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
    const { data } = claimCall(world.chain.addresses, claim);
    matchSnapshot('gas', `claim, ${where}, bytes of calldata`, data.length / 2 - 1);
  });

  for (const { name, before: sends, most } of CLAIMS) {
    it(`${name}, not delegated: at most ${most}`, async () => {
      const { gasUsed } = await lastOf(claimable(), ...sends, claimOf('alice'));
      matchSnapshot('gas', `claim, ${where}, ${name}`, gasUsed);
      expect(Number(gasUsed)).to.be.at.most(most);
    });

    it(`${name}, delegated`, async () => {
      const { gasUsed } = await lastOf(claimable(), ...sends, delegateAlice, claimOf('alice'));
      matchSnapshot('gas', `claim, ${where}, ${name}, delegated`, gasUsed);
    });
  }
}

function measureOthers(claimable: () => Claimable): void {
  for (const [name, sends] of Object.entries(OTHERS)) {
    it(name, async () => {
      const { gasUsed } = await lastOf(claimable(), ...sends);
      matchSnapshot('gas', name, gasUsed);
    });
  }

  for (const [name, sends] of Object.entries({
    'claimMany of 10, first, new holders': [claimMany('newest', 10)],
    'claimMany of 10, repeated': [claimMany('older', 10), claimMany('newest', 10)],
  })) {
    it(`${name}: each is paid`, async () => {
      const receipt = await lastOf(claimable(), ...sends);
      expect(parseEvents(receipt.logs, claimable().world.chain.addresses).claimed.length).to.equal(10);
      matchSnapshot('gas', `${name}, for each`, receipt.gasUsed / 10n);
    });
  }
}
