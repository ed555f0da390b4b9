import { expect } from 'chai';

import { parseAddress } from '../../src/protocol/brands.ts';
import type { Contribution } from '../../src/settlement/ledger/rows.ts';
import { splitAccount } from '../../src/simulation/split-account.ts';

const person = parseAddress(`0x${'00'.repeat(19)}f0`);
const other = parseAddress(`0x${'00'.repeat(19)}01`);
const row = (id: string, measure: string, units: bigint, account = person): Contribution => ({
  id,
  account,
  time: 0,
  task: 'messages',
  measure,
  units,
  attributes: {},
});

describe('splitAccount', () => {
  const contributions = [
    row('a', 'text', 7n),
    row('b', 'online', 60n),
    row('c', 'text', 1n),
    row('d', 'text', 9n, other),
  ];
  const usage = [
    { contribution: 'a', account: person, time: 1, attributes: {} },
    { contribution: 'c', account: person, time: 1, attributes: {} },
    { contribution: 'd', account: other, time: 1, attributes: {} },
  ];
  const accounts = [{ account: person, badge: 'verified', since: 0 }];
  const split = splitAccount({ contributions, usage, accounts }, { person, into: 3, copied: new Set(['online']) });
  const of = (measure: string) => split.contributions.filter((each) => each.measure === measure);

  it('shares every row out to the last unit, and what does not divide goes around', () => {
    expect(of('text').map(({ id, account, units }) => [id, account.slice(-2), units])).to.deep.equal([
      ['a', 'f0', 3n],
      ['a.2', 'f1', 2n],
      ['a.3', 'f2', 2n],
      ['c', 'f1', 1n],
      ['d', '01', 9n],
    ]);
  });

  it('gives what only multiplies to every account', () => {
    expect(of('online').map(({ account, units }) => [account, units])).to.deep.equal(
      split.own.map((each) => [each, 60n]),
    );
  });

  it('leaves badges with the person, uses with whoever has the row now, and others alone', () => {
    expect(split.accounts).to.equal(accounts);
    expect(split.usage.map(({ account }) => account.slice(-2))).to.deep.equal(['f0', 'f1', '01']);
    expect(split.own[0]).to.equal(person);
  });
});
