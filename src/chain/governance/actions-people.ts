import type { Result } from 'ethers';

import { ROLE_IDS } from '../../../deploy/roles.ts';
import type { Address } from '../../protocol/brands.ts';
import { interfaceOf } from '../bindings.ts';
import { onChain } from '../revert-error.ts';
import { allotCall } from '../unit-pool-calls.ts';
import type { Action, Description } from './action.ts';
import { addressIn, bigintIn, callTo, changed, just, lower } from './action.ts';
import type { Facts } from './facts.ts';
import { before, ifKnown, pastEvents } from './past.ts';
import { decimal } from './units.ts';

const authority = interfaceOf('authority');
const distributor = interfaceOf('distributor');

const AT_ONCE = 'on execution';

/** Who settles and who watches. */
export const ROLES: Action = {
  title: 'operators and guardians',
  contract: 'authority',
  acts: AT_ONCE,
  bounds: 'administration and governance can be given to nobody',
  wishes: ['grantOperator', 'revokeOperator', 'grantGuardian', 'revokeGuardian'],
  functions: {
    grantRole: (args, facts) => describeRole(args, facts, true),
    revokeRole: (args, facts) => describeRole(args, facts, false),
  },
  encode: (wishes, { facts }) => {
    const { grantOperator = [], revokeOperator = [], grantGuardian = [], revokeGuardian = [] } = wishes;
    const grant = (role: bigint) => (account: Address) =>
      callTo(facts, 'authority', authority.encodeFunctionData('grantRole', [role, account, 0]));
    const revoke = (role: bigint) => (account: Address) =>
      callTo(facts, 'authority', authority.encodeFunctionData('revokeRole', [role, account]));
    return Promise.resolve(
      just(
        ...revokeOperator.map(revoke(ROLE_IDS.OPERATOR)),
        ...grantOperator.map(grant(ROLE_IDS.OPERATOR)),
        ...revokeGuardian.map(revoke(ROLE_IDS.GUARDIAN)),
        ...grantGuardian.map(grant(ROLE_IDS.GUARDIAN)),
      ),
    );
  },
};

/** Rulings about vetoes, and suspended operators. */
export const RULINGS: Action = {
  title: 'rulings and readmission',
  contract: 'distributor',
  acts: AT_ONCE,
  bounds: 'within 30 days of a veto; only who is suspended can be readmitted',
  wishes: ['ruleVeto', 'readmit'],
  functions: { ruleVeto: describeRuling, readmit: describeReadmission },
  encode: ({ ruleVeto = [], readmit = [] }, { facts }) => {
    const rulings = ruleVeto.map(({ proposal, upheld }) =>
      distributor.encodeFunctionData('ruleVeto', [proposal, upheld]),
    );
    const back = readmit.map((operator) => distributor.encodeFunctionData('readmit', [operator]));
    return Promise.resolve(just(...[...rulings, ...back].map((data) => callTo(facts, 'distributor', data))));
  },
};

/** Who judges proofs against settlements. */
export const VERIFIER: Action = {
  title: 'verifier',
  contract: 'distributor',
  acts: AT_ONCE,
  bounds: 'judges what is proposed 30 days after execution or later; a proposal keeps its own',
  wishes: ['verifier'],
  functions: { scheduleVerifier: describeVerifier },
  encode: ({ verifier }, { facts }) => {
    if (verifier === undefined) return Promise.resolve(just());
    const data = distributor.encodeFunctionData('scheduleVerifier', [verifier]);
    return Promise.resolve(just(callTo(facts, 'distributor', data)));
  },
};

/** Units that were sold in advance. */
export const UNITS: Action = {
  title: 'units sold in advance',
  contract: 'unitPool',
  acts: AT_ONCE,
  bounds: 'never more than there are, and only while the pool is open',
  wishes: ['allot'],
  functions: { allot: describeAllotment },
  encode: ({ allot = [] }, { facts }) => {
    if (allot.length === 0) return Promise.resolve(just());
    return Promise.resolve(just(allotCall(facts.connection.addresses, allot)));
  },
};

