import { useState } from 'react';

const SHOWN_FOR = 1500;

/** Copies a text, and says that it did. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), SHOWN_FOR);
  };
  return (
    <button type="button" className="copy" onClick={() => void copy().catch(() => undefined)}>
      <span aria-hidden="true">{done ? '✓' : '⧉'}</span>
      <span className="sr-only" aria-live="polite">
        {done ? `${what} copied` : `copy the ${what}`}
      </span>
    </button>
  );
}
