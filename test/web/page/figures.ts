import { readFile, writeFile } from 'node:fs/promises';

import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import type { Locator, Page } from 'playwright-core';

import type { OperatorStatus } from '../../../src/operator/epoch-status.ts';
import { lode, lodeJson } from '../../cli/run-lode.ts';
import { closeAfter, show, type OpenPage, type PageWorld } from '../../support/page-world.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A row of the table `epochs` of `lode export`, as far as it is compared here; amounts in wei. */
type EpochRow = Readonly<
  Record<
    | 'budget'
    | 'miners_granted'
    | 'foundation_granted'
    | 'granted'
    | 'withheld'
    | 'injected'
    | 'leaf_count'
    | 'root'
    | 'record_hash'
    | 'report_cid',
    string
  >
>;

const STAGES: Readonly<Record<string, RegExp>> = {
  running: /runs/,
  over: /over/,
  closed: /waits for a proposal/,
  proposed: /open to challenge|unchallenged/,
  final: /final/,
};

/** What the page says of settlements is what the command line says of them, to the wei. */
export function figures(given: () => PageWorld): void {
  const files = temporaryFolder();
  let open: OpenPage;
  let page: Page;

  before(async () => {
    open = await given().open('/settlements');
    ({ page } = open);
  });

  closeAfter(() => open);

  it('are those of `lode epoch status`: where every epoch stands, and which root is final', async () => {
    const { remote, rpc } = given();
    const config = {
      ...{ format: 'lode-operator-v1', addresses: remote.book, rpc: [remote.node.url, rpc.url] },
      ...{ finality: { confirmations: 0 }, preset: 'lingoai', variant: 'demo', changes: null },
      ledger: {
        ...{ contributions: [], usage: [], accounts: [], dropFolder: files.path('.'), map: {} },
        ...{ lateRows: 'reject', graceSeconds: 0, anyRejects: false },
      },
      ...{ ingest: null, publish: { targets: [], keepEpochs: null }, signer: null },
      keeper: { pollSeconds: 1, metrics: null, maxFeePerGas: null, withdrawBonds: true },
    };
    await writeFile(files.path('lode.config.json'), JSON.stringify(config));
    const { code, json, stderr } = await lodeJson(['epoch', 'status', '--data', files.path('.')]);
    expect(code, stderr).to.equal(0);
    const { epochs, nextToFinalise } = json as OperatorStatus;
    expect(epochs).to.have.length.at.least(5);
    await show(open, '/settlements');
    const final = page.locator('.figure').filter({ has: page.getByRole('term').filter({ hasText: /^Final$/ }) });
    expect(await final.locator('.figure-value').innerText()).to.equal(`${nextToFinalise}`);
    const rows = page.getByRole('table').first().locator('tbody tr');
    expect(await rows.count()).to.equal(epochs.length);
    for (const { epoch, chain } of epochs) {
      expect(await rows.filter({ hasText: `Epoch ${epoch}` }).innerText()).to.match(STAGES[chain]!);
    }
    for (const { epoch, finalRoot } of epochs.filter((one) => one.finalRoot !== null)) {
      await show(open, `/settlements/${epoch}`);
      expect(await page.getByTitle(finalRoot!, { exact: true }).count(), `root of ${epoch}`).to.be.at.least(1);
    }
  });

  it('are those of `lode export`: what every epoch pays, and why it is not its budget', async () => {
    const { code, stderr } = await lode(['export', given().reports, '--out', files.path('tables')]);
    expect(code, stderr).to.equal(0);
    const exported = parse<EpochRow>(await readFile(files.path('tables/epochs.csv')), { columns: true });
    expect(exported).to.have.length(given().settled.length);
    for (const [epoch, row] of exported.entries()) {
      await show(open, `/settlements/${epoch}`);
      const part = page.getByRole('region', { name: 'What it pays' });
      const names = await part.locator('.figure dt').allInnerTexts();
      const values = await textsOf(part.locator('.figure .figure-value'));
      const shown = Object.fromEntries(names.map((name, at) => [name, values[at]]));
      const proposed = {
        ...{ Budget: row.budget, 'Granted to miners': row.miners_granted, 'Accounts in the tree': row.leaf_count },
      };
      const foundation = { 'Granted to the foundation': row.foundation_granted };
      const reserve = { 'Withheld into the reserve': row.withheld, 'Given back by the reserve': row.injected };
      const isOpen = epoch === exported.length - 1;
      expect(shown, `epoch ${epoch}`).to.deep.equal(isOpen ? proposed : { ...proposed, ...foundation, ...reserve });
      for (const hash of [row.root, row.record_hash]) {
        expect(await page.getByTitle(hash, { exact: true }).count(), `${hash} of ${epoch}`).to.be.at.least(1);
      }
      await page.getByText(row.report_cid, { exact: true }).waitFor();
      if (isOpen) continue;
      const table = part.getByRole('group', { name: 'From budget to grant' }).locator('tbody tr');
      const amounts = await textsOf(table.locator('data'));
      const [budget, ...steps] = amounts.map(BigInt);
      const granted = steps.pop();
      expect([`${budget}`, `${granted}`]).to.deep.equal([row.budget, row.granted]);
      expect(steps.reduce((sum, step) => sum + step, budget!)).to.equal(granted);
    }
  });
}

interface Shown {
  readonly value?: string;
  readonly textContent: string;
  readonly querySelector: (name: string) => { readonly value: string } | null;
}

/** What each of these elements says, of amounts in wei. */
async function textsOf(elements: Locator): Promise<string[]> {
  return await elements.evaluateAll((found: unknown[]) =>
    (found as Shown[]).map((one) => one.value ?? one.querySelector('data')?.value ?? one.textContent),
  );
}
