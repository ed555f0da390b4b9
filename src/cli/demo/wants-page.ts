/** What was said about serving the page, and who reads what the demo says. */
export interface Audience {
  /** Absent: nothing was said. */
  readonly serve?: boolean | undefined;
  /** A program reads what is printed. */
  readonly json: boolean;
  /** A person sits at a terminal. */
  readonly isTerminal: boolean;
  /** What the environment has under `CI`. */
  readonly ci: string | undefined;
}

/** Whether a demo ends by serving the page: to whoever asks for it, else to a person who sits there, and never to a build. */
export function wantsPage({ serve, json, isTerminal, ci = '' }: Audience): boolean {
  return serve ?? (isTerminal && !json && ci === '');
}
