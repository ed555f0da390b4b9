import { expect } from 'chai';
import { network } from 'hardhat';

import { callersOf } from '../../deploy/holders.ts';
import type { Caller } from '../../deploy/roles.ts';
import { ACCESS_TABLE } from '../../deploy/roles.ts';
import type { AccessWorld } from '../support/access/access-world.ts';
import { accessWorld } from '../support/access/access-world.ts';
import { differences } from '../support/access/compare.ts';
import { promiseCheck } from '../support/access/promise-check.ts';
import type { Walked } from '../support/access/walk.ts';
import { nameOf, walk } from '../support/access/walk.ts';
import { runs } from '../support/effort.ts';

interface Part {
  readonly contract?: string;
  readonly caller?: string;
  readonly rounds: number;
}

/** A walk through every function, as everybody; or through those of one contract, as one caller. */
async function walkThrough(access: AccessWorld, { contract, caller, rounds }: Part) {
  const check = await promiseCheck(access);
  const writables = access.writables.filter((one) => contract === undefined || one.contract.name === contract);
  const callers = access.everybody.filter(({ name }) => caller === undefined || name === caller);
  const walked = await walk({
    ...{ world: access.world, writables, callers, moment: access.moment },
    ...{ pool: access.pool, earlier: access.earlier, rounds },
    ...{ sends: check.sends, after: check.after },
  });
  return { walked, views: check.size };
}

const isEqual = (a: 'everybody' | readonly string[], b: 'everybody' | readonly string[]) => String(a) === String(b);

const broken = (walked: readonly Walked[]) => [...new Set(walked.flatMap((one) => one.broken))];

/** The table with one function in the row of another caller, or, without one, in no row. */
function moved(contract: string, name: string, to: Caller | null) {
  return ACCESS_TABLE.flatMap((row) => {
    const has = row.contract === contract && (row.functions as readonly string[]).includes(name);
    if (!has) return [row];
    const rest = { ...row, functions: row.functions.filter((one) => one !== name) } as typeof row; // fewer of the same
    const { closed: _, ...open } = row;
    const other = { ...open, role: to, functions: [name] } as unknown as typeof row; // whichever caller it names
    return to === null ? [rest] : [rest, other];
  });
}

/** What anyone may call and no call of a walk changed anything by: what it takes lies outside of it. */
const IDLE = [
  'AggregatorV3PriceSource.observePhase', // another phase of the feed
  'MiningGovernor.execute', // a vote that was carried and waited
  'MiningGovernor.queue', // a vote that was carried
  'MiningTimelock.onERC1155BatchReceived', // these four change nothing
  'MiningTimelock.onERC1155Received',
  'MiningTimelock.onERC721Received',
  'MiningTimelock.receive',
];

