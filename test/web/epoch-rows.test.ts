import { expect } from 'chai';

import {
  EMPTY_BOOK,
  type BookedDemand,
  type BookedProposal,
  type SettlementBook,
} from '../../src/chain/settlement-book.ts';
import { epochRows } from '../../web/src/data/epoch-rows.ts';

const CLOCK = { start: 1000, length: 100 };
const UNTIL = 1300;

/** A book in which epoch 0 is closed and proposed; only what is looked at here. */
function book(...demands: readonly BookedDemand['state'][]): SettlementBook {
  const proposal = {
    ...{ epoch: 0, proposalId: 1n, state: 'pending', until: UNTIL },
    demands: demands.map((state, index) => ({ index, deadline: 1400, state })),
  } as unknown as BookedProposal;
  const closed = [{ epoch: 0, record: { epoch: 0 } }] as unknown as SettlementBook['closed'];
  return { ...EMPTY_BOOK, closed, proposals: [proposal] };
}

const stageOf = (given: SettlementBook, now: number) => epochRows(given, CLOCK, now).at(-1)?.stage;

describe('where epochs stand', () => {
  it('lets a settlement be made final once its window is over', () => {
    expect(stageOf(book(), UNTIL - 1)).to.equal('open');
    expect(stageOf(book(), UNTIL)).to.equal('due');
  });

  it('does not, as the contract does not, while a leaf is demanded that nobody has shown', () => {
    expect(stageOf(book('answered', 'open'), UNTIL - 1)).to.equal('open');
    expect(stageOf(book('answered', 'open'), UNTIL)).to.equal('demanded');
    expect(stageOf(book('answered'), UNTIL)).to.equal('due');
  });

  it('tells of what runs and of what is over', () => {
    expect(epochRows(EMPTY_BOOK, CLOCK, 1150).map(({ stage }) => stage)).to.deep.equal(['running', 'over']);
    expect(epochRows(EMPTY_BOOK, CLOCK, 999)).to.deep.equal([]);
  });
});
