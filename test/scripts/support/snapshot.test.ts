import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AssertionError, expect } from 'chai';

import { matchSnapshot } from '../../support/snapshot.ts';

describe('matchSnapshot', () => {
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lode-snapshot-'));
    writeFileSync(join(folder, 'gas.json'), '{ "claim": "100" }');
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('accepts the committed figure', () => {
    expect(() => matchSnapshot('gas', 'claim', 100n, folder)).not.to.throw();
  });

  it('rejects another figure, a new name and a new file', () => {
    if (process.env['LODE_SNAPSHOT'] === 'write') return;
    expect(() => matchSnapshot('gas', 'claim', 101n, folder)).to.throw(AssertionError);
    expect(() => matchSnapshot('gas', 'close', 100n, folder)).to.throw(AssertionError);
    expect(() => matchSnapshot('size', 'claim', 100n, folder)).to.throw(AssertionError);
  });
});
