export const EXPORT_FORMAT = 'lode-export-v1';

/** What a column holds, in the same words for every file format. `amount` and `score` are whole numbers of up to 38 digits. */
export type ColumnKind =
  'account' | 'amount' | 'block' | 'count' | 'epoch' | 'hash' | 'price' | 'score' | 'text' | 'time' | 'yesno';

/** A column of an exported table. */
export interface ExportColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly meaning: string;
  /** Whether a row can go without it. */
  readonly nullable?: true;
}

/** An exported table: its columns, and what its rows are sorted by. */
export interface ExportTable {
  readonly name: TableName;
  readonly meaning: string;
  readonly columns: readonly ExportColumn[];
  readonly sortedBy: readonly string[];
}

export type TableName = 'epochs' | 'grants' | 'accounts' | 'leaves' | 'cohorts' | 'claims';

/** How each kind stands in a file: its type in DuckDB, which is its type in Parquet, and its unit. */
export const KINDS: Readonly<Record<ColumnKind, { readonly type: string; readonly unit: string }>> = {
  account: { type: 'VARCHAR', unit: 'an address in lower case' },
  amount: { type: 'DECIMAL(38,0)', unit: 'wei' },
  block: { type: 'BIGINT', unit: 'a block number' },
  count: { type: 'BIGINT', unit: 'a count' },
  epoch: { type: 'INTEGER', unit: 'an epoch, from 0 on' },
  hash: { type: 'VARCHAR', unit: '32 bytes, 0x and 64 digits' },
  price: { type: 'DECIMAL(38,0)', unit: '1e-18 of the quote currency for one token; 0: none' },
  score: { type: 'DECIMAL(38,0)', unit: 'a score, as the policy counts it' },
  text: { type: 'VARCHAR', unit: 'text' },
  time: { type: 'TIMESTAMP', unit: 'UTC' },
  yesno: { type: 'BOOLEAN', unit: 'true or false' },
};

const column = (name: string, kind: ColumnKind, meaning: string): ExportColumn => ({ name, kind, meaning });
const orNull = (name: string, kind: ColumnKind, meaning: string): ExportColumn => ({
  ...column(name, kind, meaning),
  nullable: true,
});

const EPOCH = column('epoch', 'epoch', 'the epoch');
const ACCOUNT = column('account', 'account', 'whose');

/** Every table, in the order of `schema.json`. */
export const TABLES: readonly ExportTable[] = [
  {
    name: 'epochs',
    meaning: 'one row for each epoch: its record, what became of its money, and the state after it',
    sortedBy: ['epoch'],
    columns: [
      EPOCH,
      column('starts_at', 'time', 'its first moment'),
      column('ends_at', 'time', 'the first moment after it'),
      column('price', 'price', 'the price that its record holds'),
      column('budget', 'amount', 'what the emission curve gives it'),
      column('payout', 'amount', 'what is paid out of budget and reserve'),
      column('miners', 'amount', 'the part of the payout for miners'),
      column('miners_granted', 'amount', 'granted to miners'),
      column('foundation_granted', 'amount', 'granted to the foundation'),
      column('granted', 'amount', 'granted to all'),
      column('withheld', 'amount', 'what went into the reserve'),
      column('injected', 'amount', 'what came out of the reserve'),
      column('reserve_before', 'amount', 'the reserve before the epoch'),
      column('reserve_after', 'amount', 'the reserve after it'),
      column('participants', 'count', 'accounts that scored'),
      column('leaf_count', 'count', 'accounts in the tree after it'),
      column('total_granted', 'amount', 'granted in this and all epochs before'),
      column('root', 'hash', 'the root of the tree after it'),
      column('record_hash', 'hash', 'the hash of its record'),
      column('report_cid', 'text', 'the content id of its report, computed from the files read'),
    ],
  },
  {
    name: 'grants',
    meaning: 'one row for each account and task with a score in an epoch',
    sortedBy: ['epoch', 'account', 'task'],
    columns: [
      EPOCH,
      ACCOUNT,
      column('task', 'count', "the task's number on chain"),
      column('score', 'score', 'what it scored'),
      column('granted', 'amount', 'what it was granted for it'),
      column('capped', 'yesno', "whether the account's cap was reached"),
    ],
  },
  {
    name: 'accounts',
    meaning: 'one row for each account that did something in an epoch, or whose work was used',
    sortedBy: ['epoch', 'account'],
    columns: [
      EPOCH,
      ACCOUNT,
      column('granted', 'amount', 'granted for all tasks'),
      column('uses', 'count', 'how often its work was used'),
      column('accelerated', 'amount', 'what that unlocked of what was vesting'),
    ],
  },
  {
    name: 'leaves',
    meaning: 'one row for each leaf of the tree after the newest epoch exported: all that an account ever earned',
    sortedBy: ['index'],
    columns: [
      EPOCH,
      column('index', 'count', 'the place of the leaf in the tree'),
      ACCOUNT,
      column('unlocked', 'amount', 'what is free whatever the time'),
      column('vesting', 'amount', 'the sum of its cohorts, vested or not'),
      column('cohorts', 'count', 'how many cohorts it has'),
    ],
  },
  {
    name: 'cohorts',
    meaning: 'one row for each cohort of such a leaf: an amount that vests evenly over a time',
    sortedBy: ['index', 'vests_from'],
    columns: [
      EPOCH,
      column('index', 'count', 'the place of its leaf in the tree'),
      ACCOUNT,
      column('vests_from', 'time', 'from when on it vests'),
      column('duration', 'count', 'over how many seconds it vests'),
      column('amount', 'amount', 'how much'),
    ],
  },
  {
    name: 'claims',
    meaning: 'one row for each payment of vault and unit pool; only where a chain is read',
    sortedBy: ['block', 'log_index'],
    columns: [
      column('block', 'block', 'the block'),
      column('log_index', 'count', 'the place of the event in it'),
      column('paid_at', 'time', "the block's time"),
      column('transaction', 'hash', 'the transaction'),
      column('kind', 'text', 'reward, foundation or units'),
      ACCOUNT,
      column('recipient', 'account', 'who was paid'),
      orNull('epoch', 'epoch', 'the epoch of the leaf that was claimed by; only for rewards'),
      column('amount', 'amount', 'how much was paid'),
      column('claimed', 'amount', 'how much the account was paid so far, this payment included'),
    ],
  },
];

/** A value as it is written; times in unix seconds. */
export type ExportValue = string | number | bigint | boolean | null;
export type ExportRow = readonly ExportValue[];
