import { useState, type ReactNode } from 'react';

import { DataTable, type TableColumn } from '../../ui/data-table.tsx';
import { ShowAll } from '../../ui/show-all.tsx';
import './step-table.css';

/** As many rows as are shown before somebody asks for all. */
const AT_FIRST = 50;

interface StepTableProps<T> {
  readonly title: string;
  /** What the table shows, for those who do not see it. */
  readonly caption: string;
  readonly columns: readonly TableColumn[];
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
          <DataTable caption={caption} columns={columns} rows={shown.map(cells)} />
          <ShowAll shown={shown.length} of={steps.length} onClick={() => setWhole(true)} />
        </>
      ) : null}
    </details>
  );
}
