/** The kinds of report file; a format once published stays loadable for ever. */
export const FORMATS = {
  manifest: 'lode-report-v1',
  accounts: 'lode-accounts-v1',
  accountsPart: 'lode-accounts-part-v1',
  rejects: 'lode-rejects-v1',
  ineligible: 'lode-ineligible-v1',
  shard: 'lode-shard-v1',
} as const;
