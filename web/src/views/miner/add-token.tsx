import { useState } from 'react';

import { errorWords } from '../../app/error-words.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { walletError } from '../../wallet/send-transaction.ts';
import { useWallets } from '../../wallet/wallet-context.ts';

/** Wallets take no longer symbol. */
const LONGEST = 11;
const DECIMALS = 18;

/** Has the connected wallet show the token; nothing without one. */
export function AddToken() {
  const { connection, symbol } = useDeployment();
  const { connected } = useWallets();
  const [said, setSaid] = useState<string | null>(null);
  if (connected?.isOnChain !== true) return null;
  const add = async (): Promise<void> => {
    const options = { address: connection.addresses.token, symbol: symbol.slice(0, LONGEST), decimals: DECIMALS };
    try {
      const taken: unknown = await connected.detail.provider.request({
        method: 'wallet_watchAsset',
        params: { type: 'ERC20', options },
      });
      setSaid(taken === true ? 'The wallet shows it.' : 'The wallet did not take it.');
    } catch (error) {
      setSaid(errorWords(walletError(error)).title);
    }
  };
  return (
    <>
      <button type="button" className="button quiet small" onClick={() => void add()}>
        Add {symbol} to the wallet
      </button>
      <span className="note" role="status">
        {said}
      </span>
    </>
  );
}
