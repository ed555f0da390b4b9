import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { POLICY } from '../../../src/cli/web/content-security-policy.ts';
import { pageSurroundings } from '../../../src/cli/web/page-settings.ts';
import { openPage, show, type PageWorld } from '../../support/page-world.ts';
import type { StaticHost } from '../../support/static-host.ts';
import { startStaticHost } from '../../support/static-host.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { accountOf } from '../../support/world.ts';

const JOBS = fileURLToPath(new URL('../../../scripts/setup/run.mjs', import.meta.url));
/** What a visitor loads before a chart: packed, in bytes. */
const BUDGET = 350 * 1024;
/** A class that every chart of the library has. */
const CHART_MARK = 'plot-d6a7b5';
/** Where the page stands on the host. */
const PLACE = '/some/folder/page/';

/** Runs in the page: tries what somebody would who had got his text into it, and tells what the policy said to each. */
const TRY_EVERYTHING = `(async () => {
  const breaches = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => breaches.push(effectiveDirective));
  const add = (name, values, where = document.body) => where.append(Object.assign(document.createElement(name), values));
  add('script', { textContent: 'globalThis.taken = "script"' });
  add('script', { src: 'https://example.org/script.js' });
  add('style', { textContent: 'body { display: none }' });
  add('img', { src: 'https://example.org/image.png' });
  add('iframe', { src: 'https://example.org/' });
  add('base', { href: 'https://example.org/' }, document.head);
  document.body.setAttribute('onclick', 'globalThis.taken = "handler"');
  document.body.click();
  // Whoever asks from outside may evaluate; the page itself, a moment later, may not.
  setTimeout(() => new Function('globalThis.taken = "words"')(), 0);
  await fetch('http://example.org/').catch(() => undefined);
  const form = document.createElement('form');
  form.action = 'https://example.org/';
  document.body.append(form);
  form.submit();
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { taken: globalThis.taken ?? null, breaches: [...new Set(breaches)].sort() };
})()`;

/** The page as `npm run web:build` leaves it, on a host that serves files and nothing else. */
export function staticHost(given: () => PageWorld): void {
  const files = temporaryFolder();
  let host: StaticHost;
  let url: string;

  const built = (name: string): string => files.path(join('built', name));
  const placed = (name: string): string => files.path(join('host', PLACE, name));

  before(async () => {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const args = [JOBS, 'web-build', '--outDir', files.path('built')];
    await promisify(execFile)(process.execPath, args, { cwd: files.path('.'), env });

    const { reports, remote, rpc } = given();
    await mkdir(placed(''), { recursive: true });
    await cp(built(''), placed(''), { recursive: true });
    await cp(reports, placed('reports'), { recursive: true });
    await cp(remote.book, placed('addresses.json'));
    const settings = { title: 'On a file host', rpc: [rpc.url], confirmations: 0, pollSeconds: 0.5 };
    const { config } = pageSurroundings({ ...settings, places: [{ kind: 'folder', at: 'reports' }] });
    await writeFile(placed('config.json'), config);
    host = await startStaticHost(files.path('host'));
    url = `${host.url}${PLACE}`;
  });

  after(async () => {
    await host.close();
  });

  const open = async (path: string) => await openPage(given().browser, `${url}#${path}`, {});

  it('names everything beside itself, and carries its policy', async () => {
    const page = await readFile(built('index.html'), 'utf8');
    expect(page.replaceAll('&#39;', "'")).to.contain(`http-equiv="Content-Security-Policy" content="${POLICY}"`);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(addresses).to.have.length.greaterThan(2);
    for (const address of addresses) expect(address).to.match(/^\.\//);
    expect(page).not.to.match(/<script(?![^>]*src)|<style| style=| on\w+=/);
  });

  it('works from a folder of a host that sends no header of its own', async () => {
    const { page, problems, close } = await open(`/miner/${accountOf(given().world.actors.alice)}`);
    await page.getByText('Claimable now').first().waitFor();
    await page.goto(`${url}#/settlements/1`);
    await page.getByRole('button', { name: 'Verify epoch 1' }).click();
    await page.getByText('Equal: the report is what the chain has.').waitFor();
    await page.goto(`${url}#/what-if?preset=tnet&years=1`);
    await page.getByText(/^365 epochs/).waitFor();
    expect(problems).to.deep.equal([]);
    await close();
  });

  it('is held to its policy there too', async () => {
    const { page, close } = await open('/nowhere');
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.evaluate(TRY_EVERYTHING)).to.deep.equal({
      taken: null,
      breaches: [
        ...['base-uri', 'connect-src', 'form-action', 'frame-src', 'img-src', 'script-src', 'script-src-attr'],
        ...['script-src-elem', 'style-src-elem'],
      ],
    });
    expect(page.url()).to.equal(`${url}#/nowhere`);
    await close();
  });

  it('makes a visitor load less than 350 KiB before the first chart, and charts when there is one to show', async () => {
    const sizeOf = async (path: string) => gzipSync(await readFile(files.path(join('host', path)))).length;
    host.asked.length = 0;
    const view = await open('/miner');
    await show(view, '/miner');
    const withoutChart = host.asked.filter((path) => path.includes('/assets/'));
    await show(view, '/');
    await view.close();
    const isChart = async (path: string) =>
      (await readFile(files.path(join('host', path)), 'utf8')).includes(CHART_MARK);
    for (const path of withoutChart) expect(await isChart(path), path).to.be.false;

    host.asked.length = 0;
    const first = await open('/');
    await show(first, '/');
    await first.close();
    const loaded = [...new Set(host.asked)].map((path) => (path === PLACE ? `${PLACE}index.html` : path));
    const sizes: [name: string, size: number][] = [];
    let charts = 0;
    for (const path of loaded.filter((name) => !name.endsWith('.json'))) {
      if (await isChart(path)) charts++;
      else sizes.push([basename(path), await sizeOf(path)]);
    }
    expect(charts).to.equal(1);
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    expect(total, sizes.map((one) => one.join(' ')).join('\n'))
      .to.be.greaterThan(0)
      .and.lessThan(BUDGET);
  });

  it('says which file beside it is missing', async () => {
    await rm(placed('config.json'));
    const { page, problems, close } = await open('/');
    const problem = page.getByRole('alert').first();
    await problem.waitFor();
    expect(await problem.innerText()).to.match(/config\.json beside the page cannot be read: status 404/i);
    expect(problems).to.deep.equal([]);
    await close();
  });
}
