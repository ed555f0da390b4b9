import type { Key, ReactNode } from 'react';

export interface TableColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

export interface DataTableProps {
  /** What the table shows, for those who do not see it. */
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  /** As many cells each as there are columns. */
  readonly rows: readonly (readonly ReactNode[])[];
  /** One for each row where something in a row keeps a state; without them a row is known by its place. */
  readonly keys?: readonly Key[];
  /** Whether the first cell names the row; else it is one like the others. */
  readonly isNamed?: boolean;
}

/** Rows under named columns, in a frame that scrolls by itself where it is narrow. */
export function DataTable({ caption, columns, rows, keys, isNamed = true }: DataTableProps) {
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
            <tr key={keys?.[row] ?? row}>
              {cells.map((cell, at) =>
                at === 0 && isNamed ? (
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
