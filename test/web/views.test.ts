import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect } from 'chai';
import type { Page } from 'playwright-core';

import { show, startPageWorld, type PageWorld } from '../support/page-world.ts';
import { accountOf } from '../support/world.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const;

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** What a screen reader or weak eyes would stumble over, one line each. */
async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run(document)');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
  );
}

describe('the page', function () {
  this.timeout(240_000);
  let story: PageWorld;
  let views: Readonly<Record<string, string>>;

  before(async () => {
    story = await startPageWorld();
    views = {
      overview: '/',
      'miner, nobody named': '/miner',
      miner: `/miner/${accountOf(story.world.actors.alice)}`,
      governance: '/governance',
      settlements: '/settlements',
      settlement: '/settlements/1',
      'what if': '/what-if',
      nowhere: '/nowhere',
    };
  });

  after(async () => {
    await story.close();
  });

  for (const [how, options] of [
    ['in light', { colorScheme: 'light' }],
    ['in dark', { colorScheme: 'dark' }],
    ['on a phone', PHONE],
  ] as const) {
    it(`shows every view ${how}: to everybody, without an error, within its policy, and from this machine alone`, async () => {
      const open = await story.open('/', options);
      for (const [name, path] of Object.entries(views)) {
        await show(open, path);
        expect(open.problems, name).to.deep.equal([]);
        expect(await axeFindings(open.page), name).to.deep.equal([]);
        const [width, seen] = await open.page.evaluate<number[]>(
          '[Math.max(window.innerWidth, document.documentElement.scrollWidth), document.documentElement.clientWidth]',
        );
        expect(width, `${name} scrolls sideways`).to.be.at.most(seen!);
      }
      await open.close();
    });
  }

  it('can be gone through with the keyboard alone, past what stands on every view', async () => {
    const open = await story.open('/');
    const { page } = open;
    await show(open, '/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.innerText')).to.equal('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).to.equal('content');
    const places = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
    expect(await places.allInnerTexts()).to.deep.equal(['Overview', 'Miner', 'Governance', 'Settlements', 'What if']);
    await places.nth(2).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/governance/);
    expect(await places.nth(2).getAttribute('aria-current')).to.equal('page');
    await open.close();
  });

  it('says what is wrong while the node is down, and goes on by itself when it is back', async () => {
    const open = await story.open('/');
    const { page } = open;
    await show(open, '/');
    story.rpc.status = 503;
    const problem = page.getByRole('alert').first();
    await problem.waitFor();
    expect(await problem.innerText()).to.match(/node|answer/i);
    story.rpc.status = null;
    await problem.getByRole('button').first().click();
    await problem.waitFor({ state: 'detached' });
    await open.close();
  });

  it('says so when nothing of the deployment can be read', async () => {
    story.rpc.status = 503;
    const open = await story.open('/');
    const problem = open.page.getByRole('alert').first();
    await problem.waitFor();
    story.rpc.status = null;
    await problem.getByRole('button').first().click();
    await open.page.getByRole('navigation', { name: 'Views' }).waitFor();
    await open.close();
  });
});
