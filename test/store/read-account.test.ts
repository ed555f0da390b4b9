import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { parseAddress } from '../../src/protocol/brands.ts';
import { InputError } from '../../src/protocol/errors.ts';
import { curveHash, totalOf } from '../../src/protocol/vesting-curve.ts';
import { verifyLeaf } from '../../src/protocol/positional-merkle.ts';
import { leafHash } from '../../src/protocol/settlement-leaf.ts';
import { hexToBytes } from '../../src/protocol/words.ts';
import { explainAccount, readProof } from '../../src/store/read-account.ts';
import type { Replay } from '../../src/store/replay.ts';
import { verify } from '../../src/store/verify.ts';
import { testAddress } from '../support/history.ts';
import { runSmallReplay } from '../support/small-replay.ts';

describe('one account of a report', function () {
  this.timeout(120_000);
  let folder: string;
  let made: Replay;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lode-account-'));
    made = await runSmallReplay(folder);
  });
  after(() => rm(folder, { recursive: true }));

  it('has a proof that verifies, for every account and the newest epoch', async () => {
    for (const { account, granted } of made.document.accounts!) {
      const proof = await readProof({ folder: made.folder, account: parseAddress(account) });
      expect(proof.epoch).to.equal(8);
      expect(totalOf(proof.curve)).to.equal(granted);
      const leaf = leafHash(proof.account, curveHash(proof.curve), hexToBytes(proof.auditHash));
      const siblings = proof.siblings.map(hexToBytes);
      expect(
        verifyLeaf({ root: hexToBytes(proof.root), leafCount: proof.leafCount, leaf, index: proof.index, siblings }),
      ).to.be.true;
    }
  });

  it('has a proof against an older epoch, also from that epoch’s own folder', async () => {
    const { account } = made.document.accounts![0]!;
    const options = { folder: made.folder, account: parseAddress(account), epoch: 7 };
    const proof = await readProof(options);
    expect(proof.epoch).to.equal(7);
    const { epoch: _, ...rest } = options;
    expect(await readProof({ ...rest, folder: join(made.folder, 'epochs/000007') })).to.deep.equal(proof);
  });

  it('is refused when it never earned anything, and when there is no such report', async () => {
    const nobody = testAddress(777);
    await expectCode(readProof({ folder: made.folder, account: nobody }), 'ACCOUNT_NOT_IN_SHARD');
    await expectCode(readProof({ folder: made.folder, account: nobody, epoch: 99 }), 'REPORT_MISSING');
    await expectCode(readProof({ folder: join(made.folder, 'inputs'), account: nobody }), 'REPORT_MISSING');
  });

  it('is explained from its rows to its wei in every epoch', async () => {
    let granted = 0n;
    let [unlockedEarly, counted] = [0n, 0];
    const account = parseAddress(made.document.accounts![2]!.account);
    for (let epoch = 0; epoch < 9; epoch++) {
      const steps = await explainAccount({ folder: made.folder, account, epoch });
      granted += steps.grant;
      unlockedEarly += steps.acceleration.amount;
      expect(totalOf(steps.after)).to.equal(granted);
      expect(steps.total).to.equal(granted);
      for (const { share, most, grant } of steps.tasks) expect(grant).to.equal(share < most ? share : most);
      const points = steps.days!.reduce((sum, { kept }) => sum + kept, 0n);
      const scores = steps.tasks.reduce((sum, { score }) => sum + score, 0n);
      expect(scores > 0n).to.equal(points > 0n);
      counted += steps.rows!.length;
    }
    expect(granted > 0n && unlockedEarly > 0n && counted > 0).to.be.true;
    expect(granted).to.equal(made.document.accounts![2]!.granted);
  });

  describe('in a folder of published reports without ledger', () => {
    let reports: string;
    before(async () => {
      reports = join(folder, 'reports');
      await cp(join(made.folder, 'epochs'), join(reports, 'epochs'), { recursive: true });
    });

    it('verifies, proves and explains, without rows', async () => {
      expect(await verify(reports)).to.deep.equal({ equal: true, difference: null, epochs: 9 });
      const account = parseAddress(made.document.accounts![0]!.account);
      const steps = await explainAccount({ folder: reports, account });
      expect(steps.rows).to.equal(null);
      expect((await readProof({ folder: reports, account })).epoch).to.equal(8);
    });

    it('tells a change of a figure that nothing is computed from, and a gap', async () => {
      const path = join(reports, 'epochs/000008/manifest.json');
      const text = await readFile(path, 'utf8');
      const digit = /"contributions":"([0-9a-f])/.exec(text)![1]!;
      await writeFile(path, text.replace(/("contributions":")./, `$1${digit === '0' ? '1' : '0'}`));
      const { difference } = await verify(reports);
      expect(difference).to.deep.include({ file: 'epochs/000008/manifest.json', path: '$.check' });
      await writeFile(path, text);
      await rm(join(reports, 'epochs/000004'), { recursive: true });
      expect((await verify(reports)).difference).to.deep.include({ file: 'epochs/000004', expected: 'a report' });
    });
  });
});

async function expectCode(promise: Promise<unknown>, code: string): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(InputError);
  expect((error as InputError).code).to.equal(code);
}
