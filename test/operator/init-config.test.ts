import { mkdir, readFile, writeFile } from 'node:fs/promises';

import { expect } from 'chai';

import { run } from '../../src/cli/run.ts';
import { parseConfig } from '../../src/operator/config.ts';
import { configPath } from '../../src/operator/data-folder.ts';
import { makeConfig } from '../../src/operator/init-config.ts';
import { expectCode } from '../support/expect-code.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const at = (n: number): string => `0x${n.toString(16).padStart(2, '0').repeat(20)}`;
const NAMES = [
  ...['authority', 'timelock', 'token', 'curve', 'registry', 'reserve', 'vault', 'parameters', 'verifier'],
  ...['distributor', 'governor', 'handover', 'canceller'],
];
const BOOK = JSON.stringify({
  format: 'lode-addresses-v1',
  ...{ chainId: 31_337, startBlock: 0, preset: { name: 'lingoai', variant: 'demo', hash: `0x${'11'.repeat(32)}` } },
  contracts: Object.fromEntries(NAMES.map((name, n) => [name, at(n + 1)])),
});

describe('lode init', () => {
  const folder = temporaryFolder();

  async function init(...given: readonly string[]) {
    const said = { stdout: '', stderr: '' };
    const code = await run(['init', ...given], {
      out: (text) => (said.stdout += text),
      err: (text) => (said.stderr += text),
      ...{ isTerminal: false, columns: 80, cwd: folder.path('.') },
    });
    return { code, ...said };
  }

  before(async () => {
    await writeFile(folder.path('book.json'), BOOK);
    await writeFile(folder.path('mine.jsonc'), '{}');
  });

  it('writes what its options say and the usual for the rest, and leaves settings alone that are there', async () => {
    await mkdir(folder.path('data'));
    const given = ['--addresses', 'book.json', '--rpc', 'http://127.0.0.1:1', '--contributions', 'data/rows.csv'];
    const first = await init('--data', 'data', ...given, '--publish', 'public', 'ipfs+http://127.0.0.1:5001', '--json');
    expect(first.stderr).to.equal('chain 31337, preset lingoai, variant demo\n');
    expect(first.code).to.equal(0);
    const text = await readFile(configPath(folder.path('data')), 'utf8');
    expect(JSON.parse(first.stdout)).to.deep.equal({
      config: configPath(folder.path('data')),
      settings: JSON.parse(text) as unknown,
    });
    // What lies in the folder moves with it.
    expect(text).to.contain('"rows.csv"');
    expect(parseConfig(text, configPath(folder.path('data')))).to.deep.include({
      addresses: folder.path('book.json'),
      publish: {
        targets: [
          { kind: 'directory', path: folder.path('public') },
          { kind: 'ipfs', api: 'http://127.0.0.1:5001' },
        ],
        keepEpochs: null,
      },
    });
    const again = await init('--data', 'data', ...given);
    expect(again.code).to.equal(5);
    const told = JSON.parse((await init('--data', 'data', ...given, '--json')).stdout) as { error: { code: string } };
    expect(told.error.code).to.equal('CONFIG_EXISTS');
    expect(again.stderr).to.contain('is there already').and.contain('next: edit that file');
    expect(await readFile(configPath(folder.path('data')), 'utf8')).to.equal(text);
  });

  it('takes every setting as an option', async () => {
    const result = await init(
      ...['--data', 'full', '--addresses', 'book.json', '--rpc', 'http://127.0.0.1:1', 'http://127.0.0.1:2'],
      ...['--finalized', '--preset', 'mine.jsonc', '--variant', 'v', '--changes', 'c.json', '--usage', 'u.csv'],
      ...['--accounts', 'a.csv', '--drop-folder', 'drop', '--map', 'chores=data-processing', '--late-rows', 'next'],
      ...['--grace', '60', '--recorders', at(7), '--ingest-port', '0', '--keystore', 'key.json'],
      ...['--password-file', 'password', '--metrics-port', '9090', '--max-fee', '50', '--yes'],
      ...['--publish', 'https://example.org/reports'],
    );
    expect(result.stderr).to.equal('chain 31337, preset lingoai, variant demo\n');
    expect(result.stdout).to.contain('lode keeper --data full --dry-run');
    const config = parseConfig(await readFile(configPath(folder.path('full')), 'utf8'), folder.path('full/x'));
    expect(config).to.deep.include({ finality: 'finalized', preset: folder.path('mine.jsonc'), variant: 'v' });
    expect(config.ledger).to.deep.include({ lateRows: 'next', graceSeconds: 60, dropFolder: folder.path('drop') });
    expect(config.ledger.map).to.deep.equal({ chores: 'data-processing' });
    expect(config.ingest).to.deep.include({ port: 0, recorders: [at(7)] });
    expect(config.signer).to.deep.equal({ keystore: folder.path('key.json'), passwordFile: folder.path('password') });
    expect(config.keeper).to.deep.include({
      maxFeePerGas: 50_000_000_000n,
      metrics: { host: '127.0.0.1', port: 9090 },
    });
  });

  it('says what it cannot know, and refuses what could not be read afterwards', async () => {
    const without = await init('--data', 'none');
    expect(without.code).to.equal(6);
    expect(without.stderr).to.contain('nobody is there to be asked for --addresses');
    expect((await init('--data', 'none', '--addresses', 'nowhere.json')).code).to.equal(6);
    const preset = await init('--data', 'none', '--addresses', 'book.json', '--preset', 'nobodys');
    expect(preset.stderr).to.contain("there is no preset called 'nobodys'").and.contain('presets: langx, lingoai');
    const rpc = await init('--data', 'none', '--addresses', 'book.json');
    expect(rpc.stderr).to.contain('nobody is there to be asked for --rpc');
    const given = ['--data', 'none', '--addresses', 'book.json', '--rpc', 'http://127.0.0.1:1'];
    const sourceless = await init(...given);
    expect(sourceless.code).to.equal(2);
    expect(sourceless.stderr).to.contain('ledger.contributions has to be at least one file');
    const rule = await init(...given, '--contributions', 'x.csv', '--late-rows', 'sometimes');
    expect(rule.stderr).to.contain('ledger.lateRows has to be "reject" or "next"');
    await expectCode(makeNothing(), 'OPTION_MISSING');
  });

  const making = (answers: Readonly<Record<string, string>>, asked: string[]) => ({
    ...{ data: folder.path('asked'), cwd: folder.path('.'), say: () => undefined },
    ask: (question: string, proposed: string) => {
      asked.push(`${question} [${proposed}]`);
      const key = Object.keys(answers).find((word) => question.includes(word));
      return Promise.resolve(key === undefined ? '' : (answers[key] ?? ''));
    },
  });

  const makeNothing = () => makeConfig({}, { ...making({}, []), ask: null });

  it('asks for what no option says, and takes an empty answer for the usual one', async () => {
    const asked: string[] = [];
    const answers = {
      'Address book': 'book.json',
      nodes: 'http://127.0.0.1:1, http://127.0.0.1:2',
      'Files of contributions': 'rows.csv more.csv',
      'on top of': 'finalized',
      published: 'public',
      'encrypted key': 'key.json',
    };
    const text = await makeConfig({ grace: 7 }, making(answers, asked));
    const config = parseConfig(text, configPath(folder.path('asked')));
    expect(config.rpc).to.deep.equal(['http://127.0.0.1:1', 'http://127.0.0.1:2']);
    expect(config.finality).to.equal('finalized');
    expect(config.ledger.contributions).to.deep.equal([folder.path('rows.csv'), folder.path('more.csv')]);
    expect(config.ledger.graceSeconds).to.equal(7);
    expect(config.ledger.lateRows).to.equal('reject');
    expect(config.signer).to.deep.equal({ keystore: folder.path('key.json'), passwordFile: null });
    expect(asked.some((question) => question.includes('Seconds after the end'))).to.equal(false);
    expect(asked.find((question) => question.includes('come after'))).to.contain('[reject]');
    expect(asked.find((question) => question.includes('preset')))
      .to.contain('langx, lingoai')
      .and.contain('[lingoai]');
    expect(config.preset).to.equal(null);
    expect(parseConfig(await makeConfig({}, making({ ...answers, preset: 'langx' }, [])), 'x').preset).to.equal(
      'langx',
    );
    // Without a key nobody asks for its password.
    const plain: string[] = [];
    const { 'encrypted key': _, ...keyless } = answers;
    await makeConfig({}, making(keyless, plain));
    expect(plain.some((question) => question.includes('password'))).to.equal(false);
    await expectCode(makeConfig({}, making({ ...answers, 'on top of': 'many' }, [])), 'CONFIG_INVALID');
  });
});
