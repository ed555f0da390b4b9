/** What the exit codes of every command mean; `docs/cli.md` is compared with this table. */
export const EXIT = {
  ok: 0,
  internal: 1,
  input: 2,
  difference: 3,
  retry: 4,
  refused: 5,
  missing: 6,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One sentence a code, in the order of the table in `docs/cli.md`. */
export const EXIT_MEANINGS: ReadonlyMap<ExitCode, string> = new Map([
  [EXIT.ok, 'it worked; for `verify`: every byte is equal'],
  [EXIT.internal, 'an internal error: a promise of this program did not hold'],
  [EXIT.input, 'the command line or a file given is wrong'],
  [EXIT.difference, 'a difference was found: by `verify`, `doctor` or `watch`, or between a report and the chain'],
  [EXIT.retry, 'something outside did not answer; the same command may succeed later'],
  [EXIT.refused, 'refused: the present state does not allow it'],
  [EXIT.missing, 'something that the command needs is not there'],
  [EXIT.interrupted, 'interrupted by Ctrl-C'],
  [EXIT.terminated, 'stopped by SIGTERM, as service managers do'],
]);
