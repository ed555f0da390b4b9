import { mkdir, writeFile } from 'node:fs/promises';

import { expect } from 'chai';

import { parseConfig, readConfig } from '../../src/operator/config.ts';
import { configPath, epochsIn, lockData } from '../../src/operator/data-folder.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { expectCode } from '../support/expect-code.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LEAST = {
  format: 'lode-operator-v1',
  addresses: 'addresses.json',
  rpc: ['http://127.0.0.1:8545'],
  ledger: { contributions: ['rows/a.csv'] },
};

const RECORDER = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

describe('an operator’s settings', () => {
  const folder = temporaryFolder();
  const parse = (given: object) => parseConfig(JSON.stringify(given), '/data/lode.config.json');

  it('are complete with what is left out, and their paths start from the file', () => {
    expect(parse(LEAST)).to.deep.equal({
      addresses: '/data/addresses.json',
      rpc: ['http://127.0.0.1:8545'],
      finality: { confirmations: 6 },
      preset: null,
      variant: null,
      changes: null,
      explanations: false,
      engine: { kind: 'duckdb' },
      ledger: {
        contributions: ['/data/rows/a.csv'],
        usage: [],
        accounts: [],
        dropFolder: null,
        map: {},
        lateRows: 'reject',
        graceSeconds: 3600,
        anyRejects: false,
      },
      ingest: null,
      publish: { targets: [], keepEpochs: null },
      signer: null,
      keeper: { pollSeconds: 12, metrics: null, maxFeePerGas: null, withdrawBonds: true },
    });
  });

  it('are read with everything in them', () => {
    const config = parse({
      ...LEAST,
      finality: 'finalized',
      preset: 'mine/preset.jsonc',
      variant: 'daily',
      changes: 'changes.json',
      explanations: true,
      engine: 'clickhouse:https://lode@engine.example/?timeout=60',
      ledger: { ...LEAST.ledger, usage: ['/elsewhere/u.csv'], dropFolder: 'drop', map: { a: 'b' }, lateRows: 'next' },
      ingest: { recorders: [RECORDER], port: 0 },
      publish: {
        targets: [
          { kind: 'directory', path: 'public' },
          { kind: 'http', url: 'https://example.org/put', headersFile: 'headers.txt' },
          { kind: 'ipfs', api: 'http://127.0.0.1:5001' },
        ],
        keepEpochs: 30,
      },
      signer: { keystore: 'key.json' },
      keeper: { pollSeconds: 0.05, maxFeePerGas: '50000000000', metrics: { host: '::1', port: 9090 } },
    });
    expect(config.preset).to.equal('/data/mine/preset.jsonc');
    expect(parse({ ...LEAST, preset: 'langx' }).preset).to.equal('langx');
    expect(config.changes).to.equal('/data/changes.json');
    expect(config.explanations).to.equal(true);
    expect(config.engine).to.deep.equal({
      kind: 'clickhouse',
      url: 'https://engine.example/',
      user: 'lode',
      timeout: 60,
    });
    expect(config.ledger.usage).to.deep.equal(['/elsewhere/u.csv']);
    expect(config.ledger.dropFolder).to.equal('/data/drop');
    expect(config.ingest).to.deep.equal({
      host: '127.0.0.1',
      port: 0,
      recorders: [RECORDER.toLowerCase()],
      maxBatchRows: 20,
      maxBodyBytes: 65_536,
      rowsPerSecond: 4_000,
      maxWaiting: 1_000,
    });
    expect(config.publish.targets[0]).to.deep.equal({ kind: 'directory', path: '/data/public' });
    expect(config.publish.targets[1]).to.include({ headersFile: '/data/headers.txt' });
    expect(config.signer).to.deep.equal({ keystore: '/data/key.json', passwordFile: null });
    expect(config.keeper.maxFeePerGas).to.equal(50_000_000_000n);
  });

  it('say how an engine is named', () => {
    const expected = 'duckdb, or clickhouse:http://USER@HOST:8123 (?timeout=SECONDS behind it, 3600 if absent)';
    for (const engine of ['sqlite', 'clickhouse:tcp://h', null]) {
      expect(() => parse({ ...LEAST, engine }))
        .to.throw(ProtocolError)
        .with.nested.property('details.expected', expected);
    }
  });

  const ledger = (changes: object) => ({ ...LEAST, ledger: { ...LEAST.ledger, ...changes } });
  const wrong: readonly (readonly [what: string, given: unknown, field: string, shown: string])[] = [
    ['another format', { ...LEAST, format: 'lode-operator-v2' }, 'format', '"lode-operator-v2"'],
    ['no address book', { ...LEAST, addresses: undefined }, 'addresses', 'nothing'],
    ['no node', { ...LEAST, rpc: [] }, 'rpc', 'a list'],
    ['one node twice', { ...LEAST, rpc: ['http://a', 'http://a'] }, 'rpc', 'a list'],
    ['a node that is no address, unquoted', { ...LEAST, rpc: ['secret'] }, 'rpc.0', 'string'],
    ['a finality that is none', { ...LEAST, finality: 'latest' }, 'finality', '"latest"'],
    ['negative confirmations', { ...LEAST, finality: { confirmations: -1 } }, 'finality.confirmations', '-1'],
    ['no ledger', { ...LEAST, ledger: undefined }, 'ledger', 'nothing'],
    ['no source of rows', { ...LEAST, ledger: {} }, 'ledger.contributions', 'nothing'],
    ['a path that is empty', ledger({ usage: [''] }), 'ledger.usage.0', '""'],
    ['a misspelled field', ledger({ graceSecond: 5 }), 'ledger.graceSecond', '5'],
    ['a grace that is no whole number', ledger({ graceSeconds: 1.5 }), 'ledger.graceSeconds', '1.5'],
    ['a grace of more than a year', ledger({ graceSeconds: 31_536_001 }), 'ledger.graceSeconds', '31536001'],
    ['a rule that is none', ledger({ lateRows: 'drop' }), 'ledger.lateRows', '"drop"'],
    ['words for yes', ledger({ anyRejects: 'yes' }), 'ledger.anyRejects', '"yes"'],
    ['nobody who may send', { ...LEAST, ingest: { recorders: [] } }, 'ingest.recorders', '[]'],
    ['a recorder that is none', { ...LEAST, ingest: { recorders: ['0x1'] } }, 'ingest.recorders.0', '"0x1"'],
    [
      'batches of more than 20',
      { ...LEAST, ingest: { recorders: [RECORDER], maxBatchRows: 21 } },
      'ingest.maxBatchRows',
      '21',
    ],
    [
      'a target that is none',
      { ...LEAST, publish: { targets: [{ kind: 'ftp' }] } },
      'publish.targets.0.kind',
      'string',
    ],
    ['a poll of nothing', { ...LEAST, keeper: { pollSeconds: 0 } }, 'keeper.pollSeconds', '0'],
    ['a fee in gwei', { ...LEAST, keeper: { maxFeePerGas: '1.5' } }, 'keeper.maxFeePerGas', '"1.5"'],
    ['a raw key', { ...LEAST, signer: { privateKey: 'x' } }, 'signer.keystore', 'nothing'],
    ['an engine that is none, unquoted', { ...LEAST, engine: 'clickhouse:http://h?key=1' }, 'engine', 'string'],
    ['an engine by a number', { ...LEAST, engine: 7 }, 'engine', 'number'],
    ['a list', [], '', '[]'],
  ];
  for (const [what, given, field, shown] of wrong) {
    it(`refuse ${what}`, () => {
      try {
        parseConfig(JSON.stringify(given), '/data/lode.config.json');
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        expect(error.code).to.equal('CONFIG_INVALID');
        expect(error.details).to.include({ field, given: shown, path: '/data/lode.config.json' });
        expect(error.details['expected']).to.be.a('string').and.not.equal('');
        expect(error.shortMessage).to.not.contain('Invalid input');
        return;
      }
      expect.fail('it was taken');
    });
  }

  it('are missed where there are none, and refused where they are no JSON', async () => {
    await expectCode(readConfig(folder.path('nowhere')), 'CONFIG_MISSING');
    await mkdir(folder.path('here'));
    await writeFile(configPath(folder.path('here')), '{');
    await expectCode(readConfig(folder.path('here')), 'CONFIG_INVALID');
    await writeFile(configPath(folder.path('here')), JSON.stringify(LEAST));
    expect((await readConfig(folder.path('here'))).addresses).to.equal(folder.path('here/addresses.json'));
  });
});

describe('a data folder', () => {
  const folder = temporaryFolder();

  it('is one process’s at a time', async () => {
    const lock = await lockData(folder.path('data'));
    await expectCode(lockData(folder.path('data')), 'DATA_FOLDER_BUSY');
    await lock.release();
    await (await lockData(folder.path('data'))).release();
  });

  it('lists its epochs in their order, and nothing else', async () => {
    expect(await epochsIn(folder.path('none'))).to.deep.equal([]);
    for (const name of ['000010', '000002', '1000000', 'notes', '000003.partial-7']) {
      await mkdir(folder.path(`many/epochs/${name}`), { recursive: true });
    }
    expect(await epochsIn(folder.path('many'))).to.deep.equal([2, 10, 1_000_000]);
  });
});
