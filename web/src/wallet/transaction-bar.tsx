import { useSyncExternalStore } from 'react';
import { Link } from 'react-router';

import { errorWords } from '../app/error-words.ts';
import { Plain } from '../ui/plain.tsx';
import './transaction-bar.css';
import { isUnderWay, isUnsent, type Tracked } from './transaction-store.ts';
import { useTransactions } from './transactions-context.ts';

/** What was sent from a view that is not open: how far it has come, the way back, and a way to be rid of it. */
export function TransactionBar() {
  const store = useTransactions();
  const all = useSyncExternalStore(store.subscribe, store.all);
  const shown = all.filter((one) => !store.isShown(one));
  return (
    // Always there, so that what appears in it is read out.
    <div className="transaction-bar" aria-live="polite">
      {shown.length === 0 ? null : (
        <section aria-label="Your transactions">
          <ul>
            {shown.map((one) => (
              <li key={one.id} data-tone={toneOf(one)}>
                <p>
                  <Link to={one.path} className="transaction-bar-title">
                    <Plain text={one.title} />
                  </Link>{' '}
                  <span>{wordsOf(one)}</span>
                </p>
                {isUnderWay(one) && one.state.phase !== 'sent' ? null : (
                  <button type="button" className="button quiet small" onClick={() => store.forget(one.id)}>
                    {isUnderWay(one) ? 'Do not follow it' : 'Close'}
                    <span className="sr-only">: {one.title}</span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function toneOf({ state: { phase } }: Tracked): string {
  if (phase === 'included') return 'good';
  return phase === 'failed' ? 'bad' : 'plain';
}

function wordsOf({ state, done }: Tracked): string {
  switch (state.phase) {
    case 'idle':
    case 'estimating':
      return 'is being tried out on the chain…';
    case 'signing':
      return 'waits for your signature in the wallet.';
    case 'sent':
      if (state.isMissing === true) {
        return 'was sent, and the node does not know it, or not any more: the wallet shows what became of it.';
      }
      return state.trouble === null
        ? 'is sent, and waits for a block…'
        : 'is sent. The node does not answer at present; it is on its way all the same.';
    case 'included':
      return `is in block ${state.block}. ${done ?? ''}`;
    case 'failed': {
      const { title, next } = errorWords(state.error);
      const end = isUnsent(state) ? 'was not sent: ' : state.hash === null ? '' : 'failed: ';
      return `${end}${title}${next === null ? '' : ` ${next}`}`;
    }
    default:
      return state satisfies never;
  }
}
