import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { AddressBook } from '../../src/chain/address-book.ts';
import { connect } from '../../src/chain/connect.ts';
import { refuseWhenOver } from '../../src/cli/governance/advance.ts';
import { liveNetwork } from '../../src/cli/options/live-network.ts';
import { openSender } from '../../src/cli/options/signer.ts';
import { reportError } from '../../src/cli/report-error.ts';
import { ProtocolError, RefusedError } from '../../src/protocol/errors.ts';
import { writeKey } from '../support/keystore.ts';
import { runHere } from '../support/run-here.ts';
import type { ScriptedNode } from '../support/scripted-node.ts';
import { startScriptedNode } from '../support/scripted-node.ts';

describe('what is said before anything is sent', () => {
  let node: ScriptedNode;
  let folder: string;

  before(async () => {
    node = await startScriptedNode(() => ({ result: '0x539' }));
    folder = await mkdtemp(join(tmpdir(), 'lode-before-'));
  });

  after(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  it('of two nodes, which is on another chain', async () => {
    const { provider, close } = await liveNetwork(undefined, node.url);
    const book = { chainId: 1, contracts: {} } as unknown as AddressBook; // no more of it is looked at
    const error = await connect(book, provider).catch((caught: unknown) => caught);
    await close();
    expect(error).to.be.instanceOf(ProtocolError);
    const { host } = new URL(node.url);
    const { code, shortMessage, details } = error as ProtocolError;
    expect(code).to.equal('CHAIN_DIFFERS');
    expect(shortMessage).to.equal(`${host}: the address book is for chain 1, the node is on chain 1337`);
    expect(details).to.deep.include({ endpoint: host });
  });

  it('by a dry run, too, that a password does not open the keystore', async () => {
    const { address, keystore, passwordFile } = await writeKey(join(folder, 'key'));
    const wrong = join(folder, 'wrong.txt');
    await writeFile(wrong, 'another one\n');
    const preview = (file?: string) =>
      openSender({ rpc: node.url, keystore, ...(file === undefined ? {} : { passwordFile: file }) }, folder, {
        sends: false,
      });
    for (const file of [undefined, passwordFile]) {
      const { account, signer, close } = await preview(file);
      await close();
      expect({ account, signer }).to.deep.equal({ account: address.toLowerCase(), signer: null });
    }
    const error = await preview(wrong).catch((caught: unknown) => caught);
    expect((error as ProtocolError).code).to.equal('PASSWORD_WRONG');
  });

  for (const command of [
    ['guardian', 'veto', '1'],
    ['governance', 'propose', '--delay', '2'],
  ]) {
    it(`that lode ${command[0]} ${command[1]} takes no empty reason`, async () => {
      for (const reason of ['', ' \t']) {
        const run = await runHere([...command, '--addresses', 'none.json', '--rpc', node.url, '--reason', reason]);
        expect(run.code, run.err).to.equal(2);
        expect(run.err).to.contain('--reason does not take').and.to.contain('at least a word');
      }
    });
  }

  it('by its help, which options a command cannot do without', async () => {
    const { code, out } = await runHere(['deploy', '--help']);
    expect(code).to.equal(0);
    for (const option of ['--preset', '--network', '--start', '--council', '--operator', '--guardian']) {
      const at = out.indexOf(`  ${option} `);
      const next = out.indexOf('\n  -', at + 1);
      expect(out.slice(at, next), option).to.match(/\(required\)\s*$/);
    }
    expect(out.match(/\(required\)/g)).to.have.length(6);
  });

  it('that nothing is left to be cancelled of what is over', () => {
    for (const state of ['canceled', 'defeated', 'expired', 'executed'] as const) {
      expect(() => refuseWhenOver({ state }), state)
        .to.throw(RefusedError)
        .that.deep.includes({ code: 'NOT_PENDING', details: { state, next: 'nothing is left to do' } });
    }
    for (const state of ['active', 'succeeded', 'pending'] as const) refuseWhenOver({ state });
  });

  it('of moments and amounts, in dates and coins; to programs, in seconds and wei', () => {
    const details = { start: 1_797_249_600, balance: 5n * 10n ** 17n, next: 'wait' };
    const error = new RefusedError({ code: 'X', shortMessage: 'no', details });
    const written = { out: '', err: '' };
    const io = {
      out: (text: string) => (written.out += text),
      err: (text: string) => (written.err += text),
      ...{ isTerminal: false, columns: 80, cwd: '/' },
    };
    reportError(error, { io, json: true });
    expect(written.err).to.contain('  start: 2026-12-14T12:00:00Z\n  balance: 0.500000 of the native coin\n');
    const { error: document } = JSON.parse(written.out) as { error: { details: unknown } };
    expect(document.details).to.deep.equal({ start: 1_797_249_600, balance: '500000000000000000' });
  });
});
