import { describeAccount } from './account.ts';
import { faultWorld } from './fault-world.ts';
import { describeMachine } from './machine.ts';
import { describeNodes } from './nodes.ts';
import { describeRows } from './rows.ts';

describe('an operator to whom everything happens', function () {
  this.timeout(3_600_000);
  const { world, table } = faultWorld('faults');

  const given = { world: () => world, table };
  describe('with nodes that fail, lie and change their minds', () => {
    describeNodes(given);
  });
  describe('with a machine like others', () => {
    describeMachine(given);
  });
  describe('with an account like others', () => {
    describeAccount(given);
  });
  describe('with a ledger like others', () => {
    describeRows(given);
  });
});
