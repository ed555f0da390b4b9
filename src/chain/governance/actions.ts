import type { Action } from './action.ts';
import { ACCELERATION_BOUND, ACCOUNT_CAP, CHALLENGE, FOUNDATION, TERMS } from './actions-parameters.ts';
import { ROLES, RULINGS, UNITS, VERIFIER } from './actions-people.ts';
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
  VERIFIER,
  UNITS,
  POOLS,
  REPORTERS,
  ...VOTING,
  TIMELOCK_DELAY,
];

/** What governance may call and nothing is offered for, and why; functions that revert ever after stand in `deploy/roles.ts`. */
export const WITHOUT_ACTION: Readonly<Record<string, string>> = {
  'MiningAuthority.labelRole': 'a name that explorers show; it decides nothing',
  'MiningGovernor.relay': 'sends on what the governor owns, which is nothing: the timelock keeps it all',
  'MiningTimelock.grantRole': 'who schedules, cancels and executes stays as the hand-over left it',
  'MiningTimelock.revokeRole': 'who schedules, cancels and executes stays as the hand-over left it',
};
