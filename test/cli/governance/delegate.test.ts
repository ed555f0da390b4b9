import { readFile, writeFile } from 'node:fs/promises';

import { expect } from 'chai';
import { encryptKeystoreJsonSync, Wallet } from 'ethers';

import type { SafeFile } from '../../../src/chain/governance/safe-file.ts';
import { safeChecksum } from '../../../src/chain/governance/safe-file.ts';
import type { Submission } from '../../../src/cli/governance/submit.ts';
import { parseAddress } from '../../../src/protocol/brands.ts';
import type { RemoteWorld } from '../../support/remote-world.ts';
import { startRemoteWorld } from '../../support/remote-world.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { accountOf, storyPreset } from '../../support/world.ts';
import type { ErrorDocument } from '../run-lode.ts';
import { lode } from '../run-lode.ts';

const START = 2_000_000_000;
const WAD = 10n ** 18n;
/** The fourth account of every node of Hardhat. */
const HOLDER = '0x90f79bf6eb2c4f870365e785982e1f101e93b906';

describe('lode governance delegate', function () {
  this.timeout(300_000);
  const files = temporaryFolder();
  let remote: RemoteWorld;
  const key = Wallet.createRandom();

  before(async () => {
    const preset = storyPreset();
    const genesis = [
      { to: parseAddress(HOLDER), amount: 5n * WAD, label: 'a holder' },
      { to: accountOf(key), amount: 7n * WAD, label: 'a holder with a keystore' },
    ];
    remote = await startRemoteWorld(files.path('addresses.json'), {
      start: START,
      preset: { ...preset, token: { ...preset.token, genesis } },
    });
    await remote.node.request('hardhat_setBalance', key.address, `0x${WAD.toString(16)}`);
  });

  after(async () => {
    await remote.close();
  });

  async function run(args: readonly string[]) {
    const { code, stdout, stderr } = await lode(
      ['governance', 'delegate', ...args, '--json'],
      undefined,
      remote.environment,
    );
    return { code, stderr, document: JSON.parse(stdout) as Submission & { error: ErrorDocument } };
  }

  it('turns the tokens of an account of the network into votes', async () => {
    const { gina, carol } = remote.world.actors;
    const { token } = remote.world.chain.contracts;
    const args = [...remote.reach, '--as', gina.address];

    const dry = await run([...args, '--dry-run']);
    expect(dry.code, dry.stderr).to.equal(0);
    expect(dry.document).to.deep.include({ sent: false, account: accountOf(gina) });
    expect(dry.document.transactions[0]).to.deep.include({ target: 'token', hash: null });
    expect(await token.delegates(gina)).to.equal(`0x${'0'.repeat(40)}`);

    const safe = await run([...args, '--safe-json', files.path('safe.json')]);
    expect(safe.document).to.deep.include({ sent: false, safeFile: files.path('safe.json') });
    const file = JSON.parse(await readFile(files.path('safe.json'), 'utf8')) as SafeFile;
    expect(file.meta).to.deep.include({ createdFromSafeAddress: gina.address, checksum: safeChecksum(file) });
    expect(file.transactions.map(({ to, data }) => [to.toLowerCase(), data])).to.deep.equal([
      [remote.world.chain.addresses.token, dry.document.transactions[0]?.data],
    ]);

    const unconfirmed = await run(args);
    expect([unconfirmed.code, unconfirmed.document.error.code]).to.deep.equal([5, 'NOT_CONFIRMED']);

    const done = await run([...args, '--yes']);
    expect(done.code, done.stderr).to.equal(0);
    expect(done.stderr).to.contain('5.00 tokens').and.contain('so far through nobody');
    expect(await token.getVotes(gina)).to.equal(5n * WAD);

    expect((await run([...args, '--to', carol.address, '--yes'])).code).to.equal(0);
    expect([await token.getVotes(gina), await token.getVotes(carol)]).to.deep.equal([0n, 5n * WAD]);
  });

  it('signs with an encrypted key, whose password comes from a file', async () => {
    const { token } = remote.world.chain.contracts;
    await writeFile(
      files.path('key.json'),
      encryptKeystoreJsonSync({ address: key.address, privateKey: key.privateKey }, 'correct horse', {
        scrypt: { N: 1024 },
      }),
    );
    await writeFile(files.path('password'), 'correct horse\n');
    await writeFile(files.path('wrong'), 'battery staple\n');
    const args = ['--addresses', remote.book, '--rpc', remote.node.url, '--keystore', files.path('key.json')];
    const dry = await run([...args, '--dry-run']);
    expect(dry.document, dry.stderr).to.deep.include({ sent: false, account: key.address.toLowerCase() });

    const without = await run([...args, '--yes']);
    expect([without.code, without.document.error.code]).to.deep.equal([6, 'SIGNER_MISSING']);
    const wrong = await run([...args, '--password-file', files.path('wrong'), '--yes']);
    expect([wrong.code, wrong.document.error.code]).to.deep.equal([2, 'PASSWORD_WRONG']);
    expect(wrong.stderr).not.to.contain('battery');

    const done = await run([...args, '--password-file', files.path('password'), '--yes']);
    expect(done.code, done.stderr).to.equal(0);
    expect(await token.getVotes(key)).to.equal(7n * WAD);
  });

  it('says who could have signed, and what belongs together', async () => {
    const stranger = `0x${'ab'.repeat(20)}`;
    const unknown = await run([...remote.reach, '--as', stranger, '--yes']);
    expect([unknown.code, unknown.document.error.code]).to.deep.equal([2, 'SIGNER_UNKNOWN']);
    const misplaced = await run([...remote.reach, '--keystore', files.path('key.json'), '--yes']);
    expect([misplaced.code, misplaced.document.error.code]).to.deep.equal([2, 'OPTION_INVALID']);
    const nobody = await run(['--addresses', remote.book, '--rpc', remote.node.url, '--yes']);
    expect([nobody.code, nobody.document.error.code]).to.deep.equal([6, 'SIGNER_MISSING']);
    const plain = await run([
      ...['--addresses', remote.book, '--rpc', remote.node.url, '--keystore', remote.book],
      ...['--password-file', remote.book, '--yes'],
    ]);
    expect([plain.code, plain.document.error.code]).to.deep.equal([2, 'KEYSTORE_INVALID']);
  });
});
