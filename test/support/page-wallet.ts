import { fileURLToPath } from 'node:url';

import type { BrowserContext, Page } from 'playwright-core';

const SCRIPT = fileURLToPath(new URL('injected-wallet.js', import.meta.url));

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A wallet in pages under test: it signs with an account of the node. */
export class PageWallet {
  account: string;
  chainId = 31_337;
  /** Rejects what it is asked to sign next, as a person would. */
  rejectsNext = false;
  /** What it was asked to do, but for what only reads. */
  readonly asked: { readonly method: string; readonly params: readonly unknown[] }[] = [];
  readonly #node: string;

  constructor(node: string, account: string) {
    this.#node = node;
    this.account = account;
  }

  /** Puts it into every page of a context. */
  async enter(context: BrowserContext): Promise<void> {
    await context.exposeBinding('askTestWallet', async (_, method: string, params: readonly unknown[]) => {
      return await this.#answer(method, params);
    });
    await context.addInitScript({ path: SCRIPT });
  }

  /** Has the person choose another account in it. */
  async use(page: Page, account: string): Promise<void> {
    this.account = account;
    await page.evaluate(`window.tellFromTestWallet('accountsChanged', ['${account}'])`);
  }

  /** Has the person choose another chain in it. */
  async goTo(page: Page, chainId: number): Promise<void> {
    this.chainId = chainId;
    await page.evaluate(`window.tellFromTestWallet('chainChanged', '0x${chainId.toString(16)}')`);
  }

  async #answer(method: string, params: readonly unknown[]): Promise<Answer> {
    if (method === 'eth_accounts' || method === 'eth_requestAccounts') return { result: [this.account] };
    if (method === 'eth_chainId') return { result: `0x${this.chainId.toString(16)}` };
    if (/^(wallet_|eth_send|eth_sign|personal_)/.test(method)) {
      this.asked.push({ method, params });
      if (this.rejectsNext) {
        this.rejectsNext = false;
        return { error: { code: 4001, message: 'User rejected the request.' } };
      }
    }
    if (method === 'wallet_switchEthereumChain') {
      const [{ chainId }] = params as [{ chainId: string }];
      this.chainId = Number(chainId);
      return { result: null };
    }
    if (method === 'wallet_watchAsset') return { result: true };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(this.#node, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await response.json()) as Answer;
  }
}
