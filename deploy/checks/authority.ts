import type { Contracts } from '../../src/chain/bindings.ts';
import type { CheckDeployment } from '../check-deployment.ts';
import { timelockHoldersOf } from '../holders.ts';
import type { GatedContract, RoleName, TimelockRole } from '../roles.ts';
import { holdersOf, ROLE_IDS, ROLE_TABLE, TIMELOCK_ROLES } from '../roles.ts';
import { functionSignature, KEY_OF } from '../signatures.ts';
import type { Findings } from './findings.ts';

/**
 * The role table and the chain say the same, in both directions: each function of each contract answers to the role of
 * the table, or to the admin if it stands in no row, and each role is held by exactly the people of the deployment.
 */
export async function checkAuthority(findings: Findings, contracts: Contracts, check: CheckDeployment): Promise<void> {
  await checkFunctions(findings, contracts);
  await checkHolders(findings, contracts, check);
  await checkDelays(findings, contracts, check);
  await checkTimelock(findings, contracts, check);
}

/** A changed delay acts days later, so the views above do not show it yet; a deployment changes none. */
async function checkDelays(findings: Findings, { authority }: Contracts, { addressBook }: CheckDeployment) {
  const grants = await authority.queryFilter(authority.filters.RoleGrantDelayChanged(), addressBook.startBlock);
  findings.equal(
    'changed grant delays of roles',
    grants.map(({ args }) => [args.roleId, args.delay]),
    [],
  );
  const targets = await authority.queryFilter(authority.filters.TargetAdminDelayUpdated(), addressBook.startBlock);
  findings.equal(
    'changed admin delays of contracts',
    targets.map(({ args }) => [args.target, args.delay]),
    [],
  );
}

async function checkFunctions(findings: Findings, contracts: Contracts): Promise<void> {
  const { authority } = contracts;
  for (const name of Object.keys(KEY_OF) as GatedContract[]) {
    // the keys of a literal
    const contract = contracts[KEY_OF[name]];
    if (contract === null) continue;
    const target = await contract.getAddress();
    const roles = new Map<string, bigint>();
    for (const row of ROLE_TABLE.filter((entry) => entry.contract === name)) {
      for (const entry of row.functions) roles.set(functionSignature(name, entry), ROLE_IDS[row.role]);
    }
    const functions: { selector: string; signature: string }[] = [];
    contract.interface.forEachFunction((entry) => {
      functions.push({ selector: entry.selector, signature: entry.format('sighash') });
    });
    for (const { selector, signature } of functions) {
      const expected = roles.get(signature) ?? ROLE_IDS.ADMIN;
      findings.equal(`role of ${name}.${signature}`, await authority.getTargetFunctionRole(target, selector), expected);
    }
    findings.equal(`${name} closed`, await authority.isTargetClosed(target), false);
    findings.equal(`${name} admin delay`, await authority.getTargetAdminDelay(target), 0n);
  }
}

async function checkHolders(findings: Findings, contracts: Contracts, check: CheckDeployment): Promise<void> {
  const { authority } = contracts;
  const { addressBook, inputs } = check;
  const held = await roleHolders(contracts, addressBook.startBlock);
  for (const [role, id] of Object.entries(ROLE_IDS) as [RoleName, bigint][]) {
    // the entries of a literal
    const expected = holdersOf(role, inputs.people, addressBook.contracts.timelock);
    const changedBy = role === 'OPERATOR' || role === 'GUARDIAN' ? 'governance' : 'nobody';
    findings.equal(`holders of ${role}`, sorted(held.get(id) ?? []), sorted(expected), changedBy);
    for (const account of expected) {
      const [isMember, delay] = await authority.hasRole(id, account);
      findings.equal(`${role} of ${account}`, [isMember, delay], [true, 0n], changedBy);
    }
    findings.equal(`admin of ${role}`, await authority.getRoleAdmin(id), ROLE_IDS.ADMIN);
    findings.equal(`guardian of ${role}`, await authority.getRoleGuardian(id), ROLE_IDS.ADMIN);
    findings.equal(`grant delay of ${role}`, await authority.getRoleGrantDelay(id), 0n);
    held.delete(id);
  }
  for (const [id, holders] of held) findings.equal(`holders of the unknown role ${id}`, sorted(holders), []);
  const [isAdmin] = await authority.hasRole(ROLE_IDS.ADMIN, inputs.deployer);
  findings.equal('deployer is admin', isAdmin, false);
}