const ROLE_WORDS: ReadonlyMap<bigint, string> = new Map([
  [ROLE_IDS.OPERATOR, 'operator'],
  [ROLE_IDS.GUARDIAN, 'guardian'],
  [ROLE_IDS.GOVERNANCE, 'governance'],
  [ROLE_IDS.ADMIN, 'administrator'],
]);

async function describeRole(args: Result, facts: Facts, isGrant: boolean): Promise<Description> {
  const [role, account] = [bigintIn(args, 'roleId'), addressIn(args, 'account')];
  const name = ROLE_WORDS.get(role) ?? `role ${role}`;
  const { authority: chain } = facts.connection.contracts;
  const isMember = await before(
    facts,
    isGrant ? 'RoleGranted' : 'RoleRevoked',
    (event) => !isGrant || event.getValue('newMember') !== true,
    async () => (await onChain(() => chain.hasRole(role, account))).isMember,
  );
  // Whoever does not have a role loses nothing, and the authority says nothing of it.
  const old = ifKnown(isMember ?? (isGrant ? null : false), (is) => (is ? 'yes' : 'no'));
  const words = isGrant ? `${account} becomes ${name}` : `${account} is ${name} no more`;
  return { words, changes: changed(name, old, isGrant ? 'yes' : 'no'), from: null };
}

async function describeRuling(args: Result, { connection }: Facts): Promise<Description> {
  const id = bigintIn(args, 'proposalId');
  const upheld = args.getValue('upheld') === true;
  const { epoch, operator, bond } = await onChain(() => connection.contracts.distributor.proposalOf(id));
  const what = `the veto of settlement ${id} of epoch ${epoch} by ${operator.toLowerCase()}`;
  const outcome = upheld
    ? `is upheld: its bond of ${decimal(bond)} coins is lost, and the operator stays suspended`
    : `is lifted: its bond of ${decimal(bond)} coins goes back, and the operator is no longer suspended for it`;
  const changes = changed('ruling', 'none yet', upheld ? 'upheld' : 'lifted');
  return { words: `${what} ${outcome}`, changes, from: null };
}

async function describeVerifier(args: Result, facts: Facts): Promise<Description> {
  const next = addressIn(args, 'newVerifier');
  const old = await before(
    facts,
    'VerifierScheduled',
    (event) => addressIn(event, 'oldVerifier'),
    async () => lower((await onChain(() => facts.connection.contracts.distributor.nextVerifier())).newVerifier),
  );
  const words = `${next} judges proofs against settlements that are proposed 30 days after execution or later; read its code`;
  return { words, changes: changed('verifier', old, next), from: null };
}

async function describeReadmission(args: Result, facts: Facts): Promise<Description> {
  const operator = addressIn(args, 'operator');
  const suspended = await before(
    facts,
    'OperatorReadmitted',
    () => true,
    () => onChain(() => facts.connection.contracts.distributor.suspended(operator)),
  );
  const changes = changed(
    'suspended',
    ifKnown(suspended, (is) => (is ? 'yes' : 'no')),
    'no',
  );
  return { words: `the operator ${operator} may propose settlements again`, changes, from: null };
}

async function describeAllotment(args: Result, facts: Facts): Promise<Description> {
  const { unitPool } = facts.connection.contracts;
  const booked = pastEvents(facts, 'UnitsAllotted');
  const accounts = (args.getValue('accounts') as string[]).map((account) => account.toLowerCase());
  const units = args.getValue('units') as bigint[];
  const changes = await Promise.all(
    accounts.map(async (account, at) => {
      // One event for each entry, in their order.
      const event = booked?.[at];
      if (event !== undefined) {
        const after = bigintIn(event, 'accountUnits');
        return { what: `units of ${account}`, old: String(after - (units[at] ?? 0n)), new: String(after) };
      }
      const old = unitPool === null ? 0n : await onChain(() => unitPool.unitsOf(account));
      // The same account may stand in a list more than once.
      const earlier = accounts
        .slice(0, at)
        .reduce((sum, other, i) => (other === account ? sum + (units[i] ?? 0n) : sum), old);
      return { what: `units of ${account}`, old: String(earlier), new: String(earlier + (units[at] ?? 0n)) };
    }),
  );
  const all = units.reduce((sum, count) => sum + count, 0n);
  return { words: `book ${all} units that were sold in advance`, changes, from: null };
}
