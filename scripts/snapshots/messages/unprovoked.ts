/** Codes that no test can produce, and why: each is taken off when a test expects it. */
export const UNPROVOKED: Readonly<Record<string, string>> = {
  CUT_COUNTS: 'every row that is read is counted in exactly one of the places that are compared',
  DEMO_DIFFERS: "a check of the demo on its own chain: the chain's figures are the twin's, as every run of it shows",
  DEMO_PAID: 'a check of the demo on its own chain: claims pay what is due, as every run of it shows',
  DEMO_RECEIPT: 'a check of the demo on its own chain, on which nobody takes a transaction back',
  DEMO_TIMELOCK: 'a check of the demo on its own chain: the timelock waits, as every run of it shows',
  EPERM: 'only a superuser makes files that their owner may not change; the words are those of EACCES',
  Handover_TimelockMismatch: 'declared by the contract and thrown nowhere',
  LEDGER_COUNTS: 'every row that is read is counted in exactly one of the places that are compared',
  PROOF_UNSOUND: 'the shard that the proof is made from has been held against the same root just before',
  PROPOSAL_REFUSABLE: 'the distributor refuses what it can refuse, and what nodes say of a proposal is held against its hash',
  SCORE_TOO_MANY_ROWS: 'it takes 2^26 rows, more than the memory of a machine for tests holds',
  'not a file of changes': 'a schema that refuses a file says why: nothing is left to be said in its place',
  'parquet-type': 'a wrong type of a column is told behind the code `header`, with the same words',
};
