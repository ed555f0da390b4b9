import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';

import { eventually } from '../../support/eventually.ts';
import type { PageWallet } from '../../support/page-wallet.ts';
import {
  amountIn,
  atRest,
  closeAfter,
  connect,
  send,
  show,
  type OpenPage,
  type PageWorld,
} from '../../support/page-world.ts';
import { accountOf } from '../../support/world.ts';

const DAY = 86_400;
const TITLE = 'Review is scarce';

/** What `lode governance status --json` says that is compared here. */
interface Status {
  readonly inOffice: string;
  readonly delegated: string;
  readonly circulating: string;
  readonly delegates: readonly { readonly account: string; readonly votes: string }[];
  readonly proposals: readonly {
    readonly id: string;
    readonly state: string;
    readonly voteStart: number;
    readonly voteEnd: number;
    readonly readyAt: number;
    readonly votes: { readonly for: string };
  }[];
}

/** A voter's story, from other weights on the sliders to their effect. */
export function governance(given: () => PageWorld): void {
  let story: PageWorld;
  let wallet: PageWallet;
  let open: OpenPage;
  let page: Page;

  before(async () => {
    story = given();
    wallet = story.wallet(story.world.actors.bob.address);
    open = await story.open('/governance/votes', { wallets: [wallet] });
    ({ page } = open);
  });

  closeAfter(() => open);

  const card = (title: string): Locator => page.getByRole('region', { name: title, exact: true });
  const status = async () => await story.lode<Status>('governance status');
  const newest = async () => (await status()).proposals.at(-1)!;

  it('says who has votes as the command line does', async () => {
    await show(open, '/governance/votes');
    const { delegated, delegates } = await status();
    const shown = await card('Who has votes').locator('tbody data.amount').all();
    const votes = await Promise.all(shown.map(async (one) => await one.getAttribute('value')));
    expect(votes.toSorted()).to.deep.equal(delegates.map((one) => one.votes).toSorted());
    expect(await amountIn(card('Who has votes').locator('.card-about'))).to.equal(delegated);
  });

  it('delegates to somebody else, once the wallet is on the right chain and its owner signs', async () => {
    const { alice, bob } = story.world.actors;
    wallet.chainId = 1;
    await connect(page);
    await card('Delegate').getByLabel('Somebody else').check();
    await page.getByText('The wallet is on chain 1, and this deployment is on chain 31337').first().waitFor();
    await page.getByRole('button', { name: 'Switch to chain 31337' }).first().click();
    expect(wallet.asked.at(-1)).to.deep.equal({
      method: 'wallet_switchEthereumChain',
      params: [{ chainId: '0x7a69' }],
    });
    await wallet.goTo(page, 31_337);

    const address = card('Delegate').getByLabel('Their address');
    await address.fill('0x1234');
    expect(await address.getAttribute('aria-invalid')).to.equal('true');
    await address.fill(alice.address);
    const delegate = card('Delegate').getByRole('button', { name: 'Delegate' });
    await card('Delegate')
      .getByText(/^Costs about /)
      .waitFor();
    wallet.rejectsNext = true;
    await delegate.click();
    await card('Delegate').getByText('The wallet was told not to sign.').waitFor();
    await card('Delegate').getByText('Nothing was sent.').waitFor();
    expect(await story.world.chain.contracts.token.delegates(bob)).to.equal(bob.address);

    await send(card('Delegate'), 'Delegate', 'That is how it is already.');
    expect(await story.world.chain.contracts.token.delegates(bob)).to.equal(alice.address);
  });

  it('goes on following what was sent when the view is left, and when the page is loaded anew', async () => {
    const { alice, carol } = story.world.actors;
    const { provider } = story.world.hardhat;
    const bar = page.getByRole('region', { name: 'Your transactions' });
    const fill = async (): Promise<void> => {
      await card('Delegate').getByLabel('Somebody else').check();
      await card('Delegate').getByLabel('Their address').fill(alice.address);
    };
    const isSent = async (): Promise<void> =>
      await card('Delegate')
        .getByText(/^Sent, and waiting for a block/)
        .waitFor();
    await wallet.use(page, carol.address);
    await atRest(page);
    await fill();
    await provider.request({ method: 'evm_setAutomine', params: [false] });
    await card('Delegate').getByRole('button', { name: 'Delegate' }).click();
    await isSent();
    await show(open, '/settlements');
    await bar.getByText(/^is sent, and waits for a block/).waitFor();
    await page.reload();
    await bar.getByText(/^is sent, and waits for a block/).waitFor();

    await bar.getByRole('link', { name: 'Delegate' }).click();
    await fill();
    await isSent();
    expect(await card('Delegate').getByRole('button', { name: 'Delegate' }).isDisabled()).to.equal(true);
    await show(open, '/settlements');
    await provider.request({ method: 'evm_setAutomine', params: [true] });
    await provider.request({ method: 'evm_mine', params: [] });
    await bar.getByText(/Delegated\. It counts in every vote/).waitFor();
    expect(await story.world.chain.contracts.token.delegates(carol)).to.equal(alice.address);
    expect(wallet.asked.filter(({ method }) => method === 'eth_sendTransaction')).to.have.length(3);
    await bar.getByRole('button', { name: /^Close/ }).click();
    await bar.waitFor({ state: 'detached' });
  });

  it('proposes other weights, tried out by the sliders and on the chain', async () => {
    await wallet.use(page, story.world.actors.alice.address);
    await show(open, '/governance/weights');
    const percents = page.getByRole('textbox', { name: /^Weight of .* in per cent$/ });
    expect(await percents.count()).to.equal(4);
    const first = page.getByRole('slider').first();
    const before = Number(await first.getAttribute('aria-valuenow'));
    await first.focus();
    await page.keyboard.press('ArrowRight');
    expect(Number(await first.getAttribute('aria-valuenow'))).to.be.greaterThan(before);
    await page.getByLabel('Weight of validation in per cent').fill('50');
    await page.getByLabel('Weight of validation in per cent').blur();
    const shown = await Promise.all((await percents.all()).map(async (one) => Number(await one.inputValue())));
    expect(Math.round(shown.reduce((sum, one) => sum + one, 0))).to.equal(100);

    await page.getByLabel(/^Why:/).fill(`${TITLE}\n\nSo it is worth more.`);
    await page.getByRole('button', { name: 'Check it' }).click();
    await atRest(page);
    await send(card('Propose it'), 'Propose it to the holders', 'Proposed. The vote begins as shown above.');
    const proposal = await newest();
    expect(proposal.state).to.equal('pending');
    await show(open, '/governance');
    await card('Being decided').getByRole('link', { name: TITLE }).click();
    await page.waitForURL(new RegExp(`/governance/decision/${proposal.id}`));
    await page.getByText('So it is worth more.').waitFor();
  });

  it('votes with a reason, and shows the votes against the quorum', async () => {
    const { id, voteStart } = await newest();
    await story.travelTo(voteStart + 1);
    await card('Your vote').getByLabel('For', { exact: false }).first().check();
    await card('Your vote')
      .getByLabel(/^Reason/)
      .fill('it takes weeks at present');
    await send(card('Your vote'), 'Vote for it', null);
    await card('Your vote').getByText('You have voted for').waitFor();
    const { votes } = await newest();
    await eventually(async () => expect(await amountIn(card('Your vote'))).to.equal(votes.for));
    expect(await story.world.chain.contracts.governor.hasVoted(id, story.world.actors.alice)).to.be.true;
    await page.getByText('it takes weeks at present').waitFor();
  });

  it('queues what was carried, and puts it into effect after the delay', async () => {
    const { voteEnd } = await newest();
    await story.travelTo(voteEnd + 1);
    await send(card('Next step'), 'Queue it in the timelock', null);
    await card('Next step')
      .getByText(/It waits in the timelock/)
      .waitFor();
    const { readyAt } = await newest();
    await story.travelTo(readyAt + 1);
    await send(card('Next step'), 'Put into effect', null);
    await page.getByText('in effect', { exact: true }).first().waitFor();
  });

  it('shows the change among the weights that are to come', async () => {
    await show(open, '/governance');
    const row = card('Weights of the tasks').getByRole('row', { name: /validation/ });
    expect((await row.innerText()).trim()).to.match(/50 %$/);
    await page.getByRole('button', { name: 'Show what was decided before' }).click();
    await card('Decided before').getByRole('link', { name: TITLE }).click();
    // Against what it found: the chain itself has the new value by now.
    const told = card('What it did').getByRole('row', { name: /^validation/ });
    await told.waitFor();
    expect(await told.locator('td').allInnerTexts()).to.deep.equal(['30 %', '50 %']);
    await page.getByText('was put into effect').waitFor();
  });

  it('sends nothing in the name of an account that the wallet has left without a word', async () => {
    const { alice, bob, mallory } = story.world.actors;
    await show(open, '/governance/votes');
    await wallet.use(page, mallory.address);
    await atRest(page);
    await card('Delegate').getByLabel('Somebody else').check();
    await card('Delegate').getByLabel('Their address').fill(alice.address);
    const asked = wallet.asked.length;
    wallet.account = bob.address;
    await send(
      card('Delegate'),
      'Delegate',
      /The wallet does not offer the account 0x[0-9a-f]{40} to this page any more/,
    );
    await card('Delegate').getByText('Nothing was sent.').waitFor();
    expect(wallet.asked).to.have.length(asked);
  });

  it('shows what strangers wrote as text alone, and why a proposal came to nothing', async () => {
    const { governor, registry: tasks } = story.world.chain.contracts;
    const { alice } = story.world.actors;
    const task = tasks.interface.encodeFunctionData('addTask', [9, 'evil\u202e<b>\n100 %']);
    const text = `\u202e<img src=x onerror=alert(1)> [here](https://evil.example) ${'W'.repeat(300)}\n${'on and on '.repeat(900)}`;
    await governor.connect(alice).propose([await tasks.getAddress()], [0n], [task], text);
    const { id, voteEnd } = await newest();
    await story.travelTo(voteEnd + 1);
    await show(open, `/governance/decision/${id}`);
    await page.getByText('Nobody voted, so it was not carried.').waitFor();
    await page.getByText('\ufffd<img src=x onerror=alert(1)> [here](https://evil.example)').first().waitFor();
    await page.getByText('Read all of it').click();
    expect(await page.locator('details .reason-more').innerText()).to.contain('on and on '.repeat(800));
    await card('What it does').getByText('add the task evil\ufffd<b> 100 % as number 9', { exact: true }).waitFor();
    expect(await page.locator('main img, main a[href^="http"]').count()).to.equal(0);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(360);
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it('says what is open to an account without votes', async () => {
    await wallet.use(page, story.world.actors.mallory.address);
    await show(open, '/governance/votes');
    await card('Your votes').getByText('not possible').waitFor();
    expect(accountOf(story.world.actors.mallory)).to.match(/^0x/);
    expect(await story.now()).to.be.greaterThan(2_000_000_000 + DAY);
  });
}
