import { BrowserProvider } from 'ethers';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';

import type { Address } from '../../../src/protocol/brands.ts';
import { RefusedError } from '../../../src/protocol/errors.ts';
import { useDeployment } from '../data/deployment-context.ts';
import { requestError } from './request-error.ts';
import { announcedWallets, type AnnouncedWallet } from './announced-wallets.ts';
import { offeredAccount, toldChain } from './wallet-answers.ts';
import { WalletContext, type Wallets } from './wallet-context.ts';

/** The wallet that was connected last, by its name in reverse domain notation. */
const KEY = 'lode.wallet';

interface Held {
  readonly detail: AnnouncedWallet;
  readonly account: Address;
  readonly chainId: number;
}

/** Finds the wallets of this browser as they announce themselves (EIP-6963), and follows the connected one. */
export function WalletProvider({ children }: { readonly children: ReactNode }) {
  const { addressBook } = useDeployment();
  const { chainId } = addressBook;
  const [announced] = useState(announcedWallets);
  const found = useSyncExternalStore(announced.subscribe, announced.all);
  const [held, setHeld] = useState<Held | null>(null);
  const [error, setError] = useState<unknown>(null);

  const take = useCallback(async (detail: AnnouncedWallet, method: 'eth_requestAccounts' | 'eth_accounts') => {
    const account = offeredAccount(await detail.provider.request({ method }));
    if (account === null) throw noAccount();
    const chainId = await chainOf(detail);
    setHeld({ detail, account, chainId });
    remember(detail.info.rdns);
  }, []);

  // A visitor who comes back is connected again where the wallet still permits it, without being asked.
  useEffect(() => {
    const last = remembered();
    const detail = found.find(({ info }) => info.rdns === last);
    if (detail === undefined) return;
    // eslint-disable-next-line react-hooks/set-state-in-effect -- set once the wallet has answered, not in the effect
    take(detail, 'eth_accounts').catch(() => undefined);
  }, [found, take]);

  const provider = held?.detail.provider;
  useEffect(() => {
    if (provider === undefined) return undefined;
    // What a wallet tells is anything, and what it lacks is no reason for the page to break.
    const accountsChanged = (accounts: unknown): void => {
      const account = offeredAccount(accounts);
      setHeld((now) => (now === null || account === null ? null : { ...now, account }));
    };
    const chainChanged = (chain: unknown): void => {
      setHeld((now) => (now === null ? null : { ...now, chainId: toldChain(chain) ?? NO_CHAIN }));
      setError(null);
    };
    try {
      provider.on?.('accountsChanged', accountsChanged);
      provider.on?.('chainChanged', chainChanged);
    } catch {
      // It is asked again before anything is sent.
    }
    return () => {
      provider.removeListener?.('accountsChanged', accountsChanged);
      provider.removeListener?.('chainChanged', chainChanged);
    };
  }, [provider]);

  const wallets = useMemo((): Wallets => {
    const trying = async (task: () => Promise<void>): Promise<boolean> => {
      try {
        await task();
        setError(null);
        return true;
      } catch (failure) {
        setError(requestError(failure, chainId));
        return false;
      }
    };
    return {
      found,
      error,
      connected: held === null ? null : { ...held, isOnChain: held.chainId === chainId },
      connect: async (detail) => await trying(() => take(detail, 'eth_requestAccounts')),
      disconnect: () => {
        remember(null);
        setHeld(null);
      },
      switchChain: async () => {
        await trying(async () => {
          if (held === null) return;
          const { detail } = held;
          const wanted = `0x${chainId.toString(16)}` as const;
          await detail.provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: wanted }] });
          // Not every wallet tells that it has gone there, and not every one that says so has.
          const now = await chainOf(detail);
          setHeld((one) => (one?.detail === detail ? { ...one, chainId: now } : one));
          if (now !== chainId) throw elsewhere(now, chainId);
        });
      },
      signer: async () => {
        if (held === null) {
          throw new RefusedError({ code: 'WALLET_MISSING', shortMessage: 'no wallet is connected' });
        }
        const browser = new BrowserProvider(held.detail.provider, 'any');
        const { chainId: now } = await browser.getNetwork();
        if (now !== BigInt(chainId)) throw elsewhere(now, chainId);
        const offered: unknown = await browser.send('eth_accounts', []);
        if (!Array.isArray(offered) || !offered.some((one) => String(one).toLowerCase() === held.account)) {
          throw new RefusedError({
            code: 'WALLET_ACCOUNT_GONE',
            shortMessage: `the wallet does not offer the account ${held.account} to this page any more`,
            details: { account: held.account, next: 'choose that account in the wallet, or go on with another one' },
          });
        }
        return await browser.getSigner(held.account);
      },
    };
  }, [found, error, held, chainId, take]);

  return <WalletContext value={wallets}>{children}</WalletContext>;
}

/** Stands for the chain of a wallet that does not say which one it is on. */
const NO_CHAIN = 0;

async function chainOf({ provider }: AnnouncedWallet): Promise<number> {
  return toldChain(await provider.request({ method: 'eth_chainId' })) ?? NO_CHAIN;
}

function noAccount(): RefusedError {
  return new RefusedError({
    code: 'WALLET_EMPTY',
    shortMessage: 'the wallet offers this page no account',
    details: { next: 'choose an account for this page in the wallet' },
  });
}

function elsewhere(found: number | bigint, expected: number): RefusedError {
  return new RefusedError({
    code: 'WALLET_ELSEWHERE',
    shortMessage: `the wallet is on chain ${found}, the deployment on chain ${expected}`,
    details: { expected, found, next: 'switch the wallet to that chain' },
  });
}

function remember(rdns: string | null): void {
  try {
    if (rdns === null) window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, rdns);
  } catch {
    // Storage can be forbidden; then the visitor connects anew each time.
  }
}

function remembered(): string | null {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
