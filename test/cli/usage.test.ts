import { expect } from 'chai';

import { lode, lodeError } from './run-lode.ts';

describe('lode', () => {
  it('prints its version and its help on stdout, from any folder', async () => {
    const [version, help] = await Promise.all([lode(['--version']), lode(['--help'])]);
    expect(version).to.deep.include({ code: 0, stderr: '' });
    expect(version.stdout).to.match(/^\d+\.\d+\.\d+\n$/);
    expect(help.code).to.equal(0);
    expect(help.stdout).to.contain('Usage: lode');
  });

  it('alone shows its help on stderr and fails, since nothing was asked for', async () => {
    const { code, stdout, stderr } = await lode([]);
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.contain('Usage: lode');
  });

  it('names an unknown command and the one that was perhaps meant', async () => {
    const error = await lodeError(2, ['verfiy']);
    expect(error).to.deep.include({ code: 'COMMAND_UNKNOWN', message: "unknown command 'verfiy'" });
    expect(error.details['hint']).to.contain('verify');
  });

  it('names an unknown option and what to do', async () => {
    const { code, stdout, stderr } = await lode(['verify', '--quick', 'x']);
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.contain("unknown option '--quick'").and.contain('next: ');
  });

  it('refuses a private key on the command line without repeating it', async () => {
    const key = '5e'.repeat(32);
    const error = await lodeError(2, ['verify', `--key=0x${key}`]);
    expect(error.code).to.equal('SECRET_ON_COMMAND_LINE');
    const { stdout, stderr } = await lode(['verify', key]);
    expect(JSON.stringify(error) + stdout + stderr).not.to.contain(key);
  });
});
