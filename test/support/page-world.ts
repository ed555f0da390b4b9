import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

import { formatAddressBook } from '../../src/chain/address-book.ts';
import { allotCall } from '../../src/chain/unit-pool-calls.ts';
import { run } from '../../src/cli/run.ts';
import { servePage, type PageServer } from '../../src/cli/web/page-server.ts';
import { pageSurroundings } from '../../src/cli/web/page-settings.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import { epochFolder } from '../../src/store/epoch-folder.ts';
import { advanceOperation } from './advance-operation.ts';
import { builtPage } from './built-page.ts';
import { startChromium } from './chromium.ts';
import { rising } from './governance-fixture.ts';
import { PageWallet } from './page-wallet.ts';
import type { RemoteWorld } from './remote-world.ts';
import { startRemoteWorld } from './remote-world.ts';
import { heal } from './rpc-faults.ts';
import type { RpcProxy } from './rpc-proxy.ts';
import { startRpcProxy } from './rpc-proxy.ts';
import { stepsOfScores } from './steps-of-scores.ts';
import type { Settled, World } from './world.ts';
import {
  accountOf,
  BEFORE,
  closeNext,
  finalise,
  propose,
  settleOffChain,
  storyPreset,
  travelTo,
  withUnitPool,
} from './world.ts';

const DAY = 86_400;
/** When epoch 0 begins. */
const START = 2_000_000_000;
const UNITS = { allocation: 100_000_000n * WAD, units: 10_000 };
/** The fifth to seventh account of every node of Hardhat: alice, bob and carol. */
const VOTERS = [
  '0x15d34aaf54267db7d7c367839aaf71a00a2c6a65',
  '0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc',
  '0x976ea74026e726554db657fa54763abd0c3a0aa9',
];

/** Tells of whatever the policy of a page kept from happening. */
const WATCH_POLICY = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  globalThis.tellBreach(violatedDirective + ' ' + blockedURI);
});`;

/** A page that is open in a browser, and what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors on its console, breaches of its policy, and requests that wanted to leave this machine. */
  readonly problems: string[];
  readonly close: () => Promise<void>;
}

/** A deployment with the page over it: epochs 0 to 2 are final, the holders have taken over, 3 is proposed. */
export interface PageWorld {
  readonly remote: RemoteWorld;
  readonly world: World;
  readonly browser: Browser;
  /** The folder in which the reports lie as they are served, below `epochs/`. */
  readonly reports: string;
  readonly settled: readonly Settled[];
  /** The way from the page to the node; the wallet has its own. */
  readonly rpc: RpcProxy;
  readonly url: string;
  readonly wallet: (account: string, name?: string) => PageWallet;
  readonly open: (path: string, options?: OpenOptions) => Promise<OpenPage>;
  /** Runs a command of the command line over the same deployment; its document. */
  readonly lode: <T>(command: string, ...more: readonly string[]) => Promise<T>;
  /** Mines a block at this time. */
  readonly travelTo: (time: number) => Promise<void>;
  readonly now: () => Promise<number>;
  /** Takes chain and reports back to where the story had led, and makes the node honest. */
  readonly anew: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface OpenOptions extends BrowserContextOptions {
  /** What the visitor has installed. */
  readonly wallets?: readonly PageWallet[];
}

/** Starts a node, a browser and a server, and lets the story of the deployment run until so many epochs are final and one is open. */
export async function startPageWorld({ finalEpochs = 3 } = {}): Promise<PageWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'lode-page-world-'));
  const [reports, book] = [join(folder, 'reports'), join(folder, 'addresses.json')];
  const [remote, browser, page] = await Promise.all([
    startRemoteWorld(book, { start: START, preset: votedPreset() }),
    startChromium(),
    builtPage(),
  ]);
  const { world, node } = remote;
  await handOver(world);
  const rpc = await startRpcProxy(node.url);
  const server = await serve(world, { page, reports, rpc });

  const settled: Settled[] = [];
  let open: { readonly one: Settled; readonly until: number } | null = null;
  for (let epoch = 0; epoch <= finalEpochs; epoch++) {
    if (open !== null) await finalise(world, open.one, open.until);
    if (epoch > 0) await world.setPrice(epoch, priceIn(epoch));
    const closed = await closeNext(world);
    const scores = scoresOf(world, epoch);
    // From epoch 1 on the reports say how the scores came about.
    const told = epoch === 0 ? {} : { explanations: stepsOfScores(scores, closed.record) };
    const one = await settleOffChain(world, settled.at(-1)?.next ?? BEFORE, closed, { scores, ...told });
    open = { one, until: (await propose(world, one)).until };
    settled.push(one);
  }
  await publish(settled, reports);
  let base = String(await node.request('evm_snapshot'));

  return {
    ...{ remote, world, browser, reports, settled, rpc, url: server.url },
    wallet: (account, name) => new PageWallet(node.url, account, name),
    open: async (path, options = {}) => await openPage(browser, `${server.url}#${path}`, options),
    lode: async <T>(command: string, ...more: readonly string[]) => {
      const reach = ['--addresses', book, '--rpc', node.url];
      return (await lodeDocument([...command.split(' '), ...reach, ...more, '--json'], folder)) as T;
    },
    travelTo: async (time) => await travelTo(world, time),
    now: async () => await world.hardhat.networkHelpers.time.latest(),
    anew: async () => {
      heal(rpc);
      await node.request('evm_revert', base);
      base = String(await node.request('evm_snapshot'));
      await rm(reports, { recursive: true });
      await publish(settled, reports);
    },
    close: async () => {
      await browser.close();
      for (const { close } of [server, rpc, remote]) await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The story's economy with units sold in advance, and three holders who can take over. */
function votedPreset() {
  const preset = withUnitPool(storyPreset());
  const genesis = VOTERS.map((to) => ({ to: parseAddress(to), amount: 1000n * WAD, label: 'a voter' }));
  const handover = { ...preset.governance.handover!, minimumVotes: 100n * WAD };
  return {
    ...preset,
    unitPool: { ...UNITS, saleLasts: 8 * DAY, releaseOver: 300 * DAY },
    governance: { ...preset.governance, proposalThreshold: WAD, handover },
    token: { ...preset.token, genesis: [...preset.token.genesis, ...genesis] },
  };
}

/** Alice buys units, and the holders take over, before the first epoch. */
async function handOver(world: World): Promise<void> {
  const { alice, bob, carol, council } = world.actors;
  const { token, handover } = world.chain.contracts;
  await travelTo(world, START - 60 * DAY);
  const orders = allotCall(world.chain.addresses, [{ account: alice.address, units: 3n }]);
  const { readyAt } = await advanceOperation(world.chain, council, orders, 'orders');
  for (const holder of [alice, bob, carol]) await token.connect(holder).delegate(holder);
  await travelTo(world, Math.max(readyAt, START - 50 * DAY));
  await advanceOperation(world.chain, council, orders, 'orders');
  await handover.connect(council).handover(rising(alice, bob, carol));
}

/** Alice to dave work in each epoch, on a task each, now more and now less. */
function scoresOf({ actors: { alice, bob, carol, dave } }: World, epoch: number) {
  return [alice, bob, carol, dave].map((miner, at) => ({
    account: accountOf(miner),
    task: at + 1,
    score: BigInt(10 + at + ((epoch * 7 + at * 3) % 11)),
  }));
}

/** Up and down around the reference, wad. */
function priceIn(epoch: number): bigint {
  return BigInt(7 + ((epoch * 5) % 7)) * 10n ** 15n;
}

/** Writes the reports of epoch 0 and those that follow to where they are served from. */
async function publish(settled: readonly Settled[], reports: string): Promise<void> {
  for (const [epoch, { files }] of settled.entries()) {
    for (const [name, bytes] of files) {
      const path = join(reports, epochFolder(epoch), name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
  }
}

async function serve(
  { deployment }: World,
  { page, reports, rpc }: { readonly page: string; readonly reports: string; readonly rpc: RpcProxy },
): Promise<PageServer> {
  const { config, folders } = pageSurroundings({
    ...{ title: 'Story', rpc: [rpc.url], confirmations: 0, pollSeconds: 0.5 },
    places: [{ kind: 'folder', at: reports }],
  });
  const texts = new Map([
    ['config.json', config],
    ['addresses.json', formatAddressBook(deployment.addressBook)],
  ]);
  return await servePage({ page, texts, folders }, { host: '127.0.0.1', port: 0 });
}

/** Opens an address in a browser as a visitor of its own, who has never been there. */
export async function openPage(
  browser: Browser,
  url: string,
  { wallets = [], ...options }: OpenOptions,
): Promise<OpenPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(20_000);
  await PageWallet.enter(context, wallets);
  const problems: string[] = [];
  await context.exposeBinding('tellBreach', (_, words: string) => problems.push(`breach: ${words}`));
  await context.addInitScript(WATCH_POLICY);
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A file that is not there is told on the console too; what it means the page says itself.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
    problems.push(`console: ${message.text()}`);
  });
  context.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') problems.push(`request to ${request.url()}`);
  });
  await page.goto(url);
  return { page, problems, close: async () => await context.close() };
}

