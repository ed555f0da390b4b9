import { expect } from 'chai';

import { standstill, type SeenBlock } from '../../web/src/data/standstill.ts';

const NOW = 1_800_000_000;
const SEEN: SeenBlock = {
  ...{ block: { time: NOW - 12 }, first: NOW * 1000, last: NOW * 1000, confirmations: 6, isNear: false },
};

describe('nodes that do not follow the chain', () => {
  it('are none as long as blocks come', () => {
    expect(standstill(SEEN)).to.equal(null);
    expect(standstill({ ...SEEN, last: (NOW + 500) * 1000 })).to.equal(null);
  });

  it('are told when no block has come for long', () => {
    expect(standstill({ ...SEEN, last: (NOW + 720) * 1000 })).to.match(/no new block for 12 minutes/);
    expect(standstill({ ...SEEN, last: (NOW + 720) * 1000, isNear: true })).to.match(/no new block for 12 minutes/);
  });

  it('are told when their newest block is old from the beginning', () => {
    const old = { ...SEEN, block: { time: NOW - 3 * 3600 } };
    expect(standstill(old)).to.match(/3 hours old by the clock of this device/);
    // What lies deep below others is older, and a chain of this machine has a clock of its own.
    expect(standstill({ ...old, confirmations: 1000 })).to.equal(null);
    expect(standstill({ ...old, isNear: true })).to.equal(null);
    expect(standstill({ ...SEEN, block: { time: NOW + 999_999 } })).to.equal(null);
  });
});
