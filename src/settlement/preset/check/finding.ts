/**
 * How much a finding matters: `agrees` — an announced figure is what the file comes to; `contradiction` — two announcements
 * cannot both hold; `gap` — something announced has no rule; `warning` — the economy would not do what its author
 * probably wants; `note` — good to know.
 */
export type FindingLevel = 'agrees' | 'contradiction' | 'gap' | 'warning' | 'note';

/** One thing that the check of a preset found. */
export interface Finding {
  readonly level: FindingLevel;
  /** What was looked at, such as `curve-total` or `eligibility`. */
  readonly about: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
  /** The figures of the message in full: decimal numbers with up to 18 places. */
  readonly figures: Readonly<Record<string, string>>;
}

/** A finding before its line is looked up. */
export type Found = Omit<Finding, 'line' | 'path'> & { readonly path: readonly (string | number)[] };
