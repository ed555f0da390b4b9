import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect } from 'chai';
import type { Page } from 'playwright-core';

import { drawn, show, type OpenPage, type PageWorld } from '../../support/page-world.ts';
import { proposeWeights } from '../../support/weights-proposal.ts';
import { accountOf } from '../../support/world.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const;

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** What a screen reader or weak eyes would stumble over, one line each; `rules` are those that are looked at, all if absent. */
async function axeFindings(page: Page, ...rules: readonly string[]): Promise<string[]> {
  const options = JSON.stringify(rules.length === 0 ? {} : { runOnly: rules });
  const { violations } = await page.evaluate<{ violations: Violation[] }>(`axe.run(document, ${options})`);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Has the system of the visitor change to other colours, and waits until they are there. */
async function colour(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  await page
    .locator(`html[data-theme="${scheme}"]`)
    .waitFor()
    .catch(async (cause: unknown) => {
      const shown = `[document.documentElement.dataset.theme, matchMedia('(prefers-color-scheme: dark)').matches, localStorage.getItem('lode.theme')].join()`;
      throw new Error(`${page.url()} does not become ${scheme}: ${await page.evaluate<string>(shown)}`, { cause });
    });
  await drawn(page);
}

/** Every address that the page has, and some that it has not. */
export function everyView(given: () => PageWorld): void {
  let views: Readonly<Record<string, string>>;

  before(async () => {
    const { alice } = given().world.actors;
    views = {
      overview: '/',
      'a miner, nobody named': '/miner',
      'a miner': `/miner/${accountOf(alice)}`,
      'a miner who earned nothing': `/miner/0x${'12'.repeat(20)}`,
      'a miner, mistyped': '/miner/0x1234',
      governance: '/governance',
      'governance, weights': '/governance/weights',
      'governance, votes': '/governance/votes',
      'governance, a decision': `/governance/decision/${await proposeWeights(given())}`,
      'governance, no such decision': '/governance/decision/7',
      'governance, no such part': '/governance/nothing',
      settlements: '/settlements',
      'a settlement': '/settlements/1',
      'a settlement that is open': '/settlements/3',
      'a settlement that is to come': '/settlements/9999',
      'what if': '/what-if',
      nowhere: '/nowhere',
    };
  });

  async function visit(open: OpenPage, name: string, path: string): Promise<void> {
    await show(open, path);
    expect(await axeFindings(open.page), name).to.deep.equal([]);
    const [width, seen] = await open.page.evaluate<number[]>(
      '[Math.max(window.innerWidth, document.documentElement.scrollWidth), document.documentElement.clientWidth]',
    );
    expect(width, `${name} scrolls sideways`).to.be.at.most(seen!);
    expect(open.problems, name).to.deep.equal([]);
  }

  it('is shown to everybody, without an error, within its policy, and from this machine alone, in light and in dark', async () => {
    const open = await given().open('/', { colorScheme: 'light' });
    const { page } = open;
    // One page goes to all of them, so that it is told once.
    await page.evaluate(AXE);
    for (const [name, path] of Object.entries(views)) {
      await visit(open, name, path);
      await colour(page, 'dark');
      // The same document in other colours.
      expect(await axeFindings(page, 'color-contrast'), `${name} in dark`).to.deep.equal([]);
      await colour(page, 'light');
    }
    // It also begins in the dark.
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.reload();
    await page.locator('html[data-theme="dark"]').waitFor();
    expect(open.problems).to.deep.equal([]);
    await open.close();
  });

  it('is shown on a phone in the same way', async () => {
    const open = await given().open('/', PHONE);
    await open.page.evaluate(AXE);
    for (const [name, path] of Object.entries(views)) await visit(open, name, path);
    await open.close();
  });
}
