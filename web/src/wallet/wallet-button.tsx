import * as Dialog from '@radix-ui/react-dialog';
import { useState } from 'react';

import { errorWords } from '../app/error-words.ts';
import { useDeployment } from '../data/deployment-context.ts';
import { shortAddress } from '../format/short-address.ts';
import { visibleName } from '../format/visible-name.ts';
import { useWallets } from './wallet-context.ts';

/** Connects a wallet, shows which one is, and says so where it is on another chain. */
export function WalletButton() {
  const { addressBook } = useDeployment();
  const { found, connected, connect, disconnect, switchChain, error } = useWallets();
  const [open, setOpen] = useState(false);
  if (connected !== null) {
    return (
      <div className="wallet">
        {connected.isOnChain ? null : (
          <button type="button" className="button warning" onClick={() => void switchChain()}>
            Switch to chain {addressBook.chainId}
          </button>
        )}
        <button type="button" className="button quiet" onClick={disconnect} title="Disconnect">
          <span className="dot" data-tone={connected.isOnChain ? 'good' : 'warning'} aria-hidden="true" />
          <span className="mono">{shortAddress(connected.account)}</span>
          <span className="sr-only">, disconnect {visibleName(connected.detail.info.name)}</span>
        </button>
        {connected.isOnChain || error === null ? null : (
          <p className="wallet-error" role="alert">
            {errorWords(error).title}
          </p>
        )}
      </div>
    );
  }
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="button">Connect wallet</Dialog.Trigger>
      <Dialog.Portal>
        {/* The library's own overlay keeps the page from scrolling by a style sheet inside of it, which the policy forbids. */}
        <div className="overlay" />
        <Dialog.Content className="dialog">
          <Dialog.Title>Connect a wallet</Dialog.Title>
          <Dialog.Description>
            Only claiming and voting need one. Everything else on this page is for anybody.
          </Dialog.Description>
          {found.length === 0 ? (
            <p className="note">
              No wallet announced itself to this page. Install a browser wallet, or unlock the one that you have, and
              load the page again.
            </p>
          ) : (
            <ul className="list spaced unmarked">
              {found.map((detail) => (
                <li key={detail.info.uuid}>
                  <button
                    type="button"
                    className="button wide"
                    onClick={() => void connect(detail).then((isConnected) => setOpen(!isConnected))}
                  >
                    {visibleName(detail.info.name)}
                  </button>
                </li>
              ))}
            </ul>
          )}
          {error === null ? null : <p role="alert">{errorWords(error).title}</p>}
          <Dialog.Close className="button quiet">Close</Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
