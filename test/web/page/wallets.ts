import { expect } from 'chai';
import type { Page } from 'playwright-core';

import { shortAddress } from '../../../web/src/format/short-address.ts';
import type { PageWallet } from '../../support/page-wallet.ts';
import { closeAfter, show, type OpenPage, type PageWorld } from '../../support/page-world.ts';

/** Wallets that announce themselves (EIP-6963): which one is taken, and when it is let go. */
export function wallets(given: () => PageWorld): void {
  let open: OpenPage;
  let page: Page;
  let first: PageWallet;
  let second: PageWallet;

  before(async () => {
    const story = given();
    const { alice, bob } = story.world.actors;
    first = story.wallet(alice.address, 'First wallet');
    second = story.wallet(bob.address, 'Second wallet');
    open = await story.open('/', { wallets: [first, second] });
    ({ page } = open);
  });

  closeAfter(() => open);

  const connectButton = () => page.getByRole('button', { name: 'Connect wallet' });
  const dialog = () => page.getByRole('dialog');
  const connected = () => page.getByRole('button', { name: 'disconnect Second wallet' });

  it('offers every one that announces itself, and asks none before it is chosen', async () => {
    await connectButton().click();
    expect(await dialog().getByRole('listitem').allInnerTexts()).to.deep.equal(['First wallet', 'Second wallet']);
    expect([...first.asked, ...second.asked]).to.deep.equal([]);
  });

  it('says so when the one that was chosen does not want to', async () => {
    second.rejectsNext = true;
    await dialog().getByRole('button', { name: 'Second wallet' }).click();
    await page.getByRole('alert').getByText('The wallet was told not to.').waitFor();
    expect(await connected().count()).to.equal(0);
  });

  it('takes the one that is chosen, and leaves the other alone', async () => {
    await dialog().getByRole('button', { name: 'Second wallet' }).click();
    await connected().waitFor();
    expect(await connected().innerText()).to.contain(shortAddress(second.account.toLowerCase()));
    expect(first.asked).to.deep.equal([]);
  });

  it('takes it again when the visitor comes back, without a question', async () => {
    const before = second.asked.length;
    await page.reload();
    await connected().waitFor();
    expect(second.asked).to.have.length(before);
  });

  it('lets it go when the wallet takes its permission back', async () => {
    await second.leave(page);
    await connectButton().waitFor();
  });

  it('forgets it when the visitor disconnects', async () => {
    await connectButton().click();
    await dialog().getByRole('button', { name: 'Second wallet' }).click();
    await connected().click();
    await page.reload();
    await show(open, '/');
    expect(await connected().count()).to.equal(0);
    expect(await connectButton().count()).to.equal(1);
  });

  it('says where there is none what to do', async () => {
    const bare = await given().open('/');
    await bare.page.getByRole('button', { name: 'Connect wallet' }).click();
    await bare.page.getByRole('dialog').getByText('No wallet announced itself to this page').waitFor();
    expect(bare.problems).to.deep.equal([]);
    await bare.close();
  });
}