/** Has the suite in which it is called close a page that it opened; whichever test leaves a problem on it has failed. */
export function closeAfter(open: () => OpenPage): void {
  afterEach(function () {
    if (this.currentTest?.state === 'failed') return;
    expect(open().problems).to.deep.equal([]);
  });
  after(async () => {
    await open().close();
  });
}

/** Goes to a view, and waits until it has read what it shows. */
export async function show({ page }: OpenPage, path: string): Promise<void> {
  await page.goto(new URL(`#${path}`, page.url()).href);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await atRest(page);
}

/** Waits until nothing is being read or drawn any more; what was read may lead to more. */
export async function atRest(page: Page): Promise<void> {
  const waiting = page.locator('.waiting, [aria-busy="true"], .chart:empty').first();
  for (let still = 0; still < 2; still++) {
    if ((await waiting.count()) > 0) still = 0;
    await waiting.waitFor({ state: 'detached' });
    await page.waitForTimeout(50);
  }
}

/** Waits until a page was drawn a few times: changes of style have come to their end. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate('(async () => { for (let n = 0; n < 4; n++) await new Promise(requestAnimationFrame); })()');
}

/** Connects the wallet of the page, as a visitor does. */
export async function connect(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Connect wallet' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Test wallet' }).click();
  await page.getByRole('button', { name: 'disconnect Test wallet' }).waitFor();
}

/** Sends what stands in a part of the page, and waits until it says so; `words` are what it says in the end, null: nothing is waited for. */
export async function send(part: Locator, button: string | RegExp, words: string | RegExp | null): Promise<void> {
  await part.getByRole('button', { name: button, exact: typeof button === 'string' }).click();
  if (words !== null) await part.getByText(words).first().waitFor();
}

/** The first amount in a part of the page, in wei. */
export async function amountIn(part: Locator): Promise<string | null> {
  return await part.locator('data.amount').first().getAttribute('value');
}

async function lodeDocument(args: readonly string[], cwd: string): Promise<unknown> {
  const said = { out: '', err: '' };
  const code = await run(args, {
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
    ...{ isTerminal: false, columns: 80, cwd },
  });
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${said.out}\n${said.err}`);
  return JSON.parse(said.out);
}
