import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { tokens } from '../../../src/protocol/tokens.ts';
import { epochFolder } from '../../../src/store/epoch-folder.ts';
import { lode } from '../../cli/run-lode.ts';
import { closeAfter, show, type OpenPage, type PageWorld } from '../../support/page-world.ts';

/** What was settled, and whether it is right. */
export function settlements(given: () => PageWorld): void {
  let story: PageWorld;
  let open: OpenPage;

  before(async () => {
    story = given();
    open = await story.open('/');
  });

  closeAfter(() => open);

  async function verify(epoch: number): Promise<string> {
    const { page } = open;
    await show(open, '/settlements');
    await show(open, `/settlements/${epoch}`);
    await page.getByRole('button', { name: new RegExp(`^Verify (epoch ${epoch}|again)$`) }).click();
    const verdict = page.locator('.verdict');
    await verdict.waitFor();
    return await verdict.innerText();
  }

  it('shows what exists and what is reserved as the contracts have it', async () => {
    await show(open, '/');
    const { token, reserve, vault } = story.world.chain.contracts;
    await open.page.getByRole('region', { name: 'Supply' }).waitFor();
    const values = await open.page.evaluate<string[]>(
      '[...document.querySelectorAll("data")].map(({ value }) => value)',
    );
    for (const wei of [await token.totalSupply(), await reserve.reserve(), await vault.released()]) {
      expect(values).to.include(wei.toString());
    }
  });

  it('tells where every epoch stands', async () => {
    await show(open, '/settlements');
    const rows = await open.page.getByRole('row').allInnerTexts();
    expect(rows.filter((row) => row.includes('final'))).to.have.length.at.least(3);
    expect(rows.find((row) => row.startsWith('Epoch 3'))).to.match(/open to challenge|unchallenged/);
    await show(open, '/settlements/1');
    const { granted } = story.settled[1]!.settlement;
    expect(await open.page.getByRole('region', { name: 'What it pays' }).innerText()).to.include(tokens(granted));
    await show(open, '/settlements/9999');
    expect(await open.page.getByRole('heading', { level: 1 }).innerText()).to.equal('There is no such epoch yet');
  });

  it('computes reports anew: that of the first epoch, of a later one, and of one that is not final yet', async () => {
    for (const epoch of [0, 1, 3]) {
      expect(await verify(epoch)).to.match(/^Equal: the report is what the chain has\./);
    }
    await open.page.getByRole('link', { name: 'Settlements' }).first().click();
    const rows = open.page.getByRole('row');
    await rows.filter({ hasText: 'Epoch 1' }).getByText('equal').waitFor();
    await rows.filter({ hasText: 'Epoch 2' }).getByText('not yet').waitFor();
    const link = rows.filter({ hasText: 'Epoch 1' }).getByRole('link', { name: /^bafy/ });
    expect(await link.getAttribute('href')).to.match(/\/reports\/epochs\/000001\/manifest\.json$/);
  });

  it('refuses a shard that was changed, and names it', async () => {
    const folder = join(story.reports, epochFolder(2));
    const [shard] = await readdir(join(folder, 'shards'));
    const path = join(folder, 'shards', shard!);
    const honest = await readFile(path);
    await writeFile(path, honest.toString('utf8').replace(/"(\d{6,})"/, '"9$1"'));
    const said = await verify(2);
    await writeFile(path, honest);
    expect(said).to.match(/^Different: what is published is not what the chain has/);
    expect(said).to.include(`shards/${shard!}`);
    expect(await verify(2)).to.match(/^Equal/);
  });

  it('says that a report is not to be had, and nothing more', async () => {
    const folder = join(story.reports, epochFolder(2));
    await rename(folder, `${folder}-away`);
    const [gone, next] = [await verify(2), await verify(3)];
    await rename(`${folder}-away`, folder);
    expect(gone).to.match(/^Unavailable: no place gave the report\./);
    expect(next).to.match(/^Equal, as far as it could be computed\./);
    expect(next).to.include('epoch 2');
  });

  it('gives every simulated epoch as a file, as the command line does', async () => {
    await show(open, '/what-if?preset=tnet&years=1&people=9%3A90&price=crash');
    const { page } = open;
    await page.getByText(/^365 epochs/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Every epoch as CSV' }).click(),
    ]);
    const csv = await readFile(await download.path(), 'utf8');
    const words = [
      'simulate',
      '--preset',
      'tnet',
      '--years',
      '1',
      '--participants',
      '9:90',
      '--price',
      'crash',
      '--csv',
    ];
    expect(csv).to.equal((await lode(words)).stdout);
    await page.getByLabel('People at first').fill('many');
    await page.getByRole('alert').getByText('cannot be used').waitFor();
  });
}
