import './segments.css';

interface SegmentsProps<T extends string> {
  /** What is chosen here. */
  readonly label: string;
  readonly choices: Readonly<Record<T, string>>;
  readonly chosen: T;
  readonly choose: (choice: T) => void;
}

/** A choice between a few things that are all in sight. */
export function Segments<T extends string>({ label, choices, chosen, choose }: SegmentsProps<T>) {
  // The keys of an object are strings, and these are all that it has.
  const names = Object.keys(choices) as T[];
  return (
    <div className="segments" role="group" aria-label={label}>
      {names.map((name) => (
        <button key={name} type="button" aria-pressed={name === chosen} onClick={() => choose(name)}>
          {choices[name]}
        </button>
      ))}
    </div>
  );
}
