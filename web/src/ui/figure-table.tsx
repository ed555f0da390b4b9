import type { ReactNode } from 'react';

import './chart.css';

export interface FigureColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

interface FigureTableProps {
  /** What opens it. */
  readonly title?: string;
  /** What the table shows, for those who do not see it. */
  readonly caption: string;
  readonly columns: readonly FigureColumn[];
  /** As many cells each as there are columns; the first names the row. */
  readonly rows: readonly (readonly ReactNode[])[];
  /** Said below where the table does not show everything. */
  readonly note?: string;
}

/** The figures behind a chart, folded away: for those who read numbers, or cannot see charts. */
export function FigureTable({ title = 'The figures as a table', caption, columns, rows, note }: FigureTableProps) {
  return (
    <details className="figure-table">
      <summary>{title}</summary>
      <div className="table-frame" tabIndex={0} role="group" aria-label={caption}>
        <table>
          <caption className="sr-only">{caption}</caption>
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
            {rows.map((cells, row) => (
              // The rows stand in a fixed order, and nothing in them keeps a state.
              <tr key={row}>
                {cells.map((cell, at) =>
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
      {note === undefined ? null : <p className="note">{note}</p>}
    </details>
  );
}
