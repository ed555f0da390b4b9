import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { whyOutdated } from '../../../scripts/setup/dependencies.mjs';
import { isNewEnough } from '../../../scripts/setup/node.mjs';

describe('choice of Node', () => {
  for (const version of ['22.13.0', 'v22.13.0', '22.14.1', '23.0.0', '24.21.0', '100.0.0']) {
    it(`accepts ${version}`, () => expect(isNewEnough(version)).to.equal(true));
  }
  for (const version of ['22.12.9', 'v20.20.2', '18.99.99', '9.99.0']) {
    it(`rejects ${version}`, () => expect(isNewEnough(version)).to.equal(false));
  }
});

describe('comparison of node_modules with the lock file', () => {
  const entry = { version: '1.0.0', integrity: 'sha512-x' };
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lode-setup-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function given(wanted: object, installed?: object): string | undefined {
    mkdirSync(join(folder, 'node_modules', 'a'), { recursive: true });
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }));
    if (installed) {
      writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
    }
    return whyOutdated(folder);
  }

  it('is content when all is there, optional packages of other platforms aside', () => {
    const wanted = { 'node_modules/a': entry, 'node_modules/b': { ...entry, optional: true } };
    expect(given(wanted, { 'node_modules/a': entry })).to.equal(undefined);
  });

  it('sees that nothing is installed', () => {
    expect(given({ 'node_modules/a': entry })).to.equal('nothing is installed yet');
  });

  it('sees a package that is missing from the list', () => {
    expect(given({ 'node_modules/b': entry }, {})).to.equal('node_modules/b is missing');
  });

  it('sees a package whose folder is gone', () => {
    expect(given({ 'node_modules/b': entry }, { 'node_modules/b': entry })).to.equal('node_modules/b is missing');
  });

  it('sees another version and other content', () => {
    const wanted = { 'node_modules/a': entry };
    expect(given(wanted, { 'node_modules/a': { ...entry, version: '2.0.0' } })).to.equal('node_modules/a has changed');
    expect(given(wanted, { 'node_modules/a': { ...entry, integrity: 'sha512-y' } })).to.equal(
      'node_modules/a has changed',
    );
  });
});
