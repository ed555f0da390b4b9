import { ProtocolError, RetryableError } from '../../../src/protocol/errors.ts';

/** An error in words for a visitor. */
export interface ErrorWords {
  readonly title: string;
  /** What to do about it; null where nobody knows. */
  readonly next: string | null;
  /** The code by which docs/messages.md has it; null for what was not foreseen. */
  readonly code: string | null;
  /** Whether asking again may help. */
  readonly canRetry: boolean;
}

/** What an error says to a visitor: plain text, whatever a node or a file put into it. */
export function errorWords(error: unknown): ErrorWords {
  if (error instanceof ProtocolError) {
    const { next } = error.details;
    return {
      title: sentence(error.shortMessage),
      next: typeof next === 'string' ? sentence(next) : null,
      code: error.code,
      canRetry: error instanceof RetryableError,
    };
  }
  const title = error instanceof Error ? error.message : String(error);
  return { title: sentence(title.slice(0, 300)), next: null, code: null, canRetry: true };
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
