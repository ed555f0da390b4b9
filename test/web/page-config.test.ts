import { expect } from 'chai';

import { ProtocolError } from '../../src/protocol/errors.ts';
import { pageSurroundings } from '../../src/cli/web/page-settings.ts';
import { parsePageConfig } from '../../web/src/data/page-config.ts';

const GOOD = {
  ...{ format: 'lode-web-v1', title: 'Example', addresses: 'addresses.json', rpc: ['https://node.example/key'] },
  ...{ reports: ['reports/', 'https://ipfs.io/ipfs'], confirmations: 6 },
};

/** What is wrong with some settings, by the path that is named. */
function faultOf(text: string): unknown {
  try {
    parsePageConfig(text);
    return null;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    expect(error.code).to.equal('PAGE_CONFIG_INVALID');
    return error.details['path'] ?? 'all';
  }
}

describe('the settings of the page', () => {
  it('are read as `lode web` and the documentation write them', () => {
    expect(parsePageConfig(JSON.stringify(GOOD))).to.deep.equal({ ...GOOD, pollSeconds: 4 });
    const { config } = pageSurroundings({
      ...{ title: 'A', rpc: ['http://127.0.0.1:8545', 'http://localhost:1'], confirmations: 0, pollSeconds: 0.5 },
      places: [
        { kind: 'folder', at: '/reports' },
        { kind: 'gateway', at: 'https://ipfs.io/ipfs' },
      ],
    });
    expect(parsePageConfig(config).reports).to.deep.equal(['reports/', 'https://ipfs.io/ipfs']);
    expect(faultOf(JSON.stringify({ ...GOOD, rpc: ['rpc', './other'], reports: [] }))).to.equal(null);
  });

  it('name where they are wrong, whatever stands there', () => {
    const wrong: readonly (readonly [string, object])[] = [
      ['rpc/0', { rpc: ['http://node.example'] }],
      ['rpc/0', { rpc: ['https://'] }],
      ['rpc/1', { rpc: ['https://node.example', 'javascript:alert(1)'] }],
      ['rpc/0', { rpc: ['wss://node.example'] }],
      ['rpc/0', { rpc: [['https://somebody', 'x@node.example'].join(':')] }],
      ['rpc', { rpc: ['https://node.example', 'https://NODE.example/'] }],
      ['rpc', { rpc: [] }],
      ['addresses', { addresses: 'data:application/json,{}' }],
      ['reports/1', { reports: ['reports/', 'ftp://files.example'] }],
      ['reports/0', { reports: ['https://files.example/?token=1'] }],
      ['reports/0', { reports: ['https://files.example/#x'] }],
      ['confirmations', { confirmations: 1e9 }],
      ['pollSeconds', { pollSeconds: 0 }],
      ['title', { title: '' }],
      ['', { extra: 1 }],
    ];
    for (const [path, part] of wrong) {
      expect(faultOf(JSON.stringify({ ...GOOD, ...part })), JSON.stringify(part)).to.equal(path);
    }
    for (const text of ['', '<!doctype html>', 'null', '[]', '"lode-web-v1"']) {
      expect(faultOf(text), text).to.be.oneOf(['all', '']);
    }
  });
});
