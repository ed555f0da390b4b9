import type { FunctionFragment } from 'ethers';

import type { Claim } from '../../../src/chain/convert.ts';
import { claimToChain } from '../../../src/chain/convert.ts';
import { ROLE_IDS, TIMELOCK_ROLES } from '../../../deploy/roles.ts';
import type { World } from '../world.ts';
import type { DeployedContract, Writable } from './deployed-contracts.ts';
import { fragments, questions } from './deployed-contracts.ts';
import type { Somebody } from './walk.ts';

/** A question to the chain, in words and in bytes. */
export interface Question {
  readonly what: string;
  readonly target: string;
  readonly data: string;
  /** Which words of the answer are meant; without it all of it is. */
  readonly words?: readonly number[];
}

/** What is looked at, and how far the protocol has come. */
export interface Watched {
  readonly world: World;
  readonly contracts: readonly DeployedContract[];
  readonly writables: readonly Writable[];
  readonly everybody: readonly Somebody[];
  readonly claims: readonly Claim[];
  /** Epochs that are final, that are closed, and that have begun: each count is at least the one before. */
  readonly final: number;
  readonly closed: number;
  readonly begun: number;
  /** How many proposals there have been. */
  readonly proposals: number;
  /** One second after the newest block: when every call is sent. */
  readonly moment: number;
}

/** Of the views that are asked by epoch: what a price source may still change, and what is not a promise but where things stand. */
const NO_PROMISE = new Set(['recordAt', 'stateOf', 'basisOf']);
/** What is written when an epoch is closed, and when it becomes final. */
const WRITTEN_BY_CLOSING = new Set(['recordHashOf']);
const WRITTEN_BY_FINALISING = new Set(['rootOf', 'grantedUpTo']);
/** The one link that governance may change; not before the delay is over, and not for what was proposed by then. */
const REPLACEABLE = new Set(['verifier']);
/** Of a `Proposal`: epoch, operator, window, bond, verifier, leaf count, hash. */
const JUDGED_BY = [0, 1, 4, 8, 9, 10, 11];
/** Of a `Proposal`: when it may become final at the earliest, and the last second for a demand. */
const DEADLINES = [3, 6];
/** The distributor's `VERIFIER_DELAY`. */
const VERIFIER_DELAY = 30 * 86_400;

/**
 * All that may never change: every constant and every link of every contract, the curve, all that an epoch that has begun is judged
 * by, records of closed epochs, roots of final ones, what a proposal is judged by and by whom, the sealed table. The questions come
 * from the contracts' own interfaces.
 */
export function promised(watched: Watched): Question[] {
  const { contracts, writables, everybody, final, closed, begun, moment } = watched;
  const { authority, distributor } = named(watched.world, contracts);
  const constants = contracts.flatMap((contract) =>
    questions(contract)
      .filter(({ name, outputs }) => isConstant(name) || (outputs.every(isAddress) && !REPLACEABLE.has(name)))
      .map((view) => ask(contract, view)),
  );
  const byEpoch = contracts.flatMap((contract) =>
    viewsByEpoch(contract).flatMap((view) => {
      const known = WRITTEN_BY_FINALISING.has(view.name) ? final : WRITTEN_BY_CLOSING.has(view.name) ? closed : begun;
      return Array.from({ length: known }, (_, epoch) => ask(contract, view, epoch));
    }),
  );
  const asked = (name: string, ...values: unknown[]) => askFor(authority, name, ...values);
  const table = [
    ...writables.flatMap(({ contract, fragment }) =>
      fragment === null ? [] : [asked('getTargetFunctionRole', contract.address, fragment.selector)],
    ),
    ...contracts.flatMap(({ address }) => [asked('isTargetClosed', address), asked('getTargetAdminDelay', address)]),
    ...Object.values(ROLE_IDS).flatMap((role) =>
      ['getRoleAdmin', 'getRoleGuardian', 'getRoleGrantDelay'].map((name) => asked(name, role)),
    ),
    ...[ROLE_IDS.ADMIN, ROLE_IDS.GOVERNANCE].flatMap((role) =>
      everybody.map(({ address }) => asked('hasRole', role, address)),
    ),
  ];
  const judges = [
    ...[moment, moment + VERIFIER_DELAY - 1].map((time) => askFor(distributor, 'verifierAt', time)),
    ...proposalsOf(watched, JUDGED_BY),
  ];
  return [...constants, ...byEpoch, ...table, ...judges];
}

/** What may grow and never shrink: the time in which a proposal can be challenged (ROOT-2). */
export function lasting(watched: Watched): Question[] {
  return DEADLINES.flatMap((word) => proposalsOf(watched, [word]));
}

function proposalsOf({ world, contracts, proposals }: Watched, words: readonly number[]): Question[] {
  const { distributor } = named(world, contracts);
  return Array.from({ length: proposals }, (_, n) => ({ ...askFor(distributor, 'proposalOf', n + 1), words }));
}

/** What changes by a new final epoch and by nothing else: what was granted, how it is released, the supply. */
export function granted({ world, contracts, everybody }: Watched): Question[] {
  const { vault, token } = named(world, contracts);
  return [
    ...['totalCurve', 'totalGranted', 'nextEpoch'].map((name) => askFor(vault, name)),
    ...everybody.map(({ address }) => askFor(vault, 'foundationCurve', address)),
    askFor(token, 'totalSupply'),
  ];
}

