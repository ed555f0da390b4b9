import { useDeployment } from '../data/deployment-context.ts';
import { useHead } from '../data/use-head.ts';
import { coins } from '../format/coins.ts';
import { grouped } from '../../../src/protocol/tokens.ts';
import { Short } from '../ui/address.tsx';
import { Problem } from '../ui/problem.tsx';
import { Waiting } from '../ui/waiting.tsx';
import type { TransactionState } from './send-transaction.ts';
import { isUnsent } from './transaction-store.ts';
import './transaction-status.css';

interface TransactionStatusProps {
  readonly state: TransactionState;
  /** What is said once it counts. */
  readonly done: string | null;
  /** Follows it no longer. */
  readonly stop: () => void;
}

/** How far a transaction has come, step by step and in words; nothing while there is none. */
export function TransactionStatus({ state, done, stop }: TransactionStatusProps) {
  return (
    <div className="transaction" aria-live="polite">
      {state.phase === 'idle' ? null : <Progress state={state} done={done} stop={stop} />}
    </div>
  );
}

function Progress({ state, done, stop }: TransactionStatusProps) {
  switch (state.phase) {
    case 'idle':
      return null;
    case 'estimating':
      return <Waiting what="Trying it out on the chain" />;
    case 'signing':
      return (
        <>
          <Waiting what="Sign it in your wallet" />
          <p className="note">
            It costs about {coins(state.cost.price)} of the chain’s coin ({grouped(state.cost.gas)} gas).
          </p>
        </>
      );
    case 'sent':
      return (
        <>
          <Waiting what="Sent, and waiting for a block" />
          <Hash hash={state.hash} />
          {state.trouble === null ? null : (
            <p className="note">The node does not answer at present. What was sent is on its way all the same.</p>
          )}
          {state.isMissing === true ? (
            <>
              <p className="note">
                The node does not know it, or not any more. It may have been cancelled or replaced in the wallet, or
                dropped: the wallet shows what became of it. Send it again only once it says so.
              </p>
              <div>
                <button type="button" className="button quiet small" onClick={stop}>
                  Do not follow it
                </button>
              </div>
            </>
          ) : null}
        </>
      );
    case 'included':
      return <Included state={state} done={done} />;
    case 'failed':
      return (
        <>
          <Problem error={state.error} />
          {isUnsent(state) ? <p className="note">Nothing was sent.</p> : null}
          {state.hash === null ? null : <Hash hash={state.hash} />}
        </>
      );
    default:
      return state satisfies never;
  }
}

interface IncludedProps {
  readonly state: Extract<TransactionState, { readonly phase: 'included' }>;
  readonly done: string | null;
}

/** This page counts a block once the deployment's confirmations lie on top of it. */
function Included({ state: { hash, block, paid }, done }: IncludedProps) {
  const { config } = useDeployment();
  const head = useHead();
  const wanted = config.confirmations;
  const missing = Math.min(wanted, Math.max(0, block - (head.data?.number ?? 0)));
  const isThere = (head.data?.number ?? 0) >= block;
  return (
    <>
      {isThere ? (
        <p className="transaction-done">
          <span aria-hidden="true">✓ </span>
          {done ?? 'Done.'}
        </p>
      ) : (
        <Waiting
          what={
            wanted === 0
              ? 'Included, and waiting for the page to see its block'
              : `Included, with ${wanted - missing} of ${wanted} confirmations`
          }
        />
      )}
      <Hash hash={hash} />
      <p className="note">
        Block {grouped(block)}, for {coins(paid)} of the chain’s coin.
      </p>
    </>
  );
}

function Hash({ hash }: { readonly hash: string }) {
  return (
    <p className="note">
      Transaction <Short text={hash} what="transaction hash" />
    </p>
  );
}
