import type { DecodedCall } from './decode.ts';
import { callLines, decodeCalls } from './decode.ts';
import { readExecution } from './executions.ts';
import type { Facts } from './facts.ts';
import type { Operation } from './operations.ts';
import { readOperations } from './operations.ts';
import type { Proposal } from './proposals.ts';
import { readProposals } from './proposals.ts';
import type { Call } from '../calls.ts';
import type { Connection } from '../connect.ts';
import { onChain } from '../revert-error.ts';
import { InputError, MissingError, RefusedError } from '../../protocol/errors.ts';

/** A proposal to the holders, with the operation that it became once it was queued, or an operation of the council's. */
export type Decision =
  | { readonly kind: 'proposal'; readonly proposal: Proposal; readonly operation: Operation | null }
  | { readonly kind: 'operation'; readonly operation: Operation };

const FEWEST_DIGITS = 4;

/** Everything that was proposed or scheduled; what a proposal became in the timelock stands with the proposal alone. */
export async function readDecisions(connection: Connection): Promise<readonly Decision[]> {
  const [proposals, operations] = await Promise.all([readProposals(connection), readOperations(connection)]);
  const own = new Set(proposals.map(({ operation }) => operation));
  const find = (id: string) => operations.find((operation) => operation.id === id) ?? null;
  return [
    ...proposals.map((proposal) => ({ kind: 'proposal', proposal, operation: find(proposal.operation) }) as const),
    ...operations.filter(({ id }) => !own.has(id)).map((operation) => ({ kind: 'operation', operation }) as const),
  ];
}

/** The number by which a decision is named: of a proposal in decimal digits, of an operation in hexadecimal ones. */
export function numberOf(decision: Decision): string {
  return decision.kind === 'proposal' ? String(decision.proposal.id) : decision.operation.id;
}

/** As many of its first digits as people need; all of an operation's would look like a private key. */
export function shortNumber(number: string): string {
  return number.slice(0, 12);
}

/**
 * The decision with this number, or with these first digits if no other begins with them.
 *
 * @throws {InputError} `NUMBER_INVALID`, `NUMBER_AMBIGUOUS`
 * @throws {MissingError} `DECISION_MISSING`
 */
export async function findDecision(connection: Connection, given: string): Promise<Decision> {
  const number = given.toLowerCase();
  if (!/^(?:\d+|0x[0-9a-f]+)$/.test(number) || number.replace('0x', '').length < FEWEST_DIGITS) {
    throw new InputError({
      code: 'NUMBER_INVALID',
      shortMessage: `'${given}' is no number of a proposal or operation`,
      details: {
        given,
        expected: `at least the first ${FEWEST_DIGITS} digits, as \`lode governance status\` shows them`,
      },
    });
  }
  const decisions = await readDecisions(connection);
  const exact = decisions.find((decision) => numberOf(decision) === number);
  const found = decisions.filter((decision) => numberOf(decision).startsWith(number));
  const decision = exact ?? found[0];
  if (decision === undefined) {
    throw new MissingError({
      code: 'DECISION_MISSING',
      shortMessage: `no proposal or operation begins with ${given}`,
      details: { known: decisions.length, next: 'see `lode governance status --all`' },
    });
  }
  if (exact === undefined && found.length > 1) {
    throw new InputError({
      code: 'NUMBER_AMBIGUOUS',
      shortMessage: `several proposals or operations begin with ${given}`,
      details: { given, found: found.map((one) => shortNumber(numberOf(one))) },
    });
  }
  return decision;
}

/**
 * The proposal with this number.
 *
 * @throws {RefusedError} `NOT_A_PROPOSAL` for an operation of the council
 */
export async function findProposal(connection: Connection, given: string): Promise<Proposal> {
  const decision = await findDecision(connection, given);
  if (decision.kind === 'proposal') return decision.proposal;
  throw new RefusedError({
    code: 'NOT_A_PROPOSAL',
    shortMessage: `${given} is an operation of the council, about which nobody votes`,
    details: { next: 'once its delay is over: lode governance execute' },
  });
}

/** What a decision does, call by call, and against what its changes are told. */
export interface DecodedDecision {
  readonly calls: readonly DecodedCall[];
  /** When it took effect; changes are then told against what it found, else against the chain as it is. */
  readonly executed: { readonly block: number; readonly time: number; readonly transaction: string } | null;
}

/** What a decision does, or did: the old values are those that it found, or that it would find now. */
export async function decodeDecision(
  connection: Connection,
  decision: Decision,
  facts: Facts,
): Promise<DecodedDecision> {
  const { state, calls, id } =
    decision.kind === 'operation' ? decision.operation : { ...decision.proposal, id: decision.proposal.operation };
  const isDone = state === 'done' || state === 'executed';
  const execution = isDone ? await readExecution(connection, id) : null;
  const decoded = await onChain(() => decodeCalls(connection, calls, facts, execution?.logs));
  if (execution === null) return { calls: decoded, executed: null };
  const { block, time, transaction } = execution;
  return { calls: decoded, executed: { block, time, transaction } };
}

/** What calls do, as indented lines for people. */
export async function callText(connection: Connection, calls: readonly Call[]): Promise<string> {
  const decoded = await onChain(() => decodeCalls(connection, calls));
  return decoded
    .flatMap(callLines)
    .map((line) => `  ${line}\n`)
    .join('');
}
