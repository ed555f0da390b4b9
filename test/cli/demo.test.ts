import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

import { expect } from 'chai';

import { parseAddressBook } from '../../src/chain/address-book.ts';
import type { DemoEpoch } from '../../src/cli/demo/result.ts';
import { wantsPage } from '../../src/cli/demo/wants-page.ts';
import { parseChanges } from '../../src/settlement/governed-changes.ts';
import { builtPage } from '../support/built-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { lodeError, lodeJson, startLode } from './run-lode.ts';

/** As JSON has it: amounts are decimal strings. */
type Plain<T> = { readonly [K in keyof T]: T[K] extends bigint ? string : T[K] };

interface DemoDocument {
  readonly held: boolean;
  readonly epochs: readonly Plain<DemoEpoch>[];
  readonly events: readonly { readonly epoch: number; readonly text: string }[];
  readonly totals: Readonly<Record<string, string>>;
  readonly checks: readonly { readonly claim: string; readonly held: boolean }[];
  readonly gas: readonly { readonly step: string; readonly count: number; readonly highest: string }[];
  readonly files: Readonly<Record<string, string>>;
}

const EPOCHS = 11;

describe('wantsPage', () => {
  const person = { json: false, isTerminal: true, ci: undefined };

  it('is to a person at a terminal', () => {
    expect(wantsPage(person)).to.be.true;
    expect(wantsPage({ ...person, ci: '' })).to.be.true;
  });

  it('is not to a program, a pipe or a build', () => {
    for (const other of [{ json: true }, { isTerminal: false }, { ci: 'true' }, { ci: '1' }]) {
      expect(wantsPage({ ...person, ...other }), JSON.stringify(other)).to.be.false;
    }
  });

  it('is what was said, to whomever', () => {
    const build = { json: true, isTerminal: false, ci: 'true' };
    expect(wantsPage({ ...build, serve: true })).to.be.true;
    expect(wantsPage({ ...person, serve: false })).to.be.false;
  });
});

