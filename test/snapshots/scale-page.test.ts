import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { withMeasured } from '../../scripts/bench/scale/with-measured.ts';
import type { ScaleFigures } from '../../scripts/snapshots/scale-page.ts';
import { scalePage } from '../../scripts/snapshots/scale-page.ts';
import { matchPage, readFigures } from '../support/snapshot.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the page about scale', () => {
  it('has the figures as they were measured, and claims as the contracts have them', async () => {
    const figures = JSON.parse(read('snapshots/scale.json')) as ScaleFigures;
    matchPage('docs/scale.md', await scalePage(read('docs/scale.md'), figures, readFigures('gas')));
  });

  it('takes of each step what was measured at the largest size, and keeps what was not measured again', () => {
    const step = (name: string, count: number, seconds: number) => {
      return { step: name, of: 'rows' as const, count, seconds, bench: 'x' };
    };
    const before = { machine: 'm', steps: [step('a', 5, 1), step('b', 5, 1)] };
    const engine = { kind: 'engine', policy: 'p', engine: 'DuckDB', milliseconds: 2_000 };
    const found = withMeasured(before, [
      { kind: 'step', ...step('a', 50, 8) },
      { kind: 'step', ...step('a', 10, 3) },
      { ...engine, rows: 1_000 },
      { kind: 'tree', name: 'lode', input: 'packed', leaves: 7, milliseconds: 500 },
      { kind: 'tree', name: 'another', input: 'packed', leaves: 9, milliseconds: 500 },
      { kind: 'hash' },
    ]);
    expect(found.steps).to.deep.equal([
      step('a', 50, 8),
      step('b', 5, 1),
      { step: 'score: p, DuckDB', of: 'rows', count: 1_000, seconds: 2, bench: 'engines' },
      { step: 'tree from packed leaves', of: 'accounts', count: 7, seconds: 0.5, bench: 'tree' },
    ]);
  });
});
