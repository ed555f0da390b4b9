import { expect } from 'chai';

import { show, type PageWorld } from '../../support/page-world.ts';

/** What a visitor is told when the node fails. */
export function trouble(given: () => PageWorld): void {
  it('says what is wrong while the node is down, and goes on by itself when it is back', async () => {
    const story = given();
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
    const story = given();
    story.rpc.status = 503;
    const open = await story.open('/');
    const problem = open.page.getByRole('alert').first();
    await problem.waitFor();
    story.rpc.status = null;
    await problem.getByRole('button').first().click();
    await open.page.getByRole('navigation', { name: 'Views' }).waitFor();
    await open.close();
  });

  it('shows nothing of a node that is on another chain', async () => {
    const story = given();
    story.rpc.bend = ({ method }, answer) => (method === 'eth_chainId' ? { ...answer, result: '0x1' } : answer);
    const open = await story.open('/');
    const problem = open.page.getByRole('alert').first();
    await problem.waitFor();
    expect(await problem.innerText())
      .to.contain('CHAIN_DIFFERS')
      .and.contain('31337');
    expect(await open.page.locator('data').count()).to.equal(0);
    expect(open.problems).to.deep.equal([]);
    await open.close();
  });
}
