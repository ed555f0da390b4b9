import type { ReactNode } from 'react';

/** One figure under its name. */
export interface Figure {
  readonly name: string;
  readonly value: ReactNode;
  /** A few words below it. */
  readonly note?: ReactNode;
  readonly tone?: 'good' | 'warning' | 'bad' | 'strong';
}

/** Figures side by side. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl className="figures">
      {figures.map(({ name, value, note, tone }) => (
        <div key={name} className="figure" data-tone={tone}>
          <dt>{name}</dt>
          <dd>
            <span className="figure-value">{value}</span>
            {note === undefined ? null : <span className="figure-note">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
