import { useState, type ReactNode } from 'react';

import { grouped } from '../../../../src/protocol/tokens.ts';
import type { FigureColumn } from '../../ui/figure-table.tsx';
import './step-table.css';

/** As many rows as are shown before somebody asks for all. */
const AT_FIRST = 50;

interface StepTableProps<T> {
  readonly title: string;
  /** What the table shows, for those who do not see it. */
  readonly caption: string;
  readonly columns: readonly FigureColumn[];
  readonly steps: readonly T[];
  /** As many cells as there are columns; the first names the row. */
  readonly cells: (step: T) => readonly ReactNode[];
}

/** Steps of a computation, folded away: the first of them, and all for whoever asks. */
export function StepTable<T>({ title, caption, columns, steps, cells }: StepTableProps<T>) {
  const [isOpen, setOpen] = useState(false);
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? steps : steps.slice(0, AT_FIRST);
  return (
    <details className="step-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {isOpen ? (
        <>
          <div className="table-frame" tabIndex={0} role="group" aria-label={caption}>
            <table>
              <thead>
                <tr>
                  {columns.map(({ title: name, isNumber = false }) => (
                    <th key={name} scope="col" className={isNumber ? 'number' : undefined}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((step, row) => (
                  // The steps stand in a fixed order, and nothing in them keeps a state.
                  <tr key={row}>
                    {cells(step).map((cell, at) =>
                      at === 0 ? (
                        <th key={at} scope="row">
                          {cell}
                        </th>
                      ) : (
                        <td key={at} className={columns[at]?.isNumber === true ? 'number' : undefined}>
                          {cell}
                        </td>
                      ),
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {shown.length === steps.length ? null : (
            <button type="button" className="button quiet small" onClick={() => setWhole(true)}>
              Show all {grouped(steps.length)}
            </button>
          )}
        </>
      ) : null}
    </details>
  );
}
