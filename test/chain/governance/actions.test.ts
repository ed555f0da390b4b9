import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { ACCESS_TABLE } from '../../../deploy/roles.ts';
import type { GovernedContract } from '../../../src/chain/governance/action.ts';
import { ACTIONS, WITHOUT_ACTION } from '../../../src/chain/governance/actions.ts';
import { SLOTS } from '../../../src/chain/governance/simulate.ts';
import { FLAGS } from '../../../src/chain/governance/wishes.ts';

const PART: Readonly<Record<string, GovernedContract>> = {
  MiningAuthority: 'authority',
  MiningToken: 'token',
  TaskRegistry: 'registry',
  StabilizationReserve: 'reserve',
  VestingVault: 'vault',
  EpochParameters: 'parameters',
  EpochDistributor: 'distributor',
  UnitPool: 'unitPool',
  MiningGovernor: 'governor',
  MiningTimelock: 'timelock',
  MedianPriceSource: 'priceSource',
};

/** Everything that is called by what the timelock executes, as the table of rights has it. */
const GOVERNED = ACCESS_TABLE.filter(
  ({ role, delay }) => ['GOVERNANCE', 'TIMELOCK', 'TIMELOCK_ADMIN', 'ADMIN'].includes(role) && delay === 'timelock',
).flatMap(({ contract, functions, closed }) =>
  functions.map((name) => ({ contract, name, isClosed: closed?.by !== undefined && Object.hasOwn(closed.by, name) })),
);

describe('the catalogue of governed actions', () => {
  it('has an action for every function that governance may call, or says why there is none', () => {
    expect(GOVERNED.length).to.be.greaterThan(20);
    for (const { contract, name, isClosed } of GOVERNED) {
      const has = ACTIONS.some((one) => one.contract === PART[contract] && Object.hasOwn(one.functions, name));
      const hasReason = isClosed || Object.hasOwn(WITHOUT_ACTION, `${contract}.${name}`);
      expect([has, hasReason], `${contract}.${name}`).to.deep.equal([!hasReason, hasReason]);
    }
  });

  it('has no function but those', () => {
    const governed = new Set(GOVERNED.map(({ contract, name }) => `${PART[contract]!}.${name}`));
    const other = ACTIONS.flatMap(({ contract, functions }) =>
      Object.keys(functions).map((name) => `${contract}.${name}`),
    );
    expect(other.filter((name) => !governed.has(name))).to.deep.equal([]);
  });

  it('takes every option of the command line exactly once', () => {
    const taken = ACTIONS.flatMap(({ wishes }) => wishes);
    expect(taken.toSorted()).to.deep.equal(Object.keys(FLAGS).sort());
    for (const [wish, { option }] of Object.entries(FLAGS)) {
      expect(option.replace(/-[a-z]/g, (letters) => letters.slice(1).toUpperCase())).to.equal(wish);
    }
  });

  it('pretends in the slots in which the contracts keep it', () => {
    const slotOf = (contract: string, variable: string) => {
      const file = readFileSync(new URL(`../../../snapshots/storage/${contract}.json`, import.meta.url), 'utf8');
      const layout = Object.keys(JSON.parse(file) as Record<string, string>);
      return BigInt(/^slot (\d+), byte 00: /.exec(layout.find((key) => key.endsWith(`: ${variable}`))!)![1]!);
    };
    expect(SLOTS).to.deep.equal({
      timestamps: slotOf('MiningTimelock', '_timestamps'),
      byHolders: slotOf('MiningTimelock', '_byHolders'),
      governanceCall: slotOf('MiningGovernor', '_governanceCall'),
    });
  });
});

describe('an option of a governed action', () => {
  const reads = (wish: keyof typeof FLAGS, text: string): unknown => FLAGS[wish].parse(text);

  it('reads what people write, exactly', () => {
    expect(reads('setWeight', 'translation=0.35')).to.deep.equal({ name: 'translation', value: 35n * 10n ** 16n });
    expect(reads('setWeight', 'a=b=7/20')).to.deep.equal({ name: 'a=b', value: 35n * 10n ** 16n });
    expect(reads('foundationShare', '12.5%')).to.equal(125n * 10n ** 15n);
    expect(reads('window', '36 hours')).to.equal(129_600);
    expect(reads('bond', '0.5')).to.equal(5n * 10n ** 17n);
    expect(reads('reserve', 'smoothing=52')).to.deep.equal({ name: 'smoothing', value: 52n });
    expect(reads('reserve', 'rho=1/50')).to.deep.equal({ name: 'rho', value: 2n * 10n ** 16n });
    expect(reads('law', 'off')).to.equal(false);
    expect(reads('priceSource', 'none')).to.equal(`0x${'0'.repeat(40)}`);
    expect(reads('ruleVeto', '3=lifted')).to.deep.equal({ proposal: 3n, upheld: false });
    expect(reads('allot', `0x${'ab'.repeat(20)}=5`)).to.deep.equal({ account: `0x${'ab'.repeat(20)}`, units: 5n });
    expect(reads('setReporter', '2=none')).to.deep.equal({ seat: 2, account: `0x${'0'.repeat(40)}` });
  });

  it('reads nothing else', () => {
    const wrong: readonly (readonly [keyof typeof FLAGS, string])[] = [
      ['setWeight', 'translation'],
      ['setWeight', '=0.3'],
      ['setWeight', 'translation=-1'],
      ['addTask', 'dictation=1e-1'],
      ['reserve', 'd=1'],
      ['reserve', 'smoothing=1.5'],
      ['law', 'yes'],
      ['priceSource', '0x12'],
      ['window', '2'],
      ['bond', '1,5'],
      ['cohortEpochs', '4294967296'],
      ['ruleVeto', '3=no'],
      ['allot', `0x${'ab'.repeat(20)}=0`],
      ['grantOperator', '0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B'.replace('A', 'a')],
      ['setReporter', 'x=none'],
    ];
    for (const [wish, text] of wrong) expect(reads(wish, text), text).to.equal(undefined);
  });
});
