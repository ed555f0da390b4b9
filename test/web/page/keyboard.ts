import { expect } from 'chai';
import type { Page } from 'playwright-core';

import { closeAfter, connect, drawn, show, type OpenPage, type PageWorld } from '../../support/page-world.ts';
import { proposeWeights } from '../../support/weights-proposal.ts';
import { accountOf } from '../../support/world.ts';

/** Runs in the page: notes its controls in the order of the document, and from then on each that gets the focus. */
const WATCH_FOCUS = `(() => {
  // Of a group of choices the one that is chosen is reached, else the first; arrows lead to the others.
  const isOneOfMany = (one) => {
    if (one.type !== 'radio') return false;
    const group = [...document.querySelectorAll('input[type=radio]')].filter(({ name }) => name === one.name);
    return one !== (group.find(({ checked }) => checked) ?? group[0]);
  };
  const controls = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(
    (one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }) && !isOneOfMany(one));
  const isInSight = (one) => {
    const { top, bottom, left, right } = one.getBoundingClientRect();
    return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  };
  globalThis.focused = [];
  document.addEventListener('focusin', ({ target }) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(target);
    const isMarked = target.matches(':focus-visible') && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    const focused = { at: controls.indexOf(target), isMarked, isInSight: isInSight(target) };
    globalThis.focused.push(focused);
    // What is only there while it has the focus comes with the next frames.
    requestAnimationFrame(() => requestAnimationFrame(() => { focused.isInSight ||= isInSight(target); }));
  });
  return controls.map((one) => one.tagName.toLowerCase() + ' ' + (one.getAttribute('aria-label') ?? one.textContent).trim().slice(0, 60));
})()`;

interface Focused {
  readonly at: number;
  readonly isMarked: boolean;
  readonly isInSight: boolean;
}

const MOST_FIELDS = 8;

/** The control that has the focus, counted from 0. */
async function last(page: Page): Promise<number> {
  return await page.evaluate<number>('focused.at(-1).at');
}

/** Everything can be done without a mouse, and one sees where one is. */
export function keyboard(given: () => PageWorld): void {
  let open: OpenPage;
  let page: Page;
  let decision: bigint;

  before(async () => {
    const story = given();
    decision = await proposeWeights(story);
    open = await story.open('/', { wallets: [story.wallet(story.world.actors.alice.address)] });
    ({ page } = open);
  });

  closeAfter(() => open);

  it('goes past what stands on every view, and from one view to another', async () => {
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
    await places.nth(2).and(page.locator('[aria-current="page"]')).waitFor();
  });

  it('stays in a dialog until it is closed, and then goes on where it was', async () => {
    const trigger = page.getByRole('button', { name: 'Connect wallet' });
    await trigger.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab']) {
      await page.keyboard.press(key);
      expect(await page.locator('[role="dialog"] :focus').count(), key).to.equal(1);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.locator(':focus').innerText()).to.equal('Connect wallet');
  });

  it('reaches every control of every view in the order in which they stand, and shows where it is', async () => {
    await connect(page);
    const views = [
      ...['/', `/miner/${accountOf(given().world.actors.alice)}`, '/settlements', '/settlements/1', '/what-if'],
      ...['/governance', '/governance/weights', '/governance/votes', `/governance/decision/${decision}`],
    ];
    for (const path of views) {
      // Anew: where the focus was before is nobody's business.
      await page.reload();
      await show(open, path);
      const controls = await page.evaluate<string[]>(WATCH_FOCUS);
      expect(controls, path).to.have.length.greaterThan(8);
      await page.keyboard.press('Tab');
      await drawn(page);
      for (let press = 1; press < controls.length; press++) await page.keyboard.press('Tab');
      // A date has several fields.
      for (let press = 0; press < MOST_FIELDS && (await last(page)) < controls.length - 1; press++) {
        await page.keyboard.press('Tab');
      }
      const focused = await page.evaluate<Focused[]>('focused');
      const reached = focused.map(({ at }) => controls[at] ?? 'something else');
      expect(reached, path).to.deep.equal(controls);
      const unseen = focused.filter(({ isMarked, isInSight }) => !isMarked || !isInSight);
      expect(
        unseen.map(({ at, ...how }) => [controls[at], how]),
        path,
      ).to.deep.equal([]);
    }
  });
}
