import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { epochsCsv, type EpochGrant } from '../../../../src/claims/history-csv.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { ReportDifferentError, ReportUnavailableError } from '../../../../src/store/fetch-report.ts';
import { errorWords } from '../../app/error-words.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { download } from '../../format/download.ts';
import { utcDay } from '../../format/moment.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { EpochReasons } from './epoch-reasons.tsx';
import { grantKey, useEpochGrant } from './use-epoch.ts';

/** So many epochs are looked up at first, and with each further step. */
const STEP = 8;

interface HistoryCardProps {
  readonly account: Address;
  readonly finalEpochs: number;
}

/** What every epoch gave the account, the newest first, and why. */
export function HistoryCard({ account, finalEpochs }: HistoryCardProps) {
  const [shown, setShown] = useState(STEP);
  const { symbol } = useDeployment();
  const queries = useQueryClient();
  if (finalEpochs === 0) return null;
  const count = Math.min(shown, finalEpochs);
  const epochs = Array.from({ length: count }, (_, n) => finalEpochs - 1 - n);
  const save = (): void => {
    const known = epochs.toReversed().map((epoch) => ({
      epoch,
      grant: queries.getQueryData<EpochGrant>(grantKey(account, epoch)) ?? null,
    }));
    download(`epochs-${account}.csv`, epochsCsv(account, known, symbol), 'text/csv');
  };
  return (
    <Card
      title="Epoch by epoch"
      about="What each epoch granted, by the difference of two proven entries. Open one to see how the amount came about."
      aside={
        <button type="button" className="button quiet small" onClick={save}>
          Save these as CSV
        </button>
      }
    >
      <ul className="epochs">
        {epochs.map((epoch) => (
          <EpochLine key={epoch} account={account} epoch={epoch} />
        ))}
      </ul>
      {count === finalEpochs ? null : (
        <div>
          <button type="button" className="button quiet" onClick={() => setShown(shown + STEP)}>
            Show {Math.min(STEP, finalEpochs - count)} earlier epochs
          </button>
        </div>
      )}
    </Card>
  );
}

/** In short: what each place said stands above for the newest epoch, and is asked for anew with each of the others. */
function whyUnknown(error: unknown): string {
  if (error instanceof ReportDifferentError) return 'what is published is not its report.';
  if (error instanceof ReportUnavailableError) return 'no place has its report at present.';
  return errorWords(error).title;
}

function EpochLine({ account, epoch }: { readonly account: Address; readonly epoch: number }) {
  const [isOpen, setOpen] = useState(false);
  const grant = useEpochGrant(account, epoch);
  const id = `epoch-${epoch}`;
  return (
    <li className="epoch">
      <div className="epoch-head">
        <span className="epoch-name">
          Epoch {epoch}
          {grant.data === undefined ? null : (
            <span className="note">
              {utcDay(grant.data.start)} to {utcDay(grant.data.end)}
            </span>
          )}
        </span>
        <span className="epoch-amount">
          {grant.data !== undefined ? (
            <>
              <Amount wei={grant.data.granted} />
              <span className="note">
                <Amount wei={grant.data.total} /> in all
              </span>
            </>
          ) : grant.isError ? (
            <span className="note">unknown: {whyUnknown(grant.error)}</span>
          ) : (
            <span className="note">looking it up…</span>
          )}
        </span>
        {grant.isError ? (
          <button type="button" className="button quiet small" onClick={() => void grant.refetch()}>
            Try again
          </button>
        ) : (
          <button
            type="button"
            className="button quiet small"
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Close' : 'Why?'}
            <span className="sr-only"> epoch {epoch}</span>
          </button>
        )}
      </div>
      <div id={id}>{isOpen ? <EpochReasons account={account} epoch={epoch} /> : null}</div>
    </li>
  );
}
