import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import type { BrowserContext, Page } from 'playwright-core';

const SCRIPT = fileURLToPath(new URL('injected-wallet.js', import.meta.url));

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A wallet in pages under test: it signs with an account of the node. */
export class PageWallet {
  readonly name: string;
  /** The name by which pages remember it. */
  readonly #rdns: string;
  account: string;
  chainId = 31_337;
  /** Rejects what it is asked to sign next, as a person would. */
  rejectsNext = false;
  /** Where it stays when it is asked to go elsewhere, and says that it went. */
  staysOn: number | null = null;
  /** What it was asked to do, but for what only reads. */
  readonly asked: { readonly method: string; readonly params: readonly unknown[] }[] = [];
  readonly #node: string;

  constructor(node: string, account: string, name = 'Test wallet') {
    this.#node = node;
    this.account = account;
    this.name = name;
    this.#rdns = `${name.toLowerCase().replaceAll(' ', '-')}.test`;
  }

  /** Puts wallets into every page of a context, in which they announce themselves in this order. */
  static async enter(context: BrowserContext, wallets: readonly PageWallet[]): Promise<void> {
    const asked = async (_: unknown, rdns: string, method: string, params: readonly unknown[]) => {
      return await wallets.find((wallet) => wallet.#rdns === rdns)!.#answer(method, params);
    };
    await context.exposeBinding('askTestWallet', asked);
    const calls = wallets.map(
      (wallet) => `addTestWallet(${JSON.stringify(wallet.name)}, ${JSON.stringify(wallet.#rdns)});`,
    );
    await context.addInitScript({ content: [await readFile(SCRIPT, 'utf8'), ...calls].join('\n') });
  }

  /** Has the person choose another account in it. */
  async use(page: Page, account: string): Promise<void> {
    this.account = account;
    await this.tell(page, 'accountsChanged', [account]);
  }

  /** Has the person choose another chain in it. */
  async goTo(page: Page, chainId: number): Promise<void> {
    this.chainId = chainId;
    await this.tell(page, 'chainChanged', `0x${chainId.toString(16)}`);
  }

  /** Has the person take back what was permitted to the page. */
  async leave(page: Page): Promise<void> {
    await this.tell(page, 'accountsChanged', []);
  }

  /** Has it tell of something, be it nonsense. */
  async tell(page: Page, event: string, value: unknown): Promise<void> {
    const detail = JSON.stringify([this.#rdns, event, value]);
    await page.evaluate(`window.dispatchEvent(new CustomEvent('test-wallet-tells', { detail: ${detail} }))`);
  }

  async #answer(method: string, params: readonly unknown[]): Promise<Answer> {
    if (method === 'eth_accounts') return { result: [this.account] };
    if (method === 'eth_chainId') return { result: `0x${this.chainId.toString(16)}` };
    if (/^(wallet_|eth_send|eth_sign|eth_requestAccounts|personal_)/.test(method)) {
      this.asked.push({ method, params });
      if (this.rejectsNext) {
        this.rejectsNext = false;
        return { error: { code: 4001, message: 'User rejected the request.' } };
      }
    }
    if (method === 'eth_requestAccounts') return { result: [this.account] };
    if (method === 'wallet_switchEthereumChain') {
      const [{ chainId }] = params as [{ chainId: string }];
      this.chainId = this.staysOn ?? Number(chainId);
      return { result: null };
    }
    if (method === 'wallet_watchAsset') return { result: true };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(this.#node, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await response.json()) as Answer;
  }
}
