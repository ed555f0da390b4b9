import type { Eip1193Provider } from 'ethers';
import { createStore } from 'mipd';

/** A wallet's provider, with the events by which it says that something changed. */
export interface WalletProvider extends Eip1193Provider {
  readonly on?: (event: string, listener: (value: unknown) => void) => unknown;
  readonly removeListener?: (event: string, listener: (value: unknown) => void) => unknown;
}

/** A wallet as it announced itself to the page (EIP-6963). */
export interface AnnouncedWallet {
  readonly info: { readonly uuid: string; readonly name: string; readonly rdns: string };
  readonly provider: WalletProvider;
}

/** The wallets of this browser; more may come while the page is open. */
export interface AnnouncedWallets {
  readonly subscribe: (changed: () => void) => () => void;
  readonly all: () => readonly AnnouncedWallet[];
}

/** Those of what announced itself that can be named and asked: anything in the browser can announce anything. */
export function usableWallets(announced: unknown): readonly AnnouncedWallet[] {
  return Array.isArray(announced) ? announced.filter(isWallet) : [];
}

function isWallet(given: unknown): given is AnnouncedWallet {
  const { info, provider } = (given ?? {}) as { readonly info?: unknown; readonly provider?: unknown };
  const { uuid, name, rdns } = (info ?? {}) as Readonly<Record<string, unknown>>;
  const { request } = (provider ?? {}) as { readonly request?: unknown };
  const isNamed = [uuid, name, rdns].every((text) => typeof text === 'string' && text.trim() !== '');
  return isNamed && typeof request === 'function';
}

/** Listens for wallets from now on. */
export function announcedWallets(): AnnouncedWallets {
  const store = createStore();
  let last: { readonly of: unknown; readonly usable: readonly AnnouncedWallet[] } = { of: null, usable: [] };
  return {
    subscribe: (changed) => store.subscribe(changed),
    all: () => {
      // Untyped: the package takes its types from a library that it does not bring along.
      const announced: unknown = store.getProviders();
      if (last.of !== announced) last = { of: announced, usable: usableWallets(announced) };
      return last.usable;
    },
  };
}
