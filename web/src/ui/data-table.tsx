import type { ReactNode } from 'react';

export interface FigureColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

export interface DataTableProps {
  /** What the table shows, for those who do not see it. */
  readonly caption: string;
  readonly columns: readonly FigureColumn[];
  /** As many cells each as there are columns; the first names the row. They stand in a fixed order, and nothing in them keeps a state. */
  readonly rows: readonly (readonly ReactNode[])[];
}

/** Rows under named columns, in a frame that scrolls by itself where it is narrow. */
export function DataTable({ caption, columns, rows }: DataTableProps) {
  return (
    <div className="table-frame" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber = false }) => (
              <th key={title} scope="col" className={isNumber ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
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
  );
}