/** Every parameter and every role: all views of what governs, and what applies to any epoch to come. */
export function governed({ world, contracts, everybody, begun }: Watched): Question[] {
  const { authority, timelock, reserve, registry, distributor } = named(world, contracts);
  const ofGovernance = ['MiningAuthority', 'MiningTimelock', 'MiningGovernor', 'Handover', 'GuardianCanceller'];
  const ofParameters = ['TaskRegistry', 'EpochParameters', 'StabilizationReserve'];
  const settings = contracts
    .filter(({ name }) => [...ofGovernance, ...ofParameters, 'MedianPriceSource'].includes(name))
    .flatMap((contract) => questions(contract).map((view) => ask(contract, view)))
    .filter(({ what }) => !/\.(clock|reserve|pending)\(/.test(what));
  const epochs = [begun, begun + 1, begun + 2, begun + 40, 2 ** 32 - 1];
  const ahead = contracts.flatMap((contract) =>
    viewsByEpoch(contract)
      .filter(({ name }) => !WRITTEN_BY_CLOSING.has(name) && !WRITTEN_BY_FINALISING.has(name))
      .flatMap((view) => epochs.map((epoch) => ask(contract, view, epoch))),
  );
  const roles = everybody.flatMap(({ address }) => [
    ...[0n, 1n, 2n, 3n, 4n, 77n].map((role) => askFor(authority, 'hasRole', role, address)),
    ...Object.values(TIMELOCK_ROLES).map((role) => askFor(timelock, 'hasRole', role, address)),
    askFor(reserve, 'isPool', address),
  ]);
  const tasks = [1, 2, 3, 4, 5, 6, 7, 8, 77].flatMap((task) => [
    askFor(registry, 'isKnown', task),
    askFor(registry, 'retiredFrom', task),
  ]);
  const seats = contracts
    .filter(({ name }) => name === 'MedianPriceSource')
    .flatMap((median) => Array.from({ length: 15 }, (_, seat) => askFor(median, 'reporterOf', seat)));
  const judges = [
    ...['verifier', 'nextVerifier'].map((name) => askFor(distributor, name)),
    askFor(distributor, 'verifierAt', 2 ** 40 - 1),
  ];
  return [...settings, ...ahead, ...roles, ...tasks, ...seats, ...judges];
}

/** What an account was granted and can have, paid or not, by every final root: the right to claim. */
export function claimable({ world, contracts, claims }: Watched): readonly (readonly [Question, Question])[] {
  const { vault } = named(world, contracts);
  return claims.map((claim) => [
    askFor(vault, 'claimable', claimToChain(claim)),
    askFor(vault, 'claimed', claim.account),
  ]);
}

/** What belongs to an account and only it disposes of: whom it allows, delegates to and has itself paid by. */
export function owned({ world, contracts, everybody }: Watched, account: string): Question[] {
  const { token, vault } = named(world, contracts);
  return [
    ...everybody.map(({ address }) => askFor(token, 'allowance', account, address)),
    ...['delegates', 'nonces'].map((name) => askFor(token, name, account)),
    ...['recipientOf', 'pendingRecipientOf'].map((name) => askFor(vault, name, account)),
    ...['CLAIM_KEY', 'RECIPIENT_KEY'].map((_, key) => askFor(vault, 'nonces(address,uint192)', account, key)),
  ];
}

function named(world: World, contracts: readonly DeployedContract[]) {
  const at = world.deployment.addressBook.contracts;
  const find = (address: string): DeployedContract => contracts.find((one) => one.address === address.toLowerCase())!; // all of the address book
  return {
    authority: find(at.authority),
    timelock: find(at.timelock),
    token: find(at.token),
    vault: find(at.vault),
    reserve: find(at.reserve),
    registry: find(at.registry),
    distributor: find(at.distributor),
  };
}

function ask({ name, address, abi }: DeployedContract, view: FunctionFragment, ...values: unknown[]): Question {
  const shown = values.map((value) => (typeof value === 'object' ? '…' : (value as string))).join(', ');
  return { what: `${name}.${view.name}(${shown})`, target: address, data: abi.encodeFunctionData(view, values) };
}

function askFor(contract: DeployedContract, name: string, ...values: unknown[]): Question {
  const view = contract.abi.getFunction(name);
  if (view === null) throw new Error(`${contract.name} has no view ${name}`);
  return ask(contract, view, ...values);
}

function viewsByEpoch({ abi }: DeployedContract): FunctionFragment[] {
  return fragments(abi).filter(
    ({ name, constant, inputs }) =>
      constant && inputs.length === 1 && inputs[0]?.type === 'uint32' && !NO_PROMISE.has(name),
  );
}

const NAMED_CONSTANTS = new Set(['periods', 'isSealed', 'name', 'symbol', 'decimals', 'lockedSupplies']);

function isConstant(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name) || NAMED_CONSTANTS.has(name);
}

function isAddress({ type }: { readonly type: string }): boolean {
  return type === 'address' || type === 'address[]';
}
