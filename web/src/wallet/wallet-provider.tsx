import { BrowserProvider } from 'ethers';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';

import { parseAddress, type Address } from '../../../src/protocol/brands.ts';
import { RefusedError } from '../../../src/protocol/errors.ts';
import { useDeployment } from '../data/deployment-context.ts';
import { requestError } from './request-error.ts';
import { announcedWallets, type AnnouncedWallet } from './announced-wallets.ts';
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
    const account = await firstAccount(detail, method);
    if (account === null) return;
    const chain: unknown = await detail.provider.request({ method: 'eth_chainId' });
    setHeld({ detail, account, chainId: Number(chain) });
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
    const accountsChanged = (accounts: readonly string[]): void => {
      const [first] = accounts;
      setHeld((now) => (now === null || first === undefined ? null : { ...now, account: parseAddress(first) }));
    };
    const chainChanged = (chain: string): void => {
      setHeld((now) => (now === null ? null : { ...now, chainId: Number(chain) }));
    };
    provider.on('accountsChanged', accountsChanged);
    provider.on('chainChanged', chainChanged);
    return () => {
      provider.removeListener('accountsChanged', accountsChanged);
      provider.removeListener('chainChanged', chainChanged);
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
          const wanted = `0x${chainId.toString(16)}` as const;
          await held?.detail.provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: wanted }] });
        });
      },
      signer: async () => {
        if (held === null) {
          throw new RefusedError({ code: 'WALLET_MISSING', shortMessage: 'no wallet is connected' });
        }
        const browser = new BrowserProvider(held.detail.provider, 'any');
        const { chainId: now } = await browser.getNetwork();
        if (now !== BigInt(chainId)) {
          throw new RefusedError({
            code: 'WALLET_ELSEWHERE',
            shortMessage: `the wallet is on chain ${now}, the deployment on chain ${chainId}`,
            details: { expected: chainId, found: now, next: 'switch the wallet to that chain' },
          });
        }
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

async function firstAccount(
  { provider }: AnnouncedWallet,
  method: 'eth_requestAccounts' | 'eth_accounts',
): Promise<Address | null> {
  const accounts: unknown = await provider.request({ method });
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  return typeof first === 'string' ? parseAddress(first) : null;
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
