import { expect } from 'chai';
import { encodeBytes32String, id, Interface } from 'ethers';

import type { ContractKey } from '../../src/chain/bindings.ts';
import { FACTORIES } from '../../src/chain/bindings.ts';
import { decodeRevert } from '../../src/chain/revert-error.ts';
import { TOLD_ARGUMENTS } from '../../src/chain/revert-words.ts';
import { MedianPriceSource__factory } from '../../types/typechain/factories/contracts/reserve/MedianPriceSource__factory.ts';
import { describeError, reportError } from '../../src/cli/report-error.ts';

const SOMEBODY = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const WAD = 10n ** 18n;
const NOON = 1_797_249_600;

function refused(contract: ContractKey, error: string, values: readonly unknown[]) {
  const abi = new Interface(FACTORIES[contract].abi);
  return decodeRevert(abi.encodeErrorResult(error, [...values]));
}

describe('words for refusals', () => {
  it('speak of errors that contracts have, and of arguments that these have', () => {
    const known = new Map<string, readonly string[]>();
    for (const { abi } of [...Object.values(FACTORIES), MedianPriceSource__factory]) {
      new Interface(abi).forEachError(({ name, inputs }) =>
        known.set(
          name,
          inputs.map((input) => input.name),
        ),
      );
    }
    expect(TOLD_ARGUMENTS.size).to.be.greaterThan(60);
    for (const [error, names] of TOLD_ARGUMENTS) {
      expect([...known.keys()], error).to.include(error);
      expect(known.get(error), error).to.include.members([...names]);
    }
  });

  for (const [contract, error, values, words] of [
    [
      'parameters',
      'EpochParameters_CapOutOfBounds',
      [0, WAD / 1000n, WAD],
      /cap of 0 % is not between 0\.1 % and 100 %/,
    ],
    [
      'parameters',
      'EpochParameters_WindowOutOfBounds',
      [3600, 21_600, 1_209_600],
      /1 hour is not between 6 hours and 14 days/,
    ],
    [
      'parameters',
      'EpochParameters_BondOutOfBounds',
      [0, WAD / 10n, 100n * WAD],
      /0 of the .* 0\.1 of .* 100 of the native coin/,
    ],
    [
      'distributor',
      'EpochDistributor_PauseTooSoon',
      [NOON - 60, NOON],
      /begin on 2026-12-14T12:00:00Z, and now it is .*11:59:00Z/,
    ],
    ['distributor', 'EpochDistributor_NotVetoed', [3, 1], /settlement 3 is pending, and only about a vetoed one/],
    ['distributor', 'EpochDistributor_OperatorSuspended', [SOMEBODY, 2n ** 255n], /suspended until further notice/],
    [
      'governor',
      'MiningGovernor_OutOfRange',
      [encodeBytes32String('votingDelay'), 60, 86_400, 604_800],
      /votingDelay of 1 minute is not between 1 day and 7 days/,
    ],
    [
      'governor',
      'MiningGovernor_OutOfRange',
      [encodeBytes32String('proposalThreshold'), 3n * WAD, 0, WAD],
      /of 3 tokens is not between 0 tokens and 1 tokens/,
    ],
    [
      'governor',
      'GovernorUnexpectedProposalState',
      [1, 0, `0x${'0'.repeat(64)}`],
      /is before its vote, and this takes one that is new/,
    ],
    [
      'governor',
      'GovernorUnexpectedProposalState',
      [1, 2, `0x${'30'.padStart(64, '0')}`],
      /is cancelled, .* carried or queued/,
    ],
    [
      'timelock',
      'AccessControlUnauthorizedAccount',
      [SOMEBODY, id('PROPOSER_ROLE')],
      /only the council schedules, and after the hand-over only the governor/,
    ],
    [
      'timelock',
      'TimelockUnexpectedOperationState',
      [id('x'), `0x${'1'.padStart(64, '0')}`],
      /the operation is not unknown/,
    ],
    [
      'reserve',
      'StabilizationReserve_OutOfRange',
      [encodeBytes32String('alpha'), 2n * WAD, 0, WAD],
      /alpha of 200 % is not between 0 % and 100 %/,
    ],
  ] as const) {
    it(`tell ${error} (${String(values.at(-1)).slice(0, 12)}) with amounts, times and names`, () => {
      const found = refused(contract, error, values);
      expect(found.shortMessage)
        .to.match(words)
        .and.to.match(new RegExp(` \\(${error}\\)$`));
      expect(found.shortMessage).not.to.match(/\d{11}|0x[0-9a-f]{64}/);
    });
  }

  it('stand alone for people, and beside the figures for programs', () => {
    const found = refused('parameters', 'EpochParameters_CapOutOfBounds', [0, WAD / 1000n, WAD]);
    expect(found.details).to.deep.equal({ cap: 0n, min: WAD / 1000n, max: WAD });
    let text = '';
    const io = {
      out: () => undefined,
      err: (line: string) => (text += line),
      isTerminal: false,
      columns: 80,
      cwd: '/',
    };
    expect(reportError(found, { io, json: false })).to.equal(5);
    expect(text.split('\n')).to.have.length(3);
    expect(text).not.to.contain('1000000000000000');
    expect(describeError(refused('governor', 'GovernorAlreadyCastVote', [SOMEBODY])).next).to.equal(
      'nothing is left to do',
    );
  });

  it('leave the figures to errors that nobody is likely to meet', () => {
    const found = refused('vault', 'VestingVault_CurveAboveGranted', [2, 1]);
    expect(found.shortMessage).to.equal('VestingVault_CurveAboveGranted(total 2, granted 1)');
  });
});
