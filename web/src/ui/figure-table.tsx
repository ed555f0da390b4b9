import './chart.css';
import { DataTable, type DataTableProps } from './data-table.tsx';

interface FigureTableProps extends DataTableProps {
  /** What opens it. */
  readonly title?: string;
  /** Said below where the table does not show everything. */
  readonly note?: string;
}

/** The figures behind a chart, folded away: for those who read numbers, or cannot see charts. */
export function FigureTable({ title = 'The figures as a table', note, ...table }: FigureTableProps) {
  return (
    <details className="figure-table">
      <summary>{title}</summary>
      <DataTable {...table} />
      {note === undefined ? null : <p className="note">{note}</p>}
    </details>
  );
}