describe('lode demo', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  let cwd: string;
  let demo: DemoDocument;
  let stderr: string;

  before(async () => {
    cwd = folder.path('.');
    const run = await lodeJson(['demo', '--epochs', `${EPOCHS}`, '--out', 'demo'], cwd);
    expect(run.code, run.stderr).to.equal(0);
    demo = run.json as DemoDocument;
    stderr = run.stderr;
  });

  it('ends by itself with everything that it promises held', () => {
    expect(demo.checks.filter(({ held }) => !held)).to.deep.equal([]);
    expect(demo.held).to.be.true;
    expect(demo.epochs).to.have.length(EPOCHS);
  });

  it('EMIT-1 leaves the supply that the curve has emitted, and balances', () => {
    const { supply, emitted, budget, granted, withheld, injected, reserve } = demo.totals;
    expect(supply).to.equal(emitted);
    expect(BigInt(granted!) + BigInt(withheld!)).to.equal(BigInt(budget!) + BigInt(injected!));
    expect(BigInt(reserve!)).to.equal(BigInt(withheld!) - BigInt(injected!));
    expect(demo.epochs.some(({ withheld: kept }) => kept !== '0')).to.be.true;
    expect(demo.epochs.some(({ injected: given }) => given !== '0')).to.be.true;
  });

  it('tells what happened along the way, and what each step cost', () => {
    expect(demo.events).to.have.length(6);
    const steps = new Map(demo.gas.map(({ step, count }) => [step, count]));
    for (const step of ['close an epoch', 'propose a settlement', 'make it final'])
      expect(steps.get(step)).to.equal(EPOCHS);
    for (const step of ['claim, the first time', 'claim again', 'claim by signature'])
      expect(steps.has(step)).to.be.true;
  });

  it('says on stderr where it is, in plain lines', () => {
    for (const part of ['1/5', '2/5', '3/5', '4/5', '5/5']) expect(stderr).to.contain(part);
    expect(stderr).not.to.contain('\u001b');
  });

  it('leaves a chart, its result, and a replay folder that verifies and explains', async () => {
    expect(await readFile(folder.path('demo/chart.svg'), 'utf8')).to.match(/^<svg [^]*<\/svg>\n$/);
    const kept = JSON.parse(await readFile(folder.path('demo/demo.json'), 'utf8')) as DemoDocument;
    expect(kept.epochs).to.deep.equal(demo.epochs);
    const { code, json } = await lodeJson(['verify', 'demo/reports'], cwd);
    expect({ code, json }).to.deep.equal({ code: 0, json: { equal: true, difference: null, epochs: EPOCHS } });
    const replayed = JSON.parse(await readFile(folder.path('demo/reports/replay.json'), 'utf8')) as DemoDocument;
    expect(replayed.epochs.map(({ root }) => root)).to.deep.equal(demo.epochs.map(({ root }) => root));
  });

  it('names its contracts, so that no row of the ledger can', async () => {
    const book = parseAddressBook(await readFile(folder.path('demo/addresses.json'), 'utf8'));
    const { contracts } = parseChanges(await readFile(folder.path('demo/changes.json'), 'utf8'));
    const { token, vault, reserve, distributor } = book.contracts;
    expect(contracts).to.have.members([token, vault, reserve, distributor]);
  });

  it('replaces an earlier demo and nothing else, and serves the page over its chain until it is ended', async () => {
    await folder.write('mine.txt', 'keep me');
    expect((await lodeError(5, ['demo', '--out', '.'], cwd)).code).to.equal('FOLDER_EXISTS');
    await builtPage();
    const child = startLode(['demo', '--epochs', '10', '--seed', '7', '--out', 'demo', '--serve'], cwd);
    let [stdout, said] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = once(child, 'close');
    while (!said.includes('Ctrl-C ends it')) {
      expect(child.exitCode, said).to.equal(null);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(stdout)
      .to.contain('npx lode verify demo/reports')
      .and.match(/All \d+ checks held over 10 epochs/);
    const [, url] = /The page: (http:\/\/127\.0\.0\.1:\d+\/)/.exec(said) ?? [];
    expect(said.match(/#\/miner\/0x[0-9a-f]{40}\n/g)).to.have.length(2);
    expect(await (await fetch(url!)).text()).to.contain('<div id="root">');
    const config = (await (await fetch(`${url}config.json`)).json()) as { rpc: string[]; reports: string[] };
    expect((await fetch(`${url}${config.reports[0]}epochs/000009/manifest.json`)).ok).to.be.true;
    // What the page shows of the rows behind a score.
    const explained = await fetch(`${url}${config.reports[0]}epochs/000005/explanations/0.json`);
    expect(((await explained.json()) as { accounts: unknown[] }).accounts.length).to.be.greaterThan(0);
    const book = parseAddressBook(await (await fetch(`${url}addresses.json`)).text());
    const asking = { jsonrpc: '2.0', id: 1, method: 'eth_getCode', params: [book.contracts.vault, 'latest'] };
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(config.rpc[0]!, { method: 'POST', headers, body: JSON.stringify(asking) });
    expect(((await answer.json()) as { result: string }).result.length).to.be.greaterThan(1000);
    child.kill('SIGINT');
    expect(await ended).to.deep.equal([0, null]);
  });

  it('refuses fewer epochs than its story needs, and more than the ledger has', async () => {
    for (const epochs of ['9', '251', 'many']) {
      expect((await lodeError(2, ['demo', '--epochs', epochs], cwd)).code).to.equal('OPTION_INVALID');
    }
    const short = await lodeError(2, ['demo', '--preset', 'tnet', '--epochs', '49'], cwd);
    expect(short.details).to.include({ given: '49', expected: 'a whole number from 9 to 48 for tnet' });
  });

  it('names the presets that it can show when asked for another', async () => {
    const { code, details } = await lodeError(6, ['demo', '--preset', 'bitcoin'], cwd);
    expect({ code, presets: details['presets'] }).to.deep.equal({
      code: 'PRESET_UNKNOWN',
      presets: ['langx', 'lingoai', 'lingopod', 'tnet'],
    });
  });
});
