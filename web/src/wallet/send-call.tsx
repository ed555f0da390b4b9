import { grouped } from '../../../src/protocol/tokens.ts';
import { errorWords } from '../app/error-words.ts';
import { useDeployment } from '../data/deployment-context.ts';
import { coins } from '../format/coins.ts';
import type { GivenCall } from './send-transaction.ts';
import { Problem } from '../ui/problem.tsx';
import { TransactionStatus } from './transaction-status.tsx';
import { useCost, useTransaction, useTwin, type Transaction } from './use-transaction.ts';
import { WalletButton } from './wallet-button.tsx';
import { useWallets } from './wallet-context.ts';

interface SendCallProps {
  /** What the button says. */
  readonly title: string;
  /** Null: there is nothing to send yet. */
  readonly call: GivenCall | null;
  /** What is said once it counts. */
  readonly done?: string;
  /** What a wallet is needed for, as the end of a sentence: "Connect a wallet to …". */
  readonly purpose: string;
  readonly quiet?: boolean;
  /** Tells it from others of its view that have the same purpose. */
  readonly slot?: string;
  /** Where what stands around this goes as soon as the call is done: one whose progress is shown elsewhere. */
  readonly transaction?: Transaction;
}

/**
 * A button that sends a call by the connected wallet, with all that belongs to it: what is missing to send it, its cost, or why the
 * chain would refuse it, before; and how it goes, after.
 */
export function SendCall({ title, call, done, purpose, quiet = false, slot, transaction: given }: SendCallProps) {
  const { addressBook } = useDeployment();
  const { connected, switchChain, error: walletFault } = useWallets();
  const own = useTransaction(slot ?? purpose);
  const twin = useTwin(call);
  const { state, isBusy, done: words, send, stop } = given ?? own;
  const isReady = connected?.isOnChain === true;
  const cost = useCost(isReady && !isBusy ? call : null);
  if (connected === null) {
    return (
      <div className="send">
        <p className="note">Connect a wallet to {purpose}.</p>
        <div>
          <WalletButton />
        </div>
      </div>
    );
  }
  if (!connected.isOnChain) {
    return (
      <div className="send">
        <p className="note">
          The wallet is on chain {connected.chainId}, and this deployment is on chain {addressBook.chainId}. Nothing can
          be sent until it is switched.
        </p>
        <div>
          <button type="button" className="button warning" onClick={() => void switchChain()}>
            Switch to chain {addressBook.chainId}
          </button>
        </div>
        {walletFault === null ? null : <Problem error={walletFault} />}
        {given === undefined ? <TransactionStatus state={state} done={words} stop={stop} /> : null}
      </div>
    );
  }
  const isRefused = cost.isError && !isBusy;
  return (
    <div className="send">
      <div className="buttons">
        <button
          type="button"
          className={quiet ? 'button quiet' : 'button'}
          disabled={call === null || isBusy || isRefused || twin !== null}
          onClick={() => {
            if (call !== null) send(call, { title, done });
          }}
        >
          {title}
        </button>
      </div>
      {isBusy ? null : twin !== null ? (
        <p className="note">The same is under way already, sent from another part of this page.</p>
      ) : call === null ? null : (
        <Before cost={cost} />
      )}
      {given === undefined ? <TransactionStatus state={state} done={words} stop={stop} /> : null}
    </div>
  );
}

/** What is known before it is sent. */
function Before({ cost }: { readonly cost: ReturnType<typeof useCost> }) {
  if (cost.isError) {
    const { title, next, canRetry } = errorWords(cost.error);
    return (
      <p className="note">
        {canRetry ? 'It cannot be tried out at present: ' : 'The chain would refuse it now: '}
        {title}
        {next === null ? null : ` ${next}`}
      </p>
    );
  }
  if (cost.data === undefined) return <p className="note">Working out what it costs…</p>;
  return (
    <p className="note">
      Costs about {coins(cost.data.price)} of the chain’s coin ({grouped(cost.data.gas)} gas).
    </p>
  );
}
