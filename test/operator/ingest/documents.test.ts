import { globSync, readFileSync } from 'node:fs';

import { expect } from 'chai';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** Status and code of every answer that is not 200, as the sources of the endpoint make them. */
function answersInSources(): string[] {
  const root = new URL('../../../', import.meta.url);
  const text = globSync('src/operator/ingest/*.ts', { cwd: root.pathname }).map(read).join('\n');
  const made = [...text.matchAll(/new RequestFault\(\s*(\d{3}),\s*'([A-Z_]+)'/g)].map(
    ([, status, code]) => `${status} ${code}`,
  );
  const raw = [...text.matchAll(/\[(\d{3}), '([A-Z_]+)', '/g)].map(([, status, code]) => `${status} ${code}`);
  return [...new Set([...made, ...raw, '503 STORAGE_FAILED'])].sort();
}

describe('docs/ingest.md', () => {
  const page = read('docs/ingest.md');

  it('lists every answer of the endpoint, and a test gets each', () => {
    const listed = [...page.matchAll(/^\| (\d{3}) +\| `([A-Z_]+)`/gm)].map(([, status, code]) => `${status} ${code}`);
    expect(listed.sort()).to.deep.equal(answersInSources());
    const tests = ['endpoint.test.ts', 'segments.test.ts'].map((name) => read(`test/operator/ingest/${name}`)).join('');
    // A body that is cut off has nobody left who could get the answer.
    const untested = listed.filter((one) => !tests.includes(one.slice(4)) && !one.endsWith('BODY_CUT'));
    expect(untested).to.deep.equal([]);
  });

  it('says what is signed as the endpoint does', () => {
    const example = read('examples/ingest/send.mjs');
    for (const text of ["name: 'Lode ingest', version: '1'", "type: 'uint64'", "type: 'string[]'"]) {
      expect(example).to.contain(text);
      expect(page).to.contain(text.replaceAll("'", '"').replace(/(\w+):/g, '"$1":'));
    }
  });
});
