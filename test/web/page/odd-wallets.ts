import { expect } from 'chai';
import type { Page } from 'playwright-core';

import type { PageWallet } from '../../support/page-wallet.ts';
import { connect, show, type OpenPage, type PageWorld } from '../../support/page-world.ts';
import { accountOf } from '../../support/world.ts';

/** Wallets that tell nonsense, or do not do what they say. */
export function oddWallets(given: () => PageWorld): void {
  let wallet: PageWallet;
  let open: OpenPage;
  let page: Page;

  beforeEach(async () => {
    const story = given();
    const { alice } = story.world.actors;
    wallet = story.wallet(alice.address);
    open = await story.open('/', { wallets: [wallet] });
    ({ page } = open);
    await show(open, `/miner/${accountOf(alice)}`);
    await connect(page);
  });

  afterEach(async () => {
    const { problems } = open;
    await open.close();
    expect(problems).to.deep.equal([]);
  });

  const switching = () => page.getByRole('banner').getByRole('button', { name: 'Switch to chain 31337' });

  it('tell of what is no account and no chain, and the page stays', async () => {
    await wallet.tell(page, 'chainChanged', { toString: null });
    await switching().waitFor();
    await wallet.tell(page, 'accountsChanged', ['<b>alice.eth</b>']);
    await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).waitFor();
    await wallet.tell(page, 'accountsChanged', null);
    await page.getByRole('heading', { level: 1, name: 'Miner' }).waitFor();
  });

  it('say that they have switched and have not, which the head of every view tells', async () => {
    const alert = page.getByRole('banner').getByRole('alert');
    await wallet.goTo(page, 5);
    wallet.staysOn = 5;
    await switching().click();
    await alert.getByText('The wallet is on chain 5, the deployment on chain 31337.').waitFor();
    wallet.staysOn = null;
    // It does not tell of it: the page looks for itself.
    await switching().click();
    await switching().waitFor({ state: 'detached' });
    expect(await alert.count()).to.equal(0);
  });
}
