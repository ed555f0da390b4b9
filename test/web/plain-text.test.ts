import { expect } from 'chai';

import { plainLine, plainText } from '../../web/src/format/plain-text.ts';

describe('words of strangers', () => {
  it('stay as they are where they are plain, in any language, with their lines', () => {
    for (const text of [
      'Grüße,\nzwei Zeilen',
      'שלום',
      'می‌خواهم',
      '👩‍🚀 done',
      'tiếng Việt',
      '<b>bold</b> & https://a.example',
    ]) {
      expect(plainText(text)).to.equal(text);
    }
  });

  it('cannot turn the direction of what follows, nor hide anything', () => {
    const hidden = [
      '\u202e',
      '\u2066',
      '\u200f',
      '\u061c',
      '\u200b',
      '\u00ad',
      '\ufeff',
      '\u{e0041}',
      '\u2028',
      '\u0000',
      '\ud800',
    ];
    for (const one of hidden) expect(plainText(`a${one}b`)).to.match(/^a\ufffd+b$/);
  });

  it('keep their line breaks however these are written', () => {
    expect(plainText('a\r\nb\tc')).to.equal('a\nb c');
  });

  it('cannot heap marks upon a letter until they cover other lines', () => {
    expect(plainText(`a${'\u0301'.repeat(500)}b`)).to.equal(`a${'\u0301'.repeat(4)}b`);
  });

  it('stay one line where there is one alone', () => {
    expect(plainLine('add a task\n100 % to me\r\nand all')).to.equal('add a task 100 % to me and all');
  });

  it('end where they would be endless, and say so', () => {
    const shown = plainText('x'.repeat(1_000_000));
    expect(shown).to.equal(`${'x'.repeat(4000)}…`);
    expect(plainText('abcdef', 3)).to.equal('abc…');
  });
});
