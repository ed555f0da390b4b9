import type { Signer } from 'ethers';
import { createContext, use } from 'react';

import type { Address } from '../../../src/protocol/brands.ts';
import type { AnnouncedWallet } from './announced-wallets.ts';

/** A wallet that the visitor has connected. */
export interface ConnectedWallet {
  readonly detail: AnnouncedWallet;
  readonly account: Address;
  readonly chainId: number;
  /** Whether it is on the chain of the deployment; nothing is sent while it is not. */
  readonly isOnChain: boolean;
}

/** The wallets of this browser, and what can be done with them. */
export interface Wallets {
  /** Every wallet that announced itself. */
  readonly found: readonly AnnouncedWallet[];
  readonly connected: ConnectedWallet | null;
  /** What went wrong last; null after something went well. */
  readonly error: unknown;
  /** Whether that went well; else {@link error} says what went wrong. */
  readonly connect: (detail: AnnouncedWallet) => Promise<boolean>;
  /** Forgets the wallet here; the permission that it gave ends in the wallet itself. */
  readonly disconnect: () => void;
  /** Asks the wallet for the deployment's chain. */
  readonly switchChain: () => Promise<void>;
  /**
   * Signs in the name of the connected account, for this chain alone.
   *
   * @throws {RefusedError} `WALLET_MISSING`, `WALLET_ELSEWHERE` when the wallet is on another chain, `WALLET_ACCOUNT_GONE` when it is
   * locked or has another account by now
   */
  readonly signer: () => Promise<Signer>;
}

export const WalletContext = createContext<Wallets | null>(null);

/** The wallets of this browser. */
export function useWallets(): Wallets {
  const wallets = use(WalletContext);
  if (wallets === null) throw new TypeError('no wallets around this');
  return wallets;
}
