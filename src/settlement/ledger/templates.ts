import type { LedgerKind } from './rows.ts';

/**
 * A small file of each kind that can be used as it stands: a header, and rows to be replaced. The usage and the accounts
 * belong to the contributions.
 */
export const LEDGER_TEMPLATES: Readonly<Record<LedgerKind, string>> = {
  contributions: `id,account,time,task,units,measure,language
message-1,0x1111111111111111111111111111111111111111,2026-01-01T09:30:00Z,messages,12,text,en
message-2,0x2222222222222222222222222222222222222222,2026-01-01T10:00:00Z,messages,3,voice,tr
`,
  usage: `contribution,account,time
message-1,0x1111111111111111111111111111111111111111,2026-01-02T08:00:00Z
`,
  accounts: `account,badge,since
0x1111111111111111111111111111111111111111,,2026-01-01T00:00:00Z
0x1111111111111111111111111111111111111111,pioneer,2026-01-01T00:00:00Z
`,
  prices: `epoch,price
0,0.05
1,0.0525
`,
};

/** The kinds of file, in the order in which the format describes them. */
export const LEDGER_KINDS: readonly LedgerKind[] = ['contributions', 'usage', 'accounts', 'prices'];
