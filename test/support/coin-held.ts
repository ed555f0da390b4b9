import { expect } from 'chai';

import { DEMAND, PROPOSAL } from './epoch-steps.ts';
import type { Protocol } from './protocol-fixture.ts';

/** Every coin of the distributor by what it is there for; what it holds must be exactly that. */
export async function expectCoinBooked({ distributor }: Pick<Protocol, 'distributor'>): Promise<void> {
  let booked = 0n;
  for (let id = 1n; id <= (await distributor.proposalCount()); id++) {
    const { state, bond } = await distributor.proposalOf(id);
    if (state === PROPOSAL.pending || state === PROPOSAL.vetoed) booked += bond;
  }
  for (const { args } of await distributor.queryFilter(distributor.filters.LeafDemanded())) {
    const { state, deposit } = await distributor.demandOf(args.proposalId, args.index);
    if (state === DEMAND.open) booked += deposit;
  }
  const credits = await distributor.queryFilter(distributor.filters.BondCredited());
  for (const account of new Set(credits.map(({ args }) => args.account))) {
    booked += await distributor.bondCreditOf(account);
  }
  const provider = distributor.runner?.provider;
  const held = await provider?.getBalance(await distributor.getAddress());
  expect(held, 'ROOT-5 coin held == open bonds + open deposits + credits').to.equal(booked);
}
