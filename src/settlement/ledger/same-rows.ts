import { idKey } from './parse-text.ts';
import type { AccountRow, Contribution, PriceRow, Usage } from './rows.ts';
import { contentText } from './settle-duplicates.ts';
import type { SameRows } from './settle-duplicates.ts';

/** Contributions are the same by their id, whatever its spelling. */
export const CONTRIBUTIONS: SameRows<Contribution> = {
  keyOf: ({ id }) => idKey(id),
  contentOf: ({ account, time, task, measure, units, attributes }) =>
    contentText([account, time, task, measure, units], attributes),
  nameOf: ({ id }) => id,
  what: 'id',
};

/** Usage rows have no id, so only identical rows can be told to be the same, and those say the same. */
export const USAGE: SameRows<Usage> = {
  keyOf: ({ contribution, account, time, attributes }) => contentText([contribution, account, time], attributes),
  contentOf: ({ contribution, account, time, attributes }) => contentText([contribution, account, time], attributes),
  what: 'usage',
};

/** An account has each badge once. */
export const ACCOUNTS: SameRows<AccountRow> = {
  keyOf: ({ account, badge }) => contentText([account, badge]),
  contentOf: ({ since }) => contentText([since]),
  what: 'account and badge',
};

/** Each epoch or moment has one price. */
export const PRICES: SameRows<PriceRow> = {
  keyOf: (row) => ('time' in row ? `time ${row.time}` : `epoch ${row.epoch}`),
  contentOf: ({ price }) => contentText([price]),
  what: 'epoch or time',
};
