import { expect } from 'chai';

import type { AttributesFrom } from '../../../src/settlement/ledger/build-ledger.ts';
import { at, contribution, contributionsOf, DAY, rawFile, START, ledgerOf } from '../../support/ledger.ts';

const reads = (from: number, ...attributes: readonly string[]): AttributesFrom => ({
  from,
  ofTask: new Map([['voice', new Set(attributes)]]),
});
const readLanguage = [reads(START, 'language')];

/** The code of the row's reject; undefined when it was accepted. */
const codeOf = (changes: Readonly<Record<string, string>>, attributes: readonly AttributesFrom[] = readLanguage) =>
  contributionsOf([contribution(changes)], { attributes }).rejects[0]?.code;

describe('an attribute that the policy reads', () => {
  for (const value of [
    'ta',
    'pt_BR',
    'Old Norse',
    'தமிழ்',
    'Việt',
    '日本語',
    'ру́сский'.normalize('NFC'),
    'a/b, "c"',
    '',
  ]) {
    it(`may be ${JSON.stringify(value)}`, () => {
      expect(codeOf({ language: value })).to.equal(undefined);
    });
  }

  for (const [what, value] of [
    ['a zero-width space', 'en\u200b'],
    ['a zero-width joiner', 'e\u200dn'],
    ['a soft hyphen', 'e\u00adn'],
    ['a mark of direction', '\u200een'],
    ['a variation selector', 'en\ufe0f'],
    ['letters in normal form D', 'franc\u0327ais'],
    ['a space that does not break', 'Old\u00a0Norse'],
    ['a space at its end', 'en '],
    ['a space at its start', ' en'],
    ['two spaces', 'Old  Norse'],
  ] as const) {
    it(`is refused with ${what}, with file, line and reason`, () => {
      const ledger = ledgerOf(
        { contributions: [rawFile([contribution(), contribution({ id: 'c2', language: value })], 'work.csv')] },
        { attributes: readLanguage },
      );
      expect(ledger.contributions.map(({ id }) => id)).to.deep.equal(['c1']);
      const [{ file, line, code, reason } = { file: '', line: 0, code: '', reason: '' }] = ledger.rejects;
      expect([file, line, code]).to.deep.equal(['work.csv', 3, 'text-not-canonical']);
      expect(reason).to.match(/^text-not-canonical: "[\x20-\x7e]+" in the column language has invisible characters/);
    });
  }

  it('is looked at only in the tasks and columns that the policy reads', () => {
    const families = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}  ';
    expect(codeOf({ note: families })).to.equal(undefined);
    expect(codeOf({ task: 'text', language: 'en\u200b' })).to.equal(undefined);
    expect(codeOf({ language: 'en\u200b' }, [])).to.equal(undefined);
  });

  it('is held to the rules of the time of the row, so that a later policy rejects nothing that counted', () => {
    const phases = [reads(START, 'language'), reads(START + DAY), reads(START + 2 * DAY, 'language')];
    const codes = [0, DAY - 1, DAY, 2 * DAY - 1, 2 * DAY].map((seconds) =>
      codeOf({ time: at(seconds), language: 'en\u200b' }, phases),
    );
    const refused = 'text-not-canonical';
    expect(codes).to.deep.equal([refused, refused, undefined, undefined, refused]);
  });
});
