import type { Action } from './action.ts';
import { ACCELERATION_BOUND, ACCOUNT_CAP, CHALLENGE, FOUNDATION, TERMS } from './actions-parameters.ts';
import { ROLES, RULINGS, UNITS } from './actions-people.ts';
import { POOLS, REPORTERS, RESERVE_LAW } from './actions-reserve.ts';
import { POLICY, TASKS } from './actions-tasks.ts';
import { TIMELOCK_DELAY, VOTING } from './actions-voting.ts';

/**
 * Everything that governance can change, in the order in which the calls of one proposal are made. Options of the command
 * line, calls, their words and the table of `docs/governance.md` all come from here.
 */
export const ACTIONS: readonly Action[] = [
  TASKS,
  POLICY,
  RESERVE_LAW,
  FOUNDATION,
  ACCOUNT_CAP,
  ACCELERATION_BOUND,
  CHALLENGE,
  TERMS,
  ROLES,
  RULINGS,
  UNITS,
  POOLS,
  REPORTERS,
  ...VOTING,
  TIMELOCK_DELAY,
];
