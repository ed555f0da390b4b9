import { expect } from 'chai';

import type { Judged } from '../../src/cli/watch/judge.ts';
import type { ProsecutionOptions } from '../../src/cli/watch/prosecution.ts';
import { Prosecution } from '../../src/cli/watch/prosecution.ts';
import type { ProposalMemory } from '../../src/cli/watch/state.ts';

const MEMORY = (): ProposalMemory => ({
  ...{ settlementHash: '0x', epoch: 3, verdict: null, inputs: '', alarms: {}, begun: 0, disproof: null },
});

describe('what a watcher proves', () => {
  it('is nothing where proving itself breaks, which is said and does not end the watch', () => {
    const refused: string[] = [];
    const sender = { refuse: (what: string, code: string) => refused.push(`${what}: ${code}`) };
    const prosecution = new Prosecution({ sender } as unknown as ProsecutionOptions); // nothing else is asked for
    const memory = MEMORY();
    // No proposal is like that: it stands for whatever may break within.
    const judged = { isOpened: true, context: { record: { epoch: 3 } } } as unknown as Judged;
    expect(prosecution.weigh(judged, memory)).to.deep.equal({ kind: 'sound' });
    expect(refused).to.deep.equal(['prove what is wrong in epoch 3: PROSECUTION_FAILED']);
    expect(memory.disproof).to.equal(null);
    const closed = { isOpened: false } as unknown as Judged;
    expect(prosecution.weigh(closed, memory)).to.deep.equal({ kind: 'sound' });
    expect(refused.length).to.equal(1);
  });
});
