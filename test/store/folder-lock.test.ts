import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { ProtocolError } from '../../src/protocol/errors.ts';
import { lockFolder } from '../../src/store/folder-lock.ts';
import { expectCode } from '../support/expect-code.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WORDS = { code: 'FOLDER_BUSY', who: 'somebody', next: 'wait' };
const NOBODY = 4_194_304_999;

describe('lockFolder', () => {
  const folder = temporaryFolder();
  const lock = (name: string) => lockFolder(folder.path(name), WORDS);
  const lockFile = (name: string) => folder.path(`${name}/lock`);

  /** A lock as this process has it, with something else in it. */
  async function left(name: string, changes: object): Promise<void> {
    const held = await lock(name);
    const own = JSON.parse(await readFile(lockFile(name), 'utf8')) as object;
    await held.release();
    await writeFile(lockFile(name), JSON.stringify({ ...own, ...changes }));
  }

  it('is for one at a time, in one process too, and leaves nothing behind', async () => {
    const first = await lock('plain/deep');
    expect(await first.isHeld()).to.equal(true);
    await expectCode(lock('plain/deep'), 'FOLDER_BUSY', {
      process: process.pid,
      host: hostname(),
      lock: lockFile('plain/deep'),
      next: `wait; if that process is something else, remove ${lockFile('plain/deep')}`,
    });
    await first.release();
    const second = await lock('plain/deep');
    // Released once is released: the lock that came after it stays.
    await first.release();
    expect(await first.isHeld()).to.equal(false);
    expect(await second.isHeld()).to.equal(true);
    await second.release();
    expect(await readdir(folder.path('plain/deep'))).to.deep.equal([]);
  });

  it('lets one of two in that come at the same moment', async () => {
    const came = await Promise.allSettled([lock('two'), lock('two'), lock('two')]);
    const inside = came.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(inside.length).to.equal(1);
    await inside[0]?.release();
  });

  it('is taken over from a process that is gone', async () => {
    await left('gone', { process: NOBODY });
    await (await lock('gone')).release();
  });

  it('is taken over from a process whose number another one has by now', async () => {
    // The number of the process that started this one, which runs; but it was started at another moment.
    await left('reused', { process: process.ppid, started: 'an earlier boot 12345' });
    await (await lock('reused')).release();
    await left('own number', { started: 'an earlier boot 12345' });
    await (await lock('own number')).release();
  });

  it('is taken over from a process that has ended and that nobody has fetched yet', async () => {
    // The shell does not wait for its child, which has ended: it stays in the table of processes.
    const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 30']);
    try {
      const [said] = (await once(parent.stdout, 'data')) as [Buffer];
      const child = Number(said.toString());
      let stat = '';
      while (!/\) Z /.test(stat)) {
        await sleep(20);
        stat = await readFile(`/proc/${child}/stat`, 'utf8');
      }
      const started = `${(await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()} ${stat.split(') ')[1]?.split(' ')[19]}`;
      await left('zombie', { process: child, started });
      await (await lock('zombie')).release();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('stays with a process that runs, also where nobody knows when it was started', async () => {
    await left('alive', { process: process.ppid, started: null });
    await expectCode(lock('alive'), 'FOLDER_BUSY');
    // What locks said before they named a host.
    await writeFile(lockFile('alive'), String(process.ppid));
    await expectCode(lock('alive'), 'FOLDER_BUSY');
    await writeFile(lockFile('alive'), String(NOBODY));
    await (await lock('alive')).release();
  });

  it('stays with another host, of which nobody here knows whether it runs, and says which file to remove', async () => {
    await left('elsewhere', { process: NOBODY, host: 'another-host' });
    const refusal: unknown = await lock('elsewhere').catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(ProtocolError);
    if (!(refusal instanceof ProtocolError)) return;
    expect(refusal.shortMessage).to.contain('another-host');
    expect(refusal.details['next']).to.contain(`remove ${lockFile('elsewhere')}`);
    await rm(lockFile('elsewhere'));
    await (await lock('elsewhere')).release();
  });

  it('stays where a file is that no process has written; an empty one is what a crash of the system leaves', async () => {
    await left('strange', {});
    for (const text of ['{"process":1}', 'hello', '[]', '-5']) {
      await writeFile(lockFile('strange'), text);
      await expectCode(lock('strange'), 'FOLDER_BUSY');
      expect(await readFile(lockFile('strange'), 'utf8')).to.equal(text);
    }
    await writeFile(lockFile('strange'), '');
    await (await lock('strange')).release();
  });

  it('knows when its file was taken away or replaced, and removes no other', async () => {
    const held = await lock('replaced');
    await writeFile(lockFile('replaced'), 'somebody else');
    expect(await held.isHeld()).to.equal(false);
    await held.release();
    expect(await readFile(lockFile('replaced'), 'utf8')).to.equal('somebody else');
  });
});
