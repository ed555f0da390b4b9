import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { invariants } from '../../../scripts/checks/invariants.ts';
import { findings } from './support.ts';

const PAGE = 'docs/invariants.md';
const FAMILIES = { EMIT: 4, SETL: 4, RSRV: 3, POOL: 5, ROOT: 5, VEST: 6, GOV: 4, DIFF: 3 };
const IDS = Object.entries(FAMILIES).flatMap(([family, count]) =>
  Array.from({ length: count }, (_, index) => `${family}-${index + 1}`),
);
const TEST = 'test/solidity/A.t.sol';

/** A page on which everything comes later but what `tested` says. */
function page(tested: Readonly<Record<string, string>>): string {
  return IDS.map((id) => `| ${id} | text | ${tested[id] ?? 'later'} |\n`).join('');
}

describe('check: invariants', () => {
  it('accepts a page whose tests speak of their ids', () => {
    const contents = { [PAGE]: page({ 'VEST-3': `\`${TEST}\`` }), [TEST]: '"VEST-3: paid more than released"' };
    expect(findings(invariants, contents)).to.deep.equal([]);
  });

  it('lists every id that the real page has', () => {
    const text = readFileSync(PAGE, 'utf8');
    expect(IDS.filter((id) => !text.includes(`| ${id} `))).to.deep.equal([]);
  });

  const wrong: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['a missing page', {}],
    ['a test that does not speak of the id', { [PAGE]: page({ 'VEST-3': `\`${TEST}\`` }), [TEST]: '"VEST-2"' }],
    ['a test that is not there', { [PAGE]: page({ 'VEST-3': `\`${TEST}\`` }) }],
    ['something that is no test', { [PAGE]: page({ 'VEST-3': '`src/a.ts`' }), 'src/a.ts': 'VEST-3' }],
    ['an id without a test', { [PAGE]: page({ 'VEST-3': 'soon' }) }],
    ['an id that is not listed', { [PAGE]: page({}), [TEST]: '"VEST-9"' }],
    ['an id that was taken off', { [PAGE]: page({}).replace(/\| VEST-6 .*\n/, '') }],
    ['an id that stands twice', { [PAGE]: `${page({})}| VEST-6 | text | later |\n` }],
  ];
  for (const [what, contents] of wrong) {
    it(`rejects ${what}`, () => {
      expect(findings(invariants, contents)).to.have.lengthOf(1);
    });
  }
});