describe('who may call what', function () {
  this.timeout(3_600_000);
  /** The functions that changed something at least once. */
  const effective = new Set<string>();
  const noteEffective = (walked: readonly Walked[]) => {
    for (const { writable, endings } of walked)
      if (endings.some(({ isSilent }) => isSilent === false)) effective.add(nameOf(writable));
  };

  for (const handedOver of [false, true]) {
    describe(handedOver ? 'after the hand-over' : 'in the time of the council', () => {
      let access: AccessWorld;
      let walked: readonly Walked[];
      let views: number;
      before(async () => {
        access = await accessWorld(await network.create(), handedOver);
        ({ walked, views } = await walkThrough(access, { rounds: runs(6, 60) }));
      });

      it('GOV-3 is what the table says, for every function of every contract and for everybody', () => {
        expect(differences(ACCESS_TABLE, walked, access.office)).to.deep.equal([]);
      });

      it('GOV-2, ROOT-2 nothing that was promised changes, whoever calls whatever', () => {
        expect(broken(walked)).to.deep.equal([]);
      });

      it('was tried with calls that get somewhere', () => {
        const all = walked.flatMap(({ endings }) => endings);
        const sent = all.filter(({ isSilent }) => isSilent !== undefined);
        const changing = walked.filter(({ endings }) => endings.some(({ isSilent }) => isSilent === false));
        noteEffective(walked);
        console.log(
          `      ${walked.length} functions, ${access.everybody.length} callers, ${all.length} calls, ` +
            `${sent.length} sent, ${views} views compared after each; ${changing.length} functions had an effect`,
        );
        expect(all.length).to.be.greaterThan(10_000);
        expect(sent.length).to.be.greaterThan(400);
        expect(views).to.be.greaterThan(500);
      });

      it('differs for each function that stands in no row, or in the row of somebody else', () => {
        const blind: string[] = [];
        for (const { writable } of walked) {
          const { contract, name } = writable;
          const row = ACCESS_TABLE.find(
            (one) => one.contract === contract.name && (one.functions as string[]).includes(name),
          )!;
          const isOpen = row.role === 'ANYONE' || row.role === 'OWN_ACCOUNT';
          const others: Caller[] = isOpen ? ['GUARDIAN', 'TIMELOCK'] : ['ANYONE', 'DISTRIBUTOR', 'OPERATOR'];
          const same = (to: Caller) => isEqual(callersOf(to, access.office), callersOf(row.role, access.office));
          for (const to of [null, ...others.filter((other) => !same(other))]) {
            const found = differences(moved(contract.name, name, to), walked, access.office);
            if (!found.some((line) => line.startsWith(`${nameOf(writable)} `)))
              blind.push(`${nameOf(writable)} for ${to}`);
          }
        }
        expect(blind).to.deep.equal([]);
      });
    });
  }

  describe('with nothing proposed, and a veto that nobody ruled about', () => {
    let access: AccessWorld;
    before(async () => (access = await accessWorld(await network.create(), false, 'nothing')));

    it('GOV-3 the distributor lets in whom the table says, and GOV-2 nothing that was promised changes', async () => {
      const { walked } = await walkThrough(access, { contract: 'EpochDistributor', rounds: runs(3, 60) });
      noteEffective(walked);
      expect(differences(ACCESS_TABLE, walked, access.office)).to.deep.equal([]);
      expect(broken(walked)).to.deep.equal([]);
    });

    it('was tried, with the others, with everything in use that somebody may call', () => {
      const roles = new Set<Caller>(['ANYONE', 'OPERATOR', 'GUARDIAN', 'GOVERNANCE', 'ADMIN']);
      const idle = ACCESS_TABLE.filter(({ role }) => roles.has(role)).flatMap((row) =>
        row.functions
          .filter((name) => !(name in (row.closed?.by ?? {})))
          .map((name) => `${row.contract}.${name}`)
          .filter((name) => !effective.has(name)),
      );
      expect(idle.toSorted()).to.deep.equal([...IDLE].toSorted());
    });

    it('is seen to be broken where the table is not sealed', async () => {
      const { world, office } = access;
      const slot = '0x4'; // isSealed, by snapshots/storage/MiningAuthority.json
      const params = [office.contracts.authority, slot, `0x${'00'.repeat(32)}`];
      await world.hardhat.provider.request({ method: 'hardhat_setStorageAt', params });
      expect(await world.chain.contracts.authority.isSealed()).to.equal(false);
      const { walked } = await walkThrough(access, {
        contract: 'MiningAuthority',
        caller: 'MiningTimelock',
        rounds: 30,
      });
      const breaking = new Set(walked.filter((one) => one.broken.length > 0).map(({ writable }) => writable.name));
      expect([...breaking]).to.include.members(['seal', 'setRoleAdmin', 'setTargetClosed', 'updateAuthority']);
      expect(
        differences(ACCESS_TABLE, walked, office).filter((line) => line.includes('should be over')).length,
      ).to.be.greaterThan(3);
    });
  });
});
