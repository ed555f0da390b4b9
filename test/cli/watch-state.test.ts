import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { WatchState } from '../../src/cli/watch/state.ts';
import { expectCode } from '../support/expect-code.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DISTRIBUTOR = `0x${'d1'.repeat(20)}`;

describe('WatchState', () => {
  const folder = temporaryFolder();

  it('remembers everything over a restart', async () => {
    const state = await WatchState.open(folder.path('a/b'), 1, DISTRIBUTOR);
    expect(state.memory.cursor).to.equal(null);
    state.memory.cursor = { number: 5, hash: '0x1' };
    state.memory.proposals['3'] = {
      settlementHash: '0x2',
      epoch: 1,
      verdict: null,
      inputs: '',
      alarms: { hidden: 1 },
      begun: 0,
      disproof: null,
    };
    const sent = {
      key: 'disprove 3',
      to: '0x',
      data: '0x',
      value: '0',
      nonce: 1,
      hashes: [],
      state: 'sending',
      block: null,
      offered: null,
      pays: null,
      gas: '21000',
      underpriced: false,
      final: false,
    };
    state.memory.journal.push(sent as (typeof state.memory.journal)[number]);
    await state.save();
    await state.close();
    const again = await WatchState.open(folder.path('a/b'), 1, DISTRIBUTOR);
    expect(again.memory).to.deep.equal(state.memory);
    await again.close();
  });

  it('is for one process at a time; the lock of one that is gone is taken over', async () => {
    const path = folder.path('locked');
    const state = await WatchState.open(path, 1, DISTRIBUTOR);
    await state.close();
    await writeFile(`${path}/lock`, String(process.ppid));
    await expectCode(WatchState.open(path, 1, DISTRIBUTOR), 'WATCH_RUNNING');
    await writeFile(`${path}/lock`, '4194304999');
    await (await WatchState.open(path, 1, DISTRIBUTOR)).close();
  });

  it('is for one of several processes that see the lock of one that is gone at the same moment', async () => {
    const path = folder.path('raced');
    await (await WatchState.open(path, 1, DISTRIBUTOR)).close();
    await writeFile(`${path}/lock`, '4194304999');
    const program = [
      `import { WatchState } from ${JSON.stringify(new URL('../../src/cli/watch/state.ts', import.meta.url).href)};`,
      `process.stdout.write('ready');`,
      `await new Promise((go) => process.stdin.once('data', go));`,
      `const came = await WatchState.open(${JSON.stringify(path)}, 1, '${DISTRIBUTOR}').then(() => 'in', ({ code }) => code);`,
      `process.stdout.write(' ' + came);`,
      `await new Promise((go) => process.stdin.once('data', go));`,
      `process.exit(0);`,
    ].join('\n');
    const racers = Array.from({ length: 3 }, () => {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
      const racer = { child, said: '' };
      child.stdout.on('data', (text: Buffer) => (racer.said += text.toString()));
      return racer;
    });
    const said = async (what: RegExp): Promise<void> => {
      while (!racers.every((racer) => what.test(racer.said))) await sleep(10);
    };
    await said(/ready/);
    for (const { child } of racers) child.stdin.write('go\n');
    await said(/ready \S+/);
    for (const { child } of racers) child.stdin.write('end\n');
    const came = racers.map((racer) => racer.said.slice('ready '.length)).sort();
    expect(came).to.deep.equal(['WATCH_RUNNING', 'WATCH_RUNNING', 'in']);
  }).timeout(120_000);

  it('refuses the memory of another deployment, and a file that is none, and leaves both as they are', async () => {
    const path = folder.path('other');
    const state = await WatchState.open(path, 1, DISTRIBUTOR);
    await state.save();
    await state.close();
    await expectCode(WatchState.open(path, 2, DISTRIBUTOR), 'WATCH_STATE_DIFFERS');
    await expectCode(WatchState.open(path, 1, `0x${'d2'.repeat(20)}`), 'WATCH_STATE_DIFFERS');
    for (const text of ['', '{', '{}', '{"format":"lode-watch-v2"}']) {
      await writeFile(`${path}/state.json`, text);
      await expectCode(WatchState.open(path, 1, DISTRIBUTOR), 'WATCH_STATE_INVALID');
      expect(await readFile(`${path}/state.json`, 'utf8')).to.equal(text);
    }
  });

  it('forgets what is old, never what may still be sent', async () => {
    const state = await WatchState.open(folder.path('long'), 1, DISTRIBUTOR);
    for (let n = 0; n < 500; n++) {
      const entry = { key: `k${n}`, to: '0x', data: '0x', value: '0', nonce: n, hashes: [], block: null };
      const rest = { offered: null, pays: null, gas: null, underpriced: false, final: true };
      state.memory.journal.push({ ...entry, ...rest, state: n === 3 ? 'sending' : 'included' });
      state.memory.proposals[n] = {
        settlementHash: '0x',
        epoch: n,
        verdict: null,
        inputs: '',
        alarms: {},
        begun: 0,
        disproof: null,
      };
    }
    await state.save();
    const { journal, proposals } = state.memory;
    expect(journal.length).to.equal(201);
    expect(journal[0]?.key).to.equal('k3');
    expect(Object.keys(proposals)[0]).to.equal('300');
    await state.close();
  });
});
