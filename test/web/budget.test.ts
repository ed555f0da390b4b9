import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { POLICY } from '../../src/cli/web/content-security-policy.ts';
import { builtPage } from '../support/built-page.ts';

/** What a visitor loads before a chart: packed, in bytes. */
const BUDGET = 350 * 1024;
/** A class that every chart of the library has. */
const CHART_MARK = 'plot-d6a7b5';

describe('what a visitor loads', function () {
  this.timeout(120_000);
  let folder: string;
  let assets: readonly string[];

  before(async () => {
    folder = await builtPage();
    assets = readdirSync(join(folder, 'assets'));
  });

  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

  /** A file and all that it loads before it runs. */
  function withImports(name: string, seen = new Set<string>()): Set<string> {
    if (seen.has(name)) return seen;
    seen.add(name);
    if (!name.endsWith('.js')) return seen;
    for (const [, path] of read(`assets/${name}`).matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+)["']/g)) {
      withImports(path!, seen);
    }
    return seen;
  }

  /** What belongs to the first view: the entry, and the overview with its styles. */
  function firstLoad(): Set<string> {
    const inPage = [...read('index.html').matchAll(/(?:src|href)="\.\/assets\/([^"]+)"/g)].map(([, name]) => name!);
    const overview = assets.filter((name) => name.startsWith('overview-'));
    expect(inPage).not.to.be.empty;
    expect(overview).not.to.be.empty;
    const all = new Set<string>();
    for (const name of [...inPage, ...overview]) withImports(name, all);
    return all;
  }

  it('is less than 350 KiB before charts', () => {
    const sizes = ['index.html', ...[...firstLoad()].map((name) => `assets/${name}`)].map(
      (name) => [name, gzipSync(readFileSync(join(folder, name))).length] as const,
    );
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    expect(total, sizes.map(([name, size]) => `${name} ${size}`).join('\n')).to.be.lessThan(BUDGET);
  });

  it('has charts in a part of its own, which is loaded when there is one to show', () => {
    const withCharts = assets.filter((name) => name.endsWith('.js') && read(`assets/${name}`).includes(CHART_MARK));
    expect(withCharts).to.have.length(1);
    expect(firstLoad().has(withCharts[0]!)).to.be.false;
  });

  it('comes from beside the page, and is named relative to it', () => {
    const page = read('index.html');
    expect(page.replaceAll('&#39;', "'")).to.contain(`http-equiv="Content-Security-Policy" content="${POLICY}"`);
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]+)"/g)) expect(address).to.match(/^\.\//);
    expect(page).not.to.match(/<script(?![^>]*src)|<style| style=| on\w+=/);
  });
});
