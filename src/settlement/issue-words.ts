/** As much of an issue of a schema as its words take. */
export interface WordedIssue {
  readonly code?: string | undefined;
  readonly message: string;
  /** What a key breaks, where the issue is about a key. */
  readonly issues?: readonly unknown[];
}

/** What a schema says of an issue; of a key that breaks the rule for keys, what that rule says. */
export function issueWords({ code, message, issues }: WordedIssue): string {
  const first = code === 'invalid_key' ? issues?.[0] : undefined;
  return isWorded(first) ? first.message : message;
}

function isWorded(issue: unknown): issue is { readonly message: string } {
  return typeof issue === 'object' && issue !== null && 'message' in issue && typeof issue.message === 'string';
}
