import { expect } from 'chai';

import type { GovernanceStatus } from '../../../src/chain/governance/status.ts';
import { statusText } from '../../../src/cli/output/governance-status.ts';
import { parseAddress } from '../../../src/protocol/brands.ts';

const WAD = 10n ** 18n;
const PROPOSER = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const OTHER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

/** How the status shows a proposal with this description. */
function shown(description: string): string {
  const settings = {
    ...{ votingDelay: 86_400, votingPeriod: 432_000, lateQuorum: 86_400, queuePeriod: 604_800, timelockDelay: 172_800 },
    ...{ proposalThreshold: WAD, quorum: WAD / 10n, quorumFloor: WAD },
  };
  const proposal = {
    ...{ id: 12_345n, short: '12345', state: 'active' as const, proposer: parseAddress(PROPOSER), description },
    ...{ descriptionHash: '', operation: '', calls: [], words: ['one call'], voted: null, weight: null, quorum: WAD },
    ...{ voteStart: 1_900_000_000, voteEnd: 1_900_086_400, queueUntil: 0, readyAt: 0 },
    votes: { for: WAD, against: 0n, abstain: 0n },
  };
  const status: GovernanceStatus = {
    ...{ block: 7, time: 1_900_000_001, inOffice: 'holders', council: parseAddress(OTHER), settings },
    ...{ circulating: WAD, supply: WAD, quorum: WAD, delegated: WAD, delegates: [], operations: [], power: null },
    ...{ vetoes: [], suspended: [], proposals: [proposal] },
    handover: { done: true, votes: WAD, needed: WAD, minimum: WAD, openAfter: 0, standing: 0 },
  };
  return statusText(status).split('before the holders\n')[1]!;
}

describe('a proposal in the status', () => {
  it('stands without the words that hold it to its proposer, and indented whatever its lines are', () => {
    const by = `, by ${PROPOSER.toLowerCase()}\n    active: `;
    expect(shown(`fewer whales\n#proposer=${PROPOSER}`)).to.contain(`  12345  fewer whales${by}`);
    expect(shown(`fewer\nwhales\n#proposer=${PROPOSER}`)).to.contain(`  12345  fewer\n    whales${by}`);
    for (const text of ['fewer', `a\n#proposer=${PROPOSER}\nb\n#proposer=${PROPOSER}`]) {
      expect(
        shown(text)
          .split('\n')
          .filter((line) => /^\S/.test(line)),
      ).to.deep.equal([]);
    }
  });

  it('keeps what names somebody else, or is no such words', () => {
    expect(shown(`fewer whales\n#proposer=${OTHER}`)).to.contain(`fewer whales\n    #proposer=${OTHER}, by `);
    expect(shown('see #proposer=0x12')).to.contain('see #proposer=0x12, by ');
  });
});
