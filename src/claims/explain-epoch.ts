import { agreed } from '../chain/agreement.ts';
import type { FinalisedEvent } from '../chain/events.ts';
import { finalEvents } from '../chain/final-tree.ts';
import type { Address } from '../protocol/brands.ts';
import { parseHash32 } from '../protocol/brands.ts';
import type { Settlement } from '../protocol/epoch-record.ts';
import { recordHash } from '../protocol/epoch-record.ts';
import { InputError, ProtocolError } from '../protocol/errors.ts';
import { auditHash } from '../protocol/settlement-leaf.ts';
import { bytesToHex } from '../protocol/words.ts';
import { epochOutcome, fundsFrom } from '../settlement/epoch-outcome.ts';
import type { Explanation } from '../settlement/explain.ts';
import { explain } from '../settlement/explain.ts';
import type { FinalTree } from '../settlement/final-tree.ts';
import type { IneligibleReason, ScoreSteps } from '../settlement/policy/score-steps.ts';
import type { ExplainedScores } from '../settlement/report/explanation-schema.ts';
import { explanationPathOf, isExplained, parseExplanations, stepsIn } from '../settlement/report/explanation-schema.ts';
import { INPUTS_FILE, inputsSchema } from '../settlement/report/inputs-file.ts';
import type { ReportInput } from '../settlement/report/inputs-file.ts';
import type { AccountsFile, Manifest } from '../settlement/report/report-schema.ts';
import { accountsPathOf, noAccounts, parseAccounts } from '../settlement/report/read-accounts.ts';
import { ineligibleSchema, manifestSchema, parseReportFile } from '../settlement/report/report-schema.ts';
import { sha256Hex } from '../settlement/report/sha256.ts';
import type { ClaimChain, FinalTrees } from './final-trees.ts';

/** Which epoch of whom. */
export interface EpochQuery {
  readonly account: Address;
  readonly epoch: number;
}

/** What an epoch gave an account and why, from what is published of it. */
export interface PublishedExplanation extends Explanation {
  /** Whether the scores were shown to be those in the proven leaf; an account without a leaf has none. */
  readonly isProven: boolean;
  /** Why the account could not score, as the report says it; null when it does not say so. Whoever scored is not named there. */
  readonly ineligible: IneligibleReason | null;
  /** What the scores were made from, where the report says where that is published. */
  readonly sources: readonly ReportInput[] | null;
  readonly points: PublishedSteps;
  readonly from: string;
  readonly cid: string;
}

/**
 * How the scores came about, as the report says it: `held` where every step leads to the proven scores; `none` where it does not say; else
 * why the steps cannot be shown. Whether the rows are those of the ledger no report shows by itself.
 */
export type PublishedSteps =
  | { readonly state: 'held'; readonly steps: ScoreSteps }
  | { readonly state: 'none' }
  | { readonly state: 'refused'; readonly error: ProtocolError };

/**
 * Explains an epoch of an account from its published report. The record and the sums are held against the chain, the account's scores
 * against the audit in its leaf, and all steps together against the two curves that its leaves before and after have. What is wrong with the
 * way to the scores is part of the answer: they are proven without it.
 *
 * @throws {ReportUnavailableError} `REPORT_UNAVAILABLE`
 * @throws {ReportDifferentError} `REPORT_DIFFERENT` when a file says something else than the chain
 * @throws {InputError} `EXPLAIN_MISMATCH`
 */
export async function explainEpoch(
  chain: ClaimChain,
  trees: FinalTrees,
  { account, epoch }: EpochQuery,
): Promise<PublishedExplanation> {
  const tree = await trees.treeOf(chain, epoch);
  const { recordHash: stored, settlement, finalised } = await declared(chain, epoch);
  const after = (await trees.find(tree, account)).proof ?? undefined;
  const before = await curveBefore(chain, trees, { account, epoch });
  const { value: manifest, from } = await trees.read(tree, 'manifest.json', (bytes) => {
    const read = parseReportFile(manifestSchema, 'manifest.json', bytes);
    holdAgainst(read, { tree, stored, settlement, finalised });
    return read;
  });
  const listed: Listed = async (path, parse) => {
    const { value } = await trees.read(tree, path, (bytes) => {
      if (sha256Hex(bytes) !== manifest.files[path]) throw differs(epoch, `${path} is not the one in the manifest`);
      return parse(bytes);
    });
    return value;
  };
  const path = accountsPathOf(manifest, account);
  const accounts =
    path === null
      ? noAccounts(manifest)
      : await listed(path, (bytes) => {
          const read = parseAccounts(path, bytes);
          if (after !== undefined && auditOf(manifest, read, after.index) !== after.auditHash) {
            throw differs(epoch, `${path} does not lead to the scores in the leaf of ${account}`);
          }
          return read;
        });
  const ineligible = !Object.hasOwn(manifest.files, 'ineligible.json')
    ? null
    : await listed('ineligible.json', (bytes) => {
        const read = parseReportFile(ineligibleSchema, 'ineligible.json', bytes);
        const reason = read.accounts.find((one) => one.account === account)?.reason ?? null;
        const own = accounts.accounts.find((row) => row.account === account);
        if (reason !== null && own?.scores.some((score) => score > 0n) === true) {
          throw differs(epoch, `ineligible.json names ${account}, which has scores`);
        }
        return reason;
      });
  const sources = !Object.hasOwn(manifest.files, INPUTS_FILE)
    ? null
    : await listed(INPUTS_FILE, (bytes) => parseReportFile(inputsSchema, INPUTS_FILE, bytes).inputs);
  const steps = explain({ manifest, accounts, account, before, after });
  const scores = { account, scores: steps.tasks.map(({ score }) => score), ineligible };
  const points = await pointsOf(manifest, scores, listed);
  return { ...steps, isProven: after !== undefined, ineligible, sources, points, from, cid: trees.cidOf(tree) };
}

