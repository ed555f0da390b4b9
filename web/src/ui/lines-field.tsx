import { useId } from 'react';

interface LinesFieldProps {
  readonly label: string;
  readonly value: string;
  /** What is wrong with it; null where nothing is. */
  readonly fault: string | null;
  readonly onChange: (value: string) => void;
}

/** A field for lines that are pasted: addresses, signed documents. */
export function LinesField({ label, value, fault, onChange }: LinesFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="mono"
        rows={4}
        value={value}
        spellCheck={false}
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? undefined : `${id}-error`}
        onChange={(event) => onChange(event.target.value)}
      />
      {fault === null ? null : (
        <span id={`${id}-error`} className="field-error" role="alert">
          {fault}
        </span>
      )}
    </div>
  );
}
