import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';

import { expect } from 'chai';
import { parse } from 'jsonc-parser';

import { InputError } from '../../src/protocol/errors.ts';
import { parseClaimLine } from '../../src/claims/claim-line.ts';
import { parseConfig } from '../../src/operator/config.ts';
import { requestSchema } from '../../src/settlement/report/replay-document.ts';
import { NOWHERE_BOOK } from '../support/nowhere-book.ts';
import { runHere } from '../support/run-here.ts';
import { PRESET } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { ErrorDocument } from './run-lode.ts';

const NODE = ['--addresses', 'none.json', '--rpc', 'http://127.0.0.1:1'];
const simulate = (...more: readonly string[]) => ['simulate', '--preset', 'lingoai', '--years', '1', ...more];
const score = (...more: readonly string[]) => [
  ...['score', '--preset', PRESET, '--contributions', 'none.csv', '--epoch', '0', ...more],
];
const propose = (...more: readonly string[]) => ['governance', 'propose', '--account-cap', '1%', ...NODE, ...more];

/** What an option expects, and a command line that gives it something else. */
const OPTIONS: readonly (readonly [expected: string, args: readonly string[]])[] = [
  ['a calendar date in UTC such as 2024-01-01, or a moment such as 2024-01-01T06:00:00Z', score('--from', '2024')],
  ['a ledger of your own beside it: --contributions', ['demo', '--from', '2024-01-01']],
  ['a price above zero such as 0.02, or ', simulate('--price', '0')],
  ['an address that begins with http:// or https://', ['doctor', '--addresses', 'book.json', '--rpc', 'localhost']],
  ['at least a word: others read it, and it stays on chain', propose('--reason', ' ')],
  [', such as 500 or 100:10000, or a file', simulate('--participants', '1:2:3')],
  ['an epoch from 5 on, which --from names', ['export', 'reports', '--out', 'o', '--from', '5', '--to', '4']],
  [
    '--addresses beside it, which says what to look for there',
    ['export', 'reports', '--out', 'o', '--rpc', 'http://127.0.0.1:1'],
  ],
  ['at most 100000 epochs in all', ['simulate', '--preset', './half-days.json', '--years', '250']],
  ['to be used with --from-chain', ['verify', 'reports', '--rpc', 'http://127.0.0.1:1']],
  ['a folder with reports, or --from-chain in its place', ['verify']],
  ['no folder: it fetches what is published', ['verify', 'reports', '--from-chain']],
  ['the address book of the deployment, for --from-chain', ['verify', '--from-chain']],
  ['the nodes to ask, for --from-chain', ['verify', '--from-chain', '--addresses', 'book.json']],
  ['where reports and inputs are published, for --from-chain', ['verify', '--from-chain', ...NODE]],
  [' bytes: send a part of it', ['claim', '--sponsor', 'large.ndjson', ...NODE]],
  ["names other than '__proto__'", score('--map', '__proto__=corpus')],
  ['nothing, since the preset sells no units', simulate('--units-sold', '5')],
  ["one meaning for 'a', which was already mapped to 'b'", score('--map', 'a=b', 'a=c')],
  ["the ledger's task name, '=' and the preset's, such as corpus=data-contribution", score('--map', 'corpus')],
  [
    "participants, '=' and the part withheld, such as 100=70%, 100=0.7, 1000=7/600 or 1000=1.16666…%",
    ['preset', 'fit', '100', '1=2', '3=4'],
  ],
];

const CONFIG = {
  ...{ format: 'lode-operator-v1', addresses: 'addresses.json', rpc: ['http://127.0.0.1:8545'] },
  ledger: { contributions: ['rows.csv'] },
};
const INGEST = { recorders: [`0x${'1'.repeat(40)}`] };

/** What a field of an operator's settings has to be, and settings in which it is not. */
const SETTINGS: readonly (readonly [expected: string, settings: object])[] = [
  ['an address (0x and 40 hexadecimal digits)', { ingest: { recorders: ['0x12'] } }],
  ['an address (0x…)', { ingest: { recorders: [12] } }],
  ['an address (http:// or https://)', { rpc: ['ftp://a'] }],
  ['at least one address that may send rows', { ingest: { recorders: [] } }],
  ['at least one node', { rpc: [] }],
  ['nodes that differ: one agrees with itself', { rpc: ['http://a', 'http://a'] }],
  ['of the type object', { publish: 5 }],
  ['seconds from 0.05 to 86400', { keeper: { pollSeconds: 0 } }],
  ['tasks of the ledger with tasks of the preset', { ledger: { contributions: ['a'], map: 5 } }],
  ['true or false', { keeper: { withdrawBonds: 'yes' } }],
  ['wei as decimal digits in quotes, or null', { keeper: { maxFeePerGas: '1e9' } }],
  ['where the rows come from', { ledger: null }],
  ['a whole number from 1 to 20', { ingest: { ...INGEST, maxBatchRows: 21 } }],
];

describe('what is expected instead', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  before(async () => {
    await writeFile(folder.path('book.json'), NOWHERE_BOOK);
    await mkdir(folder.path('reports'));
    await writeFile(folder.path('large.ndjson'), '');
    await truncate(folder.path('large.ndjson'), 2 ** 27); // of holes
    const lengths = { epochLength: '12 hours', release: { cohortEpochs: '52', over: '26 days' } };
    const preset = parse(await readFile(PRESET, 'utf8')) as { readonly challenge: object };
    const challenge = { ...preset.challenge, window: '6 hours' };
    await writeFile(folder.path('half-days.json'), JSON.stringify({ ...preset, ...lengths, challenge }));
  });

  for (const [expected, args] of OPTIONS) {
    it(`OPTION_INVALID: ${expected}`, async () => {
      const { code, out, err } = await runHere([...args, '--json'], folder.path('.'));
      const { error } = JSON.parse(out) as { readonly error: ErrorDocument };
      expect({ code, error: error.code }, err).to.deep.equal({ code: 2, error: 'OPTION_INVALID' });
      expect(error.details['expected']).to.contain(expected);
    });
  }

  for (const [expected, settings] of SETTINGS) {
    it(`CONFIG_INVALID: ${expected}`, () => {
      const text = JSON.stringify({ ...CONFIG, ...settings });
      expect(() => parseConfig(text, '/data/lode.config.json'))
        .to.throw(InputError)
        .with.nested.include({ code: 'CONFIG_INVALID', 'details.expected': expected });
    });
  }

  it('CLAIM_LINE_INVALID: a signature that is no bytes', () => {
    const [account, hash] = [`0x${'1'.repeat(40)}`, `0x${'2'.repeat(64)}`];
    const signed = { to: account, nonce: '0', deadline: 1, signature: '0xAB' };
    const claim = { epoch: 0, index: 0, curve: { unlocked: '1', cohorts: [] }, auditHash: hash, proof: [] };
    const line = { format: 'lode-claim-v1', chainId: 1, vault: account, account, ...claim, signed };
    expect(() => parseClaimLine(JSON.stringify(line)))
      .to.throw(InputError, 'signed.signature: not bytes in lower case')
      .with.property('code', 'CLAIM_LINE_INVALID');
    expect(parseClaimLine(JSON.stringify({ ...line, signed: { ...signed, signature: '0xab' } })).chainId).to.equal(1);
  });

  it('REPLAY_INVALID: names of inputs that are no hashes', () => {
    const result = requestSchema.safeParse({ preset: 'preset.jsonc' });
    expect(result.error?.issues.map(({ message }) => message)).to.include('not a sha-256 and an ending');
  });
});
