import { cp } from 'node:fs/promises';

import { expect } from 'chai';

import { parseAddress } from '../../src/protocol/brands.ts';
import { verifyLeaf } from '../../src/protocol/positional-merkle.ts';
import { leafHash } from '../../src/protocol/settlement-leaf.ts';
import { curveHash, unpackCohort } from '../../src/protocol/vesting-curve.ts';
import { hexToBytes } from '../../src/protocol/words.ts';
import type { ReplayDocument } from '../../src/settlement/report/replay-document.ts';
import { testAddress } from '../support/history.ts';
import { runSmallReplay } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { lode, lodeError, lodeJson } from './run-lode.ts';

interface ProofDocument {
  readonly claim: {
    readonly epoch: number;
    readonly account: string;
    readonly index: number;
    readonly curve: { readonly unlocked: string; readonly cohorts: readonly string[] };
    readonly auditHash: string;
    readonly proof: readonly string[];
  };
  readonly root: string;
  readonly leafCount: number;
  readonly granted: string;
}

describe('lode proof and lode explain', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let cwd: string;
  let document: ReplayDocument;
  let account: string;
  const stranger = testAddress(999);

  before(async () => {
    cwd = folder.path('.');
    ({ document } = await runSmallReplay(cwd));
    account = document.accounts![0]!.account;
  });

  function proofArgs(report: string, whose: string, ...more: readonly string[]): string[] {
    return ['proof', '--report', report, '--account', whose, ...more];
  }

  it("proof gives the newest claim, in the vault's shape, and it leads to the root", async () => {
    const { code, json } = await lodeJson(proofArgs('out', account), cwd);
    expect(code).to.equal(0);
    const { claim, root, leafCount, granted } = json as ProofDocument;
    expect(claim).to.deep.include({ epoch: 8, account });
    expect(granted).to.equal(document.accounts![0]!.granted.toString());
    const cohorts = claim.curve.cohorts.map((word) => unpackCohort(BigInt(word)));
    const curve = curveHash({ unlocked: BigInt(claim.curve.unlocked), cohorts });
    const leaf = leafHash(parseAddress(claim.account), curve, hexToBytes(claim.auditHash));
    const siblings = claim.proof.map(hexToBytes);
    expect(verifyLeaf({ root: hexToBytes(root), leafCount, leaf, index: claim.index, siblings })).to.be.true;
    expect(root).to.equal(document.epochs[8]!.root);
  });

  it('proof takes an epoch, a single report, and an address with its checksum', async () => {
    const runs = await Promise.all([
      lodeJson(proofArgs('out', account, '--epoch', '7'), cwd),
      lodeJson(proofArgs('out/epochs/000007', account), cwd),
    ]);
    for (const { json } of runs) expect(json).to.deep.equal(runs[0].json);
    expect((runs[0].json as ProofDocument).claim.epoch).to.equal(7);
  });

  it('both speak to people on stdout', async () => {
    const proof = await lode(proofArgs('out', account), cwd);
    expect(proof).to.deep.include({ code: 0, stderr: '' });
    expect(proof.stdout).to.contain('granted in all').and.contain(document.epochs[8]!.root);
    const explained = await lode(['explain', '--report', 'out', '--account', account, '--epoch', '8'], cwd);
    expect(explained).to.deep.include({ code: 0, stderr: '' });
    for (const heading of [
      '1. What it did',
      '3. Points of the epoch',
      '5. Its part',
      '7. What it has now',
      '1 data-contribution',
      'leaf 1 of ',
    ]) {
      expect(explained.stdout).to.contain(heading);
    }
  });

  it("explain adds an account's epochs up to what it was granted in all", async () => {
    const epochs = await Promise.all(
      document.epochs.map(({ epoch }) =>
        lodeJson(['explain', '--report', 'out', '--account', account, '--epoch', `${epoch}`], cwd),
      ),
    );
    const grants = epochs.map(({ json }) => BigInt((json as { readonly grant: string }).grant));
    expect(grants.reduce((sum, grant) => sum + grant, 0n)).to.equal(document.accounts![0]!.granted);
  });

  it('explain has names of tasks where the preset is, and says what its columns mean', async () => {
    await cp(folder.path('out/epochs'), folder.path('bare/epochs'), { recursive: true });
    const [named, bare, words] = await Promise.all([
      lodeJson(['explain', '--report', 'out', '--account', account, '--epoch', '8'], cwd),
      lodeJson(['explain', '--report', 'bare', '--account', account, '--epoch', '8'], cwd),
      lode(['explain', '--report', 'bare', '--account', account, '--epoch', '8'], cwd),
    ]);
    const names = ({ json }: { readonly json: unknown }) =>
      (json as { readonly tasks: readonly { readonly name: string | null }[] }).tasks.map(({ name }) => name);
    const known = ['data-contribution', 'data-processing', 'cross-lingual-llm', 'validation'];
    expect([names(named), names(bare)]).to.deep.equal([known, [null, null, null, null]]);
    expect(words.stdout).to.contain('its part').and.contain('at most: the account cap, 100.0 % of');
  });

  it("proof says what is free at the epoch's end", async () => {
    const { json } = await lodeJson(proofArgs('out', account), cwd);
    expect((json as { readonly end: number }).end).to.equal(document.epochs[8]!.end);
    expect((json as { readonly free: string }).free).to.equal(document.accounts![0]!.unlocked.toString());
    const { stdout } = await lode(proofArgs('out', account), cwd);
    expect(stdout).to.contain("free at the epoch's end").and.contain(`leaf      1 of ${document.epochs[8]!.leafCount}`);
  });

  it('explain says that an account without a leaf has none', async () => {
    const { json } = await lodeJson(['explain', '--report', 'out', '--account', stranger, '--epoch', '3'], cwd);
    expect(json).to.deep.include({ index: null, grant: '0', total: '0' });
  });

  it('both name what they are not given', async () => {
    for (const [exitCode, code, args] of [
      [6, 'ACCOUNT_NOT_IN_SHARD', proofArgs('out', stranger)],
      [6, 'REPORT_MISSING', proofArgs('out', account, '--epoch', '9')],
      [6, 'FOLDER_MISSING', proofArgs('nowhere', account)],
      [6, 'REPORT_MISSING', proofArgs('.', account)],
      [2, 'ADDRESS_MALFORMED', proofArgs('out', '0x12')],
      [2, 'OPTION_INVALID', proofArgs('out', account, '--epoch', '-1')],
      [2, 'OPTION_INVALID', proofArgs('ledger.csv', account)],
      [6, 'REPORT_MISSING', ['explain', '--report', 'out', '--account', account, '--epoch', '9']],
      [2, 'USAGE', ['explain', '--report', 'out', '--account', account]],
    ] as const) {
      expect((await lodeError(exitCode, args, cwd)).code, args.join(' ')).to.equal(code);
    }
  });
});
