import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import type { Locator, Page } from 'playwright-core';

import type { Address } from '../../../src/protocol/brands.ts';
import { shardPathOf } from '../../../src/settlement/proof.ts';
import { manifestSchema, parseReportFile } from '../../../src/settlement/report/report-schema.ts';
import { sha256Hex } from '../../../src/settlement/report/sha256.ts';
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
import { SMALL_ROWS } from '../../support/steps-of-scores.ts';
import { accountOf } from '../../support/world.ts';

const DAY = 86_400;
/** The button that claims rewards; units have one of their own. */
const REWARDS = /^Claim [\d,.]+ LINGO$/;

/** What `lode claimable --json` says that is compared here; amounts in wei. */
interface Claimable {
  readonly accounts: readonly {
    readonly rewards: {
      readonly granted: string;
      readonly locked: string;
      readonly claimed: string;
      readonly claimable: string;
    };
  }[];
}

/** A miner's story, from the look at an address to the second claim; and reports that were changed. */
export function miner(given: () => PageWorld): void {
  let story: PageWorld;
  let wallet: PageWallet;
  let open: OpenPage;
  let page: Page;
  let alice: Address;

  before(async () => {
    story = given();
    alice = accountOf(story.world.actors.alice);
    // Long enough for a part of the grants to be free.
    await story.travelTo((await story.now()) + 20 * DAY);
    wallet = story.wallet(story.world.actors.alice.address);
    open = await story.open('/miner', { wallets: [wallet] });
    ({ page } = open);
  });

  closeAfter(() => open);

  const card = (title: string): Locator => page.getByRole('region', { name: title, exact: true });
  const figure = (title: string, name: string): Locator =>
    card(title)
      .locator('.figure')
      .filter({ has: page.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) }) });

  /** The amounts of the page, under the names that the command line has for them. */
  async function shown() {
    return {
      granted: await amountIn(figure('Rewards', 'Earned')),
      locked: await amountIn(figure('Rewards', 'Locked')),
      claimed: await amountIn(figure('Rewards', 'Claimed')),
      claimable: await amountIn(figure('Rewards', 'Claimable now')),
    };
  }

  async function claimable() {
    const args = ['--reports', story.reports, '--account', alice, '--confirmations', '0'];
    const { accounts } = await story.lode<Claimable>('claimable', ...args);
    const { granted, locked, claimed, claimable: due } = accounts[0]!.rewards;
    return { granted, locked, claimed, claimable: due };
  }

  it('looks up any address, without a wallet, and says what is wrong with one', async () => {
    await show(open, '/miner');
    const form = card('Whose rewards');
    await form.getByLabel('Address').fill('0xnobody');
    await form.getByRole('button', { name: 'Look up' }).click();
    expect(await form.getByRole('alert').innerText()).to.match(/40 hexadecimal digits/);
    await form.getByLabel('Address').fill(alice);
    await form.getByRole('button', { name: 'Look up' }).click();
    await figure('Rewards', 'Claimable now').waitFor();
    expect(page.url()).to.contain(`#/miner/${alice}`);
    expect(await shown()).to.deep.equal(await claimable());
    expect(await page.title()).to.equal('Miner – Story');
  });

  it('saves what each epoch granted, which comes to all that was earned', async () => {
    await card('Epoch by epoch')
      .getByText(/in all$/)
      .nth(2)
      .waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      card('Epoch by epoch').getByRole('button', { name: 'Save these as CSV' }).click(),
    ]);
    const text = await readFile(await saved.path(), 'utf8');
    const rows = parse<Readonly<Record<'epoch' | 'granted' | 'total', string>>>(text, { columns: true });
    expect(rows.map(({ epoch }) => epoch)).to.deep.equal(['0', '1', '2']);
    const wei = (text: string): bigint => BigInt(text.replace('.', ''));
    const sum = rows.reduce((all, { granted }) => all + wei(granted), 0n);
    expect(sum).to.equal(wei(rows.at(-1)!.total));
    expect(String(sum)).to.equal((await shown()).granted);
  });

  it('shows the proof, from the entry up to the root on the chain', async () => {
    const last = card('Proof').locator('ol > li').last();
    expect(await last.innerText()).to.contain('equals the root on the chain');
  });

  it('says to whoever earned nothing that this was proven too', async () => {
    await show(open, `/miner/0x${'12'.repeat(20)}`);
    await card('Rewards')
      .getByText(/has not earned anything/)
      .waitFor();
  });

  it('claims, and claims again later for the difference', async () => {
    const { token } = story.world.chain.contracts;
    await show(open, `/miner/${alice}`);
    await connect(page);
    await figure('Rewards', 'Claimable now').waitFor();
    await card('Claim')
      .getByText(/^Costs about /)
      .first()
      .waitFor();
    const before = await token.balanceOf(alice);
    wallet.rejectsNext = true;
    await card('Claim').getByRole('button', { name: REWARDS }).click();
    await card('Claim').getByText('The wallet was told not to sign.').waitFor();
    expect(await token.balanceOf(alice)).to.equal(before);

    await send(card('Claim'), REWARDS, 'Paid. It stands among the payments below.');
    const first = (await token.balanceOf(alice)) - before;
    expect(first > 0n).to.be.true;
    await atRest(page);
    const after = await claimable();
    expect(after.claimed).to.equal(`${first}`);
    await eventually(async () => expect(await shown()).to.deep.equal(after));

    await story.travelTo((await story.now()) + 10 * DAY);
    await card('Claim').getByRole('button', { name: REWARDS }).waitFor();
    await atRest(page);
    await send(card('Claim'), REWARDS, 'Paid. It stands among the payments below.');
    const { claimed } = await claimable();
    expect((await token.balanceOf(alice)) - before).to.equal(BigInt(claimed));
    expect(BigInt(claimed) > first).to.be.true;
    await eventually(async () => expect(await card('Payments').locator('tbody tr').count()).to.equal(2));
  });

  it('has a claim paid to another address', async () => {
    const { token } = story.world.chain.contracts;
    const to = `0x${'9a'.repeat(20)}`;
    await story.travelTo((await story.now()) + 10 * DAY);
    await atRest(page);
    await card('Claim').getByText('Have it paid to another address').click();
    await card('Claim').getByLabel('Pay to').fill(to);
    await card('Claim').getByRole('button', { name: 'Use this address' }).click();
    await card('Claim')
      .getByText(/^Costs about /)
      .first()
      .waitFor();
    await card('Claim').getByRole('button', { name: REWARDS }).click();
    await eventually(async () => expect(await token.balanceOf(to)).not.to.equal(0n));
  });

  it('changes who is paid from then on', async () => {
    const { vault } = story.world.chain.contracts;
    const to = accountOf(story.world.actors.mallory);
    await card('Who is paid').getByText('Change it').click();
    await card('Who is paid').getByLabel('Pay rewards to').fill(to);
    await card('Who is paid').getByRole('button', { name: 'Use this address' }).click();
    await card('Who is paid').getByRole('button', { name: 'Change the recipient' }).click();
    await card('Who is paid').getByText('Rewards are paid to another address').waitFor();
    await eventually(async () => expect((await vault.recipientOf(alice)).toLowerCase()).to.equal(to));
  });

  it('has the account sign, and somebody else send: a claim, and a change of who is paid', async () => {
    const { token, vault } = story.world.chain.contracts;
    const { bob } = story.world.actors;
    const to = `0x${'9b'.repeat(20)}`;
    const sign = async (part: Locator, button: string): Promise<string> => {
      await part.getByText('Sign it, and let somebody else send it').click();
      await part.getByRole('button', { name: button }).click();
      return await part.getByLabel(/^Signed, for whoever sends it/).inputValue();
    };
    await story.travelTo((await story.now()) + 10 * DAY);
    await show(open, '/settlements');
    await show(open, `/miner/${alice}`);
    await card('Claim').getByText('Have it paid to another address', { exact: true }).click();
    await card('Claim').getByLabel('Pay to').fill(to);
    await card('Claim').getByRole('button', { name: 'Use this address' }).click();
    const claim = await sign(card('Claim'), 'Sign the claim');
    await card('Who is paid').getByText('Change it').click();
    await card('Who is paid').getByLabel('Pay rewards to').fill(to);
    await card('Who is paid').getByRole('button', { name: 'Use this address' }).click();
    const change = await sign(card('Who is paid'), 'Sign the change');

    await wallet.use(page, bob.address);
    const desk = card('Send for somebody');
    await desk.getByText('Paste what was signed').click();
    await desk.getByLabel(/^Signed lines/).fill([claim, change, claim.replace(/"index":\d+/, '"index":-1')].join('\n'));
    await desk.getByRole('button', { name: 'See what can be sent' }).click();
    await desk.getByText(/Line 3: a claim: cannot be sent/).waitFor();
    await send(desk, /^Send the claim of /, /Line 1: .* nothing to pay: it was paid before/);
    expect((await token.balanceOf(to)) > 0n).to.equal(true);
    await send(desk, /^Send the change of /, /Line 2: .* its signature was used/);
    const [next] = await vault.pendingRecipientOf(alice);
    expect(next.toLowerCase()).to.equal(to);
    await wallet.use(page, story.world.actors.alice.address);
  });

  it('verifies a report in the browser, and finds it equal', async () => {
    await show(open, '/settlements/2');
    await card('Verify in your browser').getByRole('button', { name: 'Verify epoch 2' }).click();
    await card('Verify in your browser').getByText('Equal: the report is what the chain has.').waitFor();
  });

  /** Opens the reasons of an epoch. */
  async function reasons(on: Page, epoch: number): Promise<Locator> {
    const line = on.locator('.epoch').filter({ hasText: `Epoch ${epoch}` });
    await line.getByRole('button', { name: /^Why\?/ }).click();
    await line.getByRole('heading', { name: /^5\./ }).waitFor();
    return line;
  }

  it('shows how an amount came about from the rows on, and says where a report does not tell', async () => {
    await show(open, `/miner/${alice}`);
    const line = await reasons(page, 2);
    await line.getByText('steps add up').waitFor();
    await line.locator('.totals').getByText('data-contribution').waitFor();
    const [score] = await line.locator('.totals').allInnerTexts();
    expect(score).to.match(
      /^data-contribution: (\d+) points of its days × 1 \(consistency: 0 of the 8 epochs before\) = \1 points, a score of \1\.$/,
    );
    const rows = line.locator('details').filter({ hasText: `What it did: ${SMALL_ROWS + 1} rows` });
    expect(await rows.locator('tbody tr').count(), 'folded away').to.equal(0);
    await rows.locator('summary').click();
    await rows.locator('tbody tr').first().waitFor();
    expect(await rows.locator('tbody tr').count()).to.equal(50);
    expect(await rows.locator('tbody tr').first().innerText()).to.contain('× 0.5 (quality)');
    await rows.getByRole('button', { name: `Show all ${SMALL_ROWS + 1}` }).click();
    await rows.locator('tbody tr').nth(SMALL_ROWS).waitFor();
    expect(await rows.locator('tbody tr').count()).to.equal(SMALL_ROWS + 1);
    const days = line.locator('details').filter({ hasText: 'Points by day: 1 day' });
    await days.locator('summary').click();
    expect(await days.locator('tbody tr').innerText()).to.contain('× 3/3 (streak)');
    const first = await reasons(page, 0);
    await first.getByText(/are not in this report/).waitFor();
    expect(await first.locator('.command code').innerText()).to.contain(`lode explain --report <folder>`);
  });

  it('shows no row that does not lead to the proven score, and the amounts all the same', async () => {
    const folder = join(story.reports, 'epochs/000001');
    const [path, named] = [join(folder, 'explanations/0.json'), join(folder, 'manifest.json')];
    const [bytes, manifest] = [await readFile(path), await readFile(named)];
    const said = async (words: RegExp): Promise<void> => {
      const other = await story.open(`/miner/${alice}`);
      const line = await reasons(other.page, 1);
      await line.getByRole('alert').getByText(words).waitFor();
      expect(await line.getByText('Granted in this epoch').count()).to.equal(1);
      expect(await line.locator('.step-table').count()).to.equal(0);
      expect(other.problems).to.deep.equal([]);
      await other.close();
    };
    const lie = bytes.toString().replaceAll('"earned":"100000"', '"earned":"200000"');
    await writeFile(path, lie);
    await said(/not the file that the report names/);
    const hash = sha256Hex(Buffer.from(lie));
    await writeFile(named, manifest.toString().replace(sha256Hex(bytes), hash));
    await said(/do not lead to them/);
    await writeFile(named, manifest);
    await rm(path);
    await said(/No place has the file/);
    await writeFile(path, bytes);
  });

  describe('where what is published was changed', () => {
    let shard: string;
    let whole: Buffer;

    before(async () => {
      const folder = join(story.reports, 'epochs/000002');
      const manifest = parseReportFile(manifestSchema, 'manifest.json', await readFile(join(folder, 'manifest.json')));
      shard = join(folder, shardPathOf(manifest, alice));
      whole = await readFile(shard);
      // A digit of the first amount.
      const changed = whole.toString().replace(/"([1-9])(\d{9,})"/, (_, first: string, rest: string) => {
        return `"${(Number(first) % 9) + 1}${rest}"`;
      });
      expect(changed).not.to.equal(whole.toString());
      await writeFile(shard, changed);
    });

    after(async () => {
      await writeFile(shard, whole);
    });

    it('refuses the shard, shows no amount of it, and offers nothing to claim', async () => {
      const other = await story.open(`/miner/${alice}`);
      await other.page
        .getByText(/not the report that the chain names/)
        .first()
        .waitFor();
      expect(await other.page.getByText('Claimable now').count()).to.equal(0);
      expect(await other.page.getByRole('button', { name: REWARDS }).count()).to.equal(0);
      expect(other.problems).to.deep.equal([]);
      await other.close();
    });

    it('finds it different when it is verified', async () => {
      await show(open, '/settlements/2');
      await card('Verify in your browser')
        .getByRole('button', { name: /^Verify/ })
        .click();
      await card('Verify in your browser')
        .getByText(/^Different: what is published/)
        .waitFor();
    });

    it('says that it is not there once it is gone', async () => {
      await rm(shard);
      const other = await story.open(`/miner/${alice}`);
      await other.page.getByRole('alert').first().waitFor();
      expect(await other.page.getByText('Claimable now').count()).to.equal(0);
      await other.close();
    });
  });
}
