import { expect } from 'chai';

import { addressesIn, dropUnbegun, dropUnsent } from '../../deploy/resume.ts';

const line = (type: string, futureId?: string) => JSON.stringify({ type, futureId });
const begun = [
  line('DEPLOYMENT_INITIALIZE'),
  line('DEPLOYMENT_EXECUTION_STATE_INITIALIZE', 'A'),
  line('NETWORK_INTERACTION_REQUEST', 'A'),
  line('TRANSACTION_PREPARE_SEND', 'A'),
];

describe('the journal of a deployment that was killed', () => {
  it('stays as it is when every step was begun', () => {
    expect(dropUnbegun(begun)).to.deep.equal(begun);
  });

  it('loses half a line at its end', () => {
    expect(dropUnbegun([...begun, '{"type":"TRANSACTION_SE'])).to.deep.equal(begun);
  });

  it('is refused when a line in its middle is broken', () => {
    expect(() => dropUnbegun(['{"type":', ...begun])).to.throw(SyntaxError);
  });

  it('loses steps that were announced and never begun, and keeps those that need no transaction', () => {
    const named = line('CONTRACT_AT_EXECUTION_STATE_INITIALIZE', 'C');
    const announced = line('CALL_EXECUTION_STATE_INITIALIZE', 'B');
    expect(dropUnbegun([...begun, named, announced])).to.deep.equal([...begun, named]);
  });

  it('tells the addresses of what was deployed and of what was there, and of nothing else', () => {
    const done = (futureId: string, result: object) =>
      JSON.stringify({ type: 'DEPLOYMENT_EXECUTION_STATE_COMPLETE', futureId, result });
    const there = { type: 'CONTRACT_AT_EXECUTION_STATE_INITIALIZE', futureId: 'C', contractAddress: '0xc' };
    const lines = [done('A', { type: 'SUCCESS', address: '0xa' }), done('B', { type: 'REVERTED_TRANSACTION' })];
    expect(addressesIn([...begun, ...lines, JSON.stringify(there)])).to.deep.equal({ A: '0xa', C: '0xc' });
  });

  it('forgets the preparation of a transaction that was never sent, of that step alone', () => {
    const other = line('TRANSACTION_PREPARE_SEND', 'B');
    expect(dropUnsent([...begun, other], 'A')).to.deep.equal([...begun.slice(0, 3), other]);
  });
});
