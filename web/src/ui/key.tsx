import './chart.css';

export interface KeyEntry {
  readonly name: string;
  /** Which of the page's colours for series. */
  readonly series: 1 | 2 | 3 | 4 | 5;
  readonly shape?: 'area' | 'line' | 'dashed';
}

/** What the colours of a chart stand for. */
export function Key({ entries }: { readonly entries: readonly KeyEntry[] }) {
  return (
    <ul className="key">
      {entries.map(({ name, series, shape = 'area' }) => (
        <li key={name}>
          <span className="key-mark" data-series={series} data-shape={shape} aria-hidden="true" />
          {name}
        </li>
      ))}
    </ul>
  );
}
