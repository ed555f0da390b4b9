/** Codes that no test can produce, and why: each is taken off when a test expects it. */
export const UNPROVOKED: Readonly<Record<string, string>> = {
  EPERM: 'only a superuser makes files that their owner may not change; the words are those of EACCES',
  LEDGER_COUNTS: 'every row that is read is counted in exactly one of the places that are compared',
  PROOF_UNSOUND: 'the shard that the proof is made from has been held against the same root just before',
  'parquet-type': 'a wrong type of a column is told behind the code `header`, with the same words',
};

/** Codes whose tests are still to be written. */
export const DUE: readonly string[] = ["ADDRESS_UNFORESEEN","BASIS_DIFFERS","BLOCK_GONE","CONTRACT_ABSENT","DELEGATE_MISSING","DEMO_ACCOUNTS","DEMO_DIFFERS","DEMO_PAID","DEMO_RECEIPT","DEMO_TIMELOCK","DEPLOYER_MISSING","DEPLOYMENT_ACCOUNT","EADDRINUSE","EADDRNOTAVAIL","EVENT_MISSING","FEES_UNKNOWN","GovernorNonexistentProposal","Handover_TimelockMismatch","JUDGE_FAILED","NOT_A_PROPOSAL","NOT_TAKEN","NUMBER_AMBIGUOUS","OPERATION_STATE","OUT_OF_GAS","PARAMETERS_INVALID","PARENT_REPORT_MISSING","PARENT_UNAVAILABLE","PRICE_SOURCE_MISSING","PRICE_SOURCE_UNCLEAR","PROPOSAL_REFUSABLE","SCORE_TOO_MANY_ROWS","SIMULATION_UNSUPPORTED","TASK_AMBIGUOUS"];
