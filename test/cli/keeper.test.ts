import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { run } from '../../src/cli/run.ts';
import { closedByOthers, CONFIRMATIONS, endOf, mine, stepWorld } from '../support/step-world.ts';
import { startLode } from './run-lode.ts';

describe('lode keeper and lode epoch on chain', function () {
  this.timeout(400_000);
  const { stage, operator } = stepWorld();

  /** A command line of the operator, in this process. */
  async function operate(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const said = { stdout: '', stderr: '' };
    const code = await run([...args, '--data', operator.data], {
      out: (text) => (said.stdout += text),
      err: (text) => (said.stderr += text),
      ...{ isTerminal: false, columns: 80, cwd: operator.data },
    });
    return { code, ...said };
  }

  type Document = Record<string, unknown> & { readonly facts: Record<string, unknown> };
  const document = (stdout: string): Document => JSON.parse(stdout) as Document;
  const lines = (stdout: string): Record<string, unknown>[] =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const sentBy = async (): Promise<number> =>
    Number(await stage.ask('eth_getTransactionCount', operator.account, 'latest'));

  it('shows each step, asks before it sends, waits with 4 until it is final, and then has nothing left to do', async () => {
    const early = await operate('epoch', 'close', '--yes');
    expect(early.code, early.stderr).to.equal(4);
    expect(early.stdout).to.match(/^epoch 0: epoch 0 ends on /);
    await endOf(stage);
    const shown = await operate('epoch', 'close', '--dry-run', '--json');
    expect(shown.code, shown.stderr).to.equal(0);
    const { addresses } = stage.world.chain;
    expect(document(shown.stdout)).to.deep.include({
      epoch: 0,
      step: 'close',
      dryRun: true,
      state: 'done',
      reason: null,
    });
    expect(document(shown.stdout).facts).to.deep.include({
      to: addresses.distributor,
      value: '0',
      from: operator.account,
    });
    const asked = await operate('epoch', 'close', '--json');
    expect(asked.code).to.equal(5);
    expect(document(asked.stdout)).to.have.nested.property('error.code', 'NOT_CONFIRMED');
    expect(asked.stderr).to.contain('close would be sent').and.contain('cost: ');
    expect(await sentBy()).to.equal(0);
    const sent = await operate('epoch', 'close', '--yes', '--json');
    expect(sent.code, sent.stderr).to.equal(4);
    expect(document(sent.stdout)).to.deep.include({ state: 'waiting' });
    expect(document(sent.stdout).facts).to.have.property('transaction');
    await mine(stage, CONFIRMATIONS);
    const done = await operate('epoch', 'close', '--epoch', '0', '--yes', '--json');
    expect([done.code, document(done.stdout)['state']]).to.deep.equal([0, 'done']);
    const again = await operate('epoch', 'close', '--epoch', '0', '--yes');
    expect([again.code, again.stdout.split('\n')[0]]).to.deep.equal([0, 'epoch 0: close was done before']);
    expect(await sentBy()).to.equal(1);
    expect((await operate('epoch', 'propose', '--yes')).stdout).to.equal('epoch 0: epoch 0 is not settled yet\n');
    expect((await operate('epoch', 'withdraw', '--yes')).stdout).to.match(/^epoch 0: epoch 0 has to be final first/);
  });

  it('shows a proposal beside the epoch before, proposes it, and makes it final', async () => {
    const closed = await closedByOthers(stage);
    await mine(stage, CONFIRMATIONS);
    const own = await operator.settle(closed);
    const shown = await operate('epoch', 'propose', '--dry-run');
    expect(shown.code, shown.stderr).to.equal(0);
    expect(shown.stdout).to.contain('epoch 0: propose would be sent\n');
    expect(shown.stdout).to.contain(`root: ${own.settlement.root}`).and.contain('leaves: 3 (the epoch before: 0)');
    await operate('epoch', 'propose', '--yes');
    await mine(stage, CONFIRMATIONS);
    expect((await operate('epoch', 'propose', '--yes')).code).to.equal(0);
    const { distributor } = stage.world.chain.contracts;
    await stage.remote.node.travelTo(Number((await distributor.proposalOf(1)).until));
    await operate('epoch', 'finalise', '--yes');
    await mine(stage, CONFIRMATIONS);
    expect((await operate('epoch', 'finalise', '--epoch', '0', '--yes')).code).to.equal(0);
    await operate('epoch', 'withdraw', '--yes');
    await mine(stage, CONFIRMATIONS);
    const paid = await operate('epoch', 'withdraw', '--yes', '--json');
    expect(document(paid.stdout)).to.deep.include({ epoch: 0, state: 'done' });
    expect(await sentBy()).to.equal(3);
  });

  it('does what is due once, tells it line by line as JSON, and ends with the code of what went wrong', async () => {
    await endOf(stage);
    await stage.remote.node.travelTo((await stage.remote.node.time()) + 61);
    await mine(stage, CONFIRMATIONS);
    const refused = await operate('keeper', '--once');
    expect([refused.code, refused.stderr.split('\n')[0]]).to.deep.equal([
      5,
      'lode: nothing was sent, since nobody confirmed it',
    ]);
    const first = await operate('keeper', '--once', '--yes', '--json');
    expect(first.code, first.stderr).to.equal(0);
    const [keeping, ...told] = lines(first.stdout);
    expect(keeping).to.deep.include({
      level: 'info',
      name: 'lode-keeper',
      event: 'keeping',
      account: operator.account,
    });
    expect(Date.parse(String(keeping?.['time'])) > 0).to.equal(true);
    expect(told.map(({ event }) => event)).to.deep.equal(['sending', 'included', 'waiting']);
    await mine(stage, CONFIRMATIONS);
    const run = await operate('epoch', 'run', '--epoch', '0', '--yes');
    expect(run.code, run.stderr).to.equal(0);
    for (const step of ['close', 'ingest', 'score', 'settle', 'publish']) {
      expect(run.stdout).to.contain(`epoch 0: ${step} done`);
    }
    expect(run.stdout).to.contain('in a block: propose 0');
    const balance = await stage.ask('eth_getBalance', operator.account, 'latest');
    await stage.ask('hardhat_setBalance', operator.account, '0x1');
    const { distributor } = stage.world.chain.contracts;
    await mine(stage, CONFIRMATIONS);
    await stage.remote.node.travelTo(Number((await distributor.proposalOf(1)).until));
    const poor = await operate('keeper', '--once', '--yes');
    expect(poor.code, poor.stdout).to.equal(5);
    expect(poor.stdout).to.contain('ALARM epoch 0, finalise: ').and.contain('BALANCE_TOO_SMALL');
    await stage.ask('hardhat_setBalance', operator.account, balance);
    stage.proxies[1].status = 429;
    const busy = await operate('keeper', '--once', '--yes');
    stage.proxies[1].status = null;
    expect(busy.code, busy.stdout).to.equal(4);
    const dry = await operate('keeper', '--dry-run', '--json');
    expect(dry.code, dry.stderr).to.equal(0);
    expect(lines(dry.stdout).filter(({ event }) => event === 'done')).to.have.nested.property('[0].step', 'finalise');
  });

  it('keeps on in a process of its own, alone in its folder, and goes on after it was killed', async () => {
    await endOf(stage);
    await mine(stage, CONFIRMATIONS);
    const { distributor } = stage.world.chain.contracts;
    const start = () => {
      const child = startLode(['keeper', '--data', operator.data, '--yes', '--json']);
      const said = { stdout: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
      return { child, said };
    };
    /** Blocks come until it is so. */
    async function until(isSo: () => Promise<boolean>): Promise<void> {
      for (const deadline = Date.now() + 150_000; !(await isSo());) {
        if (Date.now() > deadline) throw new Error('it never was so');
        await stage.ask('evm_mine');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    const first = start();
    await until(async () => Number(await distributor.nextToClose()) === 1);
    const busy = await operate('keeper', '--once', '--yes', '--json');
    expect([busy.code, document(busy.stdout)]).to.have.nested.property('[1].error.code', 'DATA_FOLDER_BUSY');
    first.child.kill('SIGKILL');
    await once(first.child, 'close');
    await stage.remote.node.travelTo((await stage.remote.node.time()) + 61);
    const second = start();
    await until(async () => Number(await distributor.proposalCount()) === 1);
    second.child.kill('SIGKILL');
    await once(second.child, 'close');
    await stage.remote.node.travelTo(Number((await distributor.proposalOf(1)).until));
    const third = start();
    await until(async () => Number(await distributor.nextToFinalise()) === 1);
    await until(() => Promise.resolve(third.said.stdout.includes('"event":"over"')));
    third.child.kill('SIGTERM');
    const [code] = (await once(third.child, 'close')) as [number | null];
    expect(code).to.equal(143);
    expect(existsSync(join(operator.data, 'lock'))).to.equal(false);
    // Whoever takes the lock away by hand may have started another one: this one ends before it does harm.
    const fourth = start();
    await until(() => Promise.resolve(fourth.said.stdout.includes('"event":"keeping"')));
    const ended = once(fourth.child, 'close');
    await rm(join(operator.data, 'lock'));
    expect((await ended)[0]).to.equal(5);
    expect(fourth.said.stdout).to.contain('DATA_FOLDER_LOST');
    expect(Number(await distributor.proposalCount())).to.equal(1);
    expect(await sentBy()).to.equal(4);
  });
});
