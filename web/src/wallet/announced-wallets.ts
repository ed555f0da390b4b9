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

/** Listens for wallets from now on. */
export function announcedWallets(): AnnouncedWallets {
  const store = createStore();
  return {
    subscribe: (changed) => store.subscribe(changed),
    // Untyped: the package takes its types from a library that it does not bring along.
    all: (): readonly AnnouncedWallet[] => store.getProviders() as readonly AnnouncedWallet[],
  };
}
