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
      <svg
        viewBox="0 0 16 16"
        width="14"
        height="14"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      >
        {done ? (
          <path d="M3 8.5l3.5 3.5L13 4.5" />
        ) : (
          <>
            <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
            <path d="M10.5 3.5v-.2c0-.7-.6-1.3-1.3-1.3H3.8c-.7 0-1.3.6-1.3 1.3v5.4c0 .7.6 1.3 1.3 1.3H4" />
          </>
        )}
      </svg>
      <span className="sr-only" aria-live="polite">
        {done ? `${what} copied` : `copy the ${what}`}
      </span>
    </button>
  );
}
