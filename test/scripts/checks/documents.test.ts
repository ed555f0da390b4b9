import { expect } from 'chai';

import { links } from '../../../scripts/checks/links.ts';
import { words } from '../../../scripts/checks/words.ts';
import { findings } from './support.ts';

describe('check: links', () => {
  it('accepts files, folders, headings, addresses and code', () => {
    const contents = {
      'README.md':
        '# Lode\n\n[a](docs/a.md#the-second-part) [b](docs) [c](https://example.org/x.md) [d](#lode) `[e](f.md)`\n',
      'docs/a.md': '# A\n\n## The `second` part!\n\n[up](../README.md)\n\n```md\n[x](nowhere.md)\n```\n',
    };
    expect(findings(links, contents)).to.deep.equal([]);
  });

  it('rejects a file that is not there', () => {
    expect(findings(links, { 'docs/a.md': 'see\n[b](b.md)' })).to.deep.equal([
      'docs/a.md:2 links to b.md, which is not there',
    ]);
  });

  it('rejects a heading that is not there', () => {
    expect(findings(links, { 'a.md': '# A\n[b](#b)' })).to.have.lengthOf(1);
  });
});

describe('check: words', () => {
  it('accepts what speaks of the project', () => {
    expect(
      findings(words, { 'README.md': 'Run `npm test`. See https://example.org/home/x and test/work/a.ts.' }),
    ).to.deep.equal([]);
  });

  // In pieces, so that this file is not itself a finding.
  const wrong: readonly (readonly [string, string, string])[] = [
    ['a registry host', 'README.md', 'https://registry' + '.example.org/lode'],
    ['a registry host in the lock file', 'package-lock.json', '"resolved": "https' + '://example.org/lode.tgz"'],
    ['a path of one machine', 'docs/a.md', 'see /ho' + 'me/alice/lode'],
    ['how it was made', 'CHANGELOG.md', 'closes issue' + ' #12'],
    ['a registry login', '.npmrc', '_auth' + 'Token=x'],
  ];
  for (const [what, file, text] of wrong) {
    it(`rejects ${what}`, () => {
      expect(findings(words, { [file]: text })).to.have.lengthOf(1);
    });
  }
});
