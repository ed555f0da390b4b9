import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import type { ExitCode } from '../../src/cli/exit-codes.ts';
import { EXIT_MEANINGS } from '../../src/cli/exit-codes.ts';
import { NOWHERE_BOOK } from '../support/nowhere-book.ts';
import { runHere } from '../support/run-here.ts';
import { PRESET, runSmallReplay } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startLode } from './run-lode.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FROM = '2023-11-14T22:13:20Z';

/** Where nothing listens. */
const NOWHERE = 'http://127.0.0.1:1';
/** How a run ended, and the words on stderr. */
interface Ended {
  readonly code: number | null;
  readonly err: string;
}

/** Every exit code by a run that ends with it. */
describe('the exit codes', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  before(async () => {
    await runSmallReplay(folder.path('.'));
  });

  const replay = (out: string, ...more: readonly string[]) => [
    ...['replay', '--preset', PRESET, '--variant', 'demo', '--contributions', folder.path('ledger.csv')],
    ...['--from', FROM, '--out', folder.path(out), ...more],
  ];

  /** Runs `lode presets` from a copy of the program in which one of its own files is broken. */
  async function brokenInstallation(): Promise<Ended> {
    const installed = folder.path('installed');
    await mkdir(installed);
    for (const part of ['bin', 'scripts/setup', 'src', 'presets', 'package.json', 'tsconfig.json', 'types', 'deploy'])
      await cp(`${ROOT}${part}`, `${installed}/${part}`, { recursive: true });
    await symlink(`${ROOT}node_modules`, `${installed}/node_modules`);
    await writeFile(`${installed}/presets/tnet/preset.jsonc`, '{');
    const env = { ...process.env, NODE_OPTIONS: '' };
    return await ended(spawn(process.execPath, [`${installed}/bin/lode.mjs`, 'presets'], { env }));
  }

  /** Sends a signal to a replay as soon as it reads the ledger. */
  async function stopped(signal: 'SIGINT' | 'SIGTERM'): Promise<Ended> {
    const child = startLode(replay(signal, '--epochs', '100000'));
    child.stderr.on('data', (piece: Buffer) => {
      if (piece.includes('reading') && !child.killed) child.kill(signal);
    });
    const how = await ended(child);
    expect(existsSync(folder.path(signal)), 'a folder that is not whole is not there').to.equal(false);
    return how;
  }

  const ways = {
    0: { run: () => runHere(['verify', folder.path('out')]), says: '' },
    1: { run: brokenInstallation, says: 'the preset tnet that comes with lode is broken' },
    2: { run: () => runHere(['verify', '--all']), says: "unknown option '--all'" },
    3: {
      run: async () => {
        await cp(folder.path('out'), folder.path('altered'), { recursive: true });
        await writeFile(folder.path('altered/epochs/000004/accounts.json'), '{}');
        return await runHere(['verify', folder.path('altered')]);
      },
      says: 'different',
    },
    4: {
      run: async () => {
        await writeFile(folder.path('book.json'), NOWHERE_BOOK);
        return await runHere(['governance', 'status', '--addresses', folder.path('book.json'), '--rpc', NOWHERE]);
      },
      says: '127.0.0.1:1: the node does not answer',
    },
    5: { run: () => runHere(replay('.', '--epochs', '1')), says: 'what stands there is not this replay' },
    6: { run: () => runHere(['verify', folder.path('nowhere')]), says: 'there is no folder' },
    130: { run: () => stopped('SIGINT'), says: 'lode: stopped' },
    143: { run: () => stopped('SIGTERM'), says: 'lode: stopped' },
  } as const satisfies Record<ExitCode, { run: () => Promise<Ended>; says: string }>;

  it('are each produced here', () => {
    expect(Object.keys(ways).map(Number)).to.deep.equal([...EXIT_MEANINGS.keys()]);
  });

  for (const [exit, { run, says }] of Object.entries(ways)) {
    it(`${exit}: ${EXIT_MEANINGS.get(Number(exit) as ExitCode) ?? ''}`, async () => {
      const { code, err } = await run();
      expect({ code, isSaid: err.includes(says) }, err).to.deep.equal({ code: Number(exit), isSaid: true });
    });
  }
});

async function ended(child: ChildProcessWithoutNullStreams | ReturnType<typeof startLode>): Promise<Ended> {
  let err = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, err };
}