/** Everybody who holds a role, by replaying what the access manager said. */
export async function roleHolders({ authority }: Contracts, startBlock: number): Promise<Map<bigint, Set<string>>> {
  const granted = await authority.queryFilter(authority.filters.RoleGranted(), startBlock);
  const revoked = await authority.queryFilter(authority.filters.RoleRevoked(), startBlock);
  return replay([
    ...granted.map((event) => ({
      ...position(event),
      role: event.args.roleId,
      account: event.args.account,
      held: true,
    })),
    ...revoked.map((event) => ({
      ...position(event),
      role: event.args.roleId,
      account: event.args.account,
      held: false,
    })),
  ]);
}

async function checkTimelock(findings: Findings, contracts: Contracts, check: CheckDeployment): Promise<void> {
  const { timelock } = contracts;
  const { addressBook, inputs, handedOver = false } = check;
  findings.governed('timelock delay', await timelock.getMinDelay(), inputs.minDelay, 'seconds');
  findings.equal('timelock handed over', await timelock.handedOver(), handedOver);
  findings.equal('authority sealed', await contracts.authority.isSealed(), true);
  // Before the hand-over all of it is the council's; after it the vote's, and anybody may execute.
  const office = { contracts: addressBook.contracts, people: inputs.people, handedOver };
  const expected = new Map<string, readonly string[]>(
    (Object.entries(TIMELOCK_ROLES) as [TimelockRole, string][]) // the entries of a literal
      .map(([name, role]) => [role, timelockHoldersOf(name, office)]),
  );
  const held = await timelockHolders(contracts, addressBook.startBlock);
  for (const role of new Set([...expected.keys(), ...held.keys()])) {
    // Only the timelock itself changes these, and only once it has been handed over.
    const changedBy = handedOver ? 'governance' : 'nobody';
    findings.equal(`timelock role ${role}`, sorted(held.get(role) ?? []), sorted(expected.get(role) ?? []), changedBy);
  }
}

/** Everybody who holds a role of the timelock, by replaying what it said. */
export async function timelockHolders({ timelock }: Contracts, startBlock: number): Promise<Map<string, Set<string>>> {
  const granted = await timelock.queryFilter(timelock.filters.RoleGranted(), startBlock);
  const revoked = await timelock.queryFilter(timelock.filters.RoleRevoked(), startBlock);
  return replay([
    ...granted.map((event) => ({ ...position(event), role: event.args.role, account: event.args.account, held: true })),
    ...revoked.map((event) => ({
      ...position(event),
      role: event.args.role,
      account: event.args.account,
      held: false,
    })),
  ]);
}

interface RoleChange<R> {
  readonly block: number;
  readonly index: number;
  readonly role: R;
  readonly account: string;
  readonly held: boolean;
}

function position(event: { readonly blockNumber: number; readonly index: number }) {
  return { block: event.blockNumber, index: event.index };
}

/** Who holds which role after all changes, in the order of the chain. */
function replay<R>(changes: readonly RoleChange<R>[]): Map<R, Set<string>> {
  const held = new Map<R, Set<string>>();
  for (const { role, account, held: gained } of changes.toSorted((a, b) => a.block - b.block || a.index - b.index)) {
    const holders = held.get(role) ?? new Set<string>();
    if (gained) holders.add(account.toLowerCase());
    else holders.delete(account.toLowerCase());
    held.set(role, holders);
  }
  return held;
}

function sorted(accounts: Iterable<string>): readonly string[] {
  return [...accounts].map((account) => account.toLowerCase()).sort();
}