/** Reads a file that the manifest lists. */
type Listed = <T>(path: string, parse: (bytes: Uint8Array) => T) => Promise<T>;

async function pointsOf(manifest: Manifest, held: ExplainedScores, listed: Listed): Promise<PublishedSteps> {
  if (!isExplained(manifest)) return { state: 'none' };
  const path = explanationPathOf(manifest, held.account);
  try {
    const file = path === null ? null : await listed(path, (bytes) => parseExplanations(path, bytes, manifest));
    return { state: 'held', steps: stepsIn(file, manifest, held) };
  } catch (error) {
    if (error instanceof ProtocolError) return { state: 'refused', error };
    throw error;
  }
}

/** What the chain keeps of an epoch, and what was declared of it when it became final. */
async function declared({ endpoints, block }: ClaimChain, epoch: number) {
  return await agreed(endpoints, `how epoch ${epoch} was settled`, async (connection) => ({
    recordHash: parseHash32(await connection.contracts.distributor.recordHashOf(epoch, { blockTag: block.number })),
    ...(await finalEvents(connection, epoch, {
      from: connection.addressBook.startBlock,
      to: block.number,
    })),
  }));
}

async function curveBefore(chain: ClaimChain, trees: FinalTrees, { account, epoch }: EpochQuery) {
  if (epoch === 0) return undefined;
  const tree = await trees.treeOf(chain, epoch - 1);
  return (await trees.find(tree, account)).proof?.curve;
}

interface Declared {
  readonly tree: FinalTree;
  readonly stored: string;
  readonly settlement: Settlement;
  readonly finalised: FinalisedEvent;
}

function holdAgainst(manifest: Manifest, { tree, stored, settlement, finalised }: Declared): void {
  const { epoch, record, parent, settlement: said } = manifest;
  const { root, leafCount, participants, scoreTotals, granted, accelerated } = settlement;
  const declaredSums = { root, leafCount, participants, scoreTotals, granted, accelerated };
  if (epoch !== tree.epoch || recordHash(record) !== stored) {
    throw differs(tree.epoch, 'manifest.json has another record than the chain');
  }
  if (written(said) !== written(declaredSums)) throw differs(tree.epoch, 'manifest.json has other sums than the chain');
  const funds = fundsFrom(record, parent.reserve, participants, scoreTotals);
  const outcome = epochOutcome(record, parent, funds, granted);
  const { epoch: _, proposalId: _id, root: _root, ...booked } = finalised;
  const own = Object.fromEntries(Object.entries(outcome).filter(([name]) => Object.hasOwn(booked, name)));
  if (written(manifest.outcome) !== written(outcome) || written(own) !== written(booked)) {
    throw differs(tree.epoch, 'manifest.json has another outcome than the chain');
  }
}

/** The audit that the leaf at `index` has if the rows of all accounts are right: its own figures and the sums up to it. */
function auditOf({ record, settlement }: Manifest, { accounts, before }: AccountsFile, index: number): string {
  const runScores = record.tasks.map((_, i) => before?.scores[i] ?? 0n);
  const runParticipants = record.tasks.map((_, i) => before?.participants[i] ?? 0);
  const runAccelerated = settlement.accelerated.map((_, j) => before?.accelerated[j] ?? 0n);
  let runGranted = before?.granted ?? 0n;
  for (const row of accounts) {
    if (row.index > index) continue;
    for (const i of record.tasks.keys()) {
      const score = row.scores[i] ?? 0n;
      runScores[i] = (runScores[i] ?? 0n) + score;
      if (score >= (record.minScores[i] ?? 1n)) runParticipants[i] = (runParticipants[i] ?? 0) + 1;
    }
    for (const j of runAccelerated.keys()) runAccelerated[j] = (runAccelerated[j] ?? 0n) + (row.accelerated[j] ?? 0n);
    runGranted += row.grant;
  }
  const own = accounts.find((row) => row.index === index);
  const scores = record.tasks.map((_, i) => own?.scores[i] ?? 0n);
  const accelerated = runAccelerated.map((_, j) => own?.accelerated[j] ?? 0n);
  return bytesToHex(auditHash({ scores, accelerated, runScores, runParticipants, runGranted, runAccelerated }));
}

/** Figures as text, whatever the order of their names. */
function written(figures: unknown): string {
  return JSON.stringify(figures, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  });
}

function differs(epoch: number, shortMessage: string): InputError {
  return new InputError({ code: 'REPORT_INVALID', shortMessage, details: { epoch } });
}
