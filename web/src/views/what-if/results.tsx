import { useState } from 'react';

import { grouped, percent, tokens } from '../../../../src/protocol/tokens.ts';
import { WAD } from '../../../../src/protocol/fixed-point.ts';
import { utcDay } from '../../format/moment.ts';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figures } from '../../ui/figures.tsx';
import { FigureTable } from '../../ui/figure-table.tsx';
import type { Outcome } from './outcome.ts';
import { PanelChart } from './panel-chart.tsx';

interface ResultsProps {
  readonly outcome: Outcome;
  /** What is asked for now cannot be simulated: these are the figures of before. */
  readonly isStale: boolean;
  readonly isRunning: boolean;
  readonly command: string | null;
  readonly download: (type: 'csv' | 'svg') => void;
}

/** What came of a simulation: sums, pictures, periods. */
export function Results({ outcome, isStale, isRunning, command, download }: ResultsProps) {
  const { symbol, totals, reserve, supply, chart, start, end, epochs, length } = outcome;
  const all = totals.emission + reserve.deposited;
  return (
    <>
      <p className="what-if-state" role="status">
        {isRunning
          ? 'Simulating…'
          : isStale
            ? 'These are the figures of before.'
            : `${grouped(epochs)} epochs of ${length}, ${utcDay(start)} to ${utcDay(end)}.`}
      </p>
      <Card title="In sum" about={`Amounts in ${symbol}. People: ${outcome.participants}. Price: ${outcome.price}.`}>
        <Figures
          figures={[
            { name: 'Emitted by the curve', value: <Wei wei={totals.emission} /> },
            {
              name: 'Granted',
              value: <Wei wei={totals.granted} />,
              tone: 'strong',
              note:
                totals.foundation === 0n ? (
                  'all of it to miners'
                ) : (
                  <>
                    of it <Wei wei={totals.foundation} /> to the foundation
                  </>
                ),
            },
            { name: 'Withheld into the reserve', value: <Wei wei={reserve.in} /> },
            { name: 'Given back from it', value: <Wei wei={reserve.out} /> },
            {
              name: 'Left in the reserve',
              value: <Wei wei={reserve.balance} />,
              note: all === 0n ? '' : `${percent((reserve.balance * WAD) / all)} of all that came in`,
            },
            {
              name: 'Circulating in the end',
              value: <Wei wei={supply.circulating} />,
              note: (
                <>
                  of <Wei wei={supply.minted} />
                </>
              ),
            },
            { name: 'Still locked in the end', value: <Wei wei={supply.locked} /> },
            ...(supply.pools === 0n ? [] : [{ name: 'Left in pools', value: <Wei wei={supply.pools} /> }]),
          ]}
        />
        {outcome.unpaidEpochs === 0 ? null : (
          <p className="note">{grouped(outcome.unpaidEpochs)} epochs paid nothing although people took part.</p>
        )}
        <Share command={command} isStale={isStale} download={download} />
      </Card>
      <Card title="Over time" about={chart.footnote}>
        {chart.panels.map((panel) => (
          <PanelChart key={panel.title} panel={panel} chart={chart} />
        ))}
      </Card>
      <Periods outcome={outcome} />
      <Steadiness outcome={outcome} />
      <p className="note">Assumed is that {outcome.assumption}. The arithmetic is that of the contracts, to the wei.</p>
    </>
  );
}

function Share({ command, isStale, download }: Pick<ResultsProps, 'command' | 'isStale' | 'download'>) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(window.location.href).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <>
      <div className="buttons">
        <button type="button" className="button quiet" onClick={copy} onBlur={() => setCopied(false)}>
          <span aria-live="polite">{copied ? 'Link copied' : 'Copy the link'}</span>
        </button>
        <button type="button" className="button quiet" onClick={() => download('csv')}>
          Every epoch as CSV
        </button>
        <button type="button" className="button quiet" onClick={() => download('svg')}>
          The charts as SVG
        </button>
      </div>
      {isStale ? null : command === null ? (
        <p className="note">The weights are yours alone: no command has an option for them.</p>
      ) : (
        <p className="note">
          The same figures: <code className="wrap">{command}</code> <CopyButton text={command} what="command" />
        </p>
      )}
    </>
  );
}

function Periods({ outcome: { table, symbol } }: { readonly outcome: Outcome }) {
  const amount = (title: string) => ({ title, isNumber: true });
  return (
    <Card title={`By ${table.title}`} about={`${table.note.split(';')[0] ?? ''}. Amounts in ${symbol}.`}>
      <FigureTable
        title="Show the table"
        caption={`The simulation by ${table.title}`}
        columns={[
          { title: table.title },
          { title: 'from' },
          ...[
            'emission',
            'granted',
            'to the reserve',
            'from the reserve',
            'reserve',
            'locked',
            'people',
            'a miner’s epoch',
            'worth',
          ].map(amount),
        ]}
        rows={table.rows.map((period) => [
          period.index,
          utcDay(period.start),
          <Wei key="emission" wei={period.emission} />,
          <Wei key="granted" wei={period.granted} />,
          <Wei key="withheld" wei={period.withheld + period.deposited} />,
          <Wei key="injected" wei={period.injected} />,
          <Wei key="reserve" wei={period.reserve} />,
          <Wei key="locked" wei={period.locked} />,
          grouped(period.people),
          <Wei key="each" wei={period.perMiner} digits={4} />,
          <Wei key="worth" wei={period.valuePerMiner} digits={4} />,
        ])}
      />
    </Card>
  );
}

function Steadiness({ outcome: { steadiness } }: { readonly outcome: Outcome }) {
  if (steadiness === null) {
    return (
      <p className="note">
        This preset has no law of participation and price: the reserve holds only what nobody earned.
      </p>
    );
  }
  const { withReserve, without } = steadiness;
  const part = (value: number): string => `${(value * 100).toFixed(1)} %`;
  return (
    <Card
      title="How steady rewards are"
      about="What an epoch’s rewards are worth, with the reserve and as it would be without one."
    >
      <DataTable
        caption="Steadiness of rewards"
        columns={[
          { title: 'What it is worth' },
          { title: 'With the reserve', isNumber: true },
          { title: 'Without', isNumber: true },
        ]}
        rows={[
          ['Varies by (standard deviation ÷ mean)', part(withReserve.coefficient), part(without.coefficient)],
          ['Deepest fall from a highest value', part(withReserve.drawdown), part(without.drawdown)],
        ]}
      />
    </Card>
  );
}

/** An amount of a token that need not be the deployment's. */
function Wei({ wei, digits = 0 }: { readonly wei: bigint; readonly digits?: number }) {
  return (
    <data className="amount" value={wei.toString()} title={tokens(wei, 18)}>
      {tokens(wei, digits)}
    </data>
  );
}
