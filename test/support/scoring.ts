import type { AccountRow, Contribution, Usage } from '../../src/settlement/ledger/rows.ts';
import { parsePolicy } from '../../src/settlement/policy/parse-policy.ts';
import type { EpochScores } from '../../src/settlement/policy/score-steps.ts';
import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import { explainScores } from '../../src/store/explain-scores.ts';
import { alice, bob, DAY, START } from './ledger.ts';

export const WEEK = 7 * DAY;
export const TASKS = [
  { id: 3, name: 'voice' },
  { id: 7, name: 'text' },
];

let last = 0;

/** Ten units of alice in the task voice on a day of the economy (0 is its first), in the middle of it. */
export function row(day: number, changes: Partial<Contribution> = {}): Contribution {
  last += 1;
  const plain = { id: `c${last}`, account: alice, task: 'voice', measure: 'units', units: 10n, attributes: {} };
  return { ...plain, time: START + day * DAY + DAY / 2, ...changes };
}

/** A use of a contribution at a time of its own. */
export function use({ id, account }: Contribution, time: number): Usage {
  return { contribution: id, account, time, attributes: {} };
}

/** A badge of alice from a time on. */
export function badge(name: string, since: number, account = alice): AccountRow {
  return { account, badge: name, since };
}

/** A policy in points of six decimals; the rules are those of both tasks. */
export function policyOf(rules: object, more: object = {}) {
  const task = { minimumScore: '1', measures: { units: { points: '1' } }, ...rules };
  return parsePolicy({ format: 'lode-policy-v1', decimals: '6', tasks: { voice: task, text: task }, ...more });
}

export interface Scene {
  readonly rows?: readonly Contribution[];
  readonly usage?: readonly Usage[];
  readonly accounts?: readonly AccountRow[];
  readonly policy: ReturnType<typeof parsePolicy>;
  readonly fromEpoch?: number;
  readonly toEpoch?: number;
  /** Days by default. */
  readonly length?: number;
  readonly start?: number;
}

const optionsOf = ({ rows = [], usage = [], accounts = [], policy, length = DAY, start = START }: Scene) => ({
  ledger: { contributions: rows, usage, accounts },
  policy,
  tasks: TASKS,
  taskMap: new Map(TASKS.map(({ name }) => [name, name])),
  clock: { start, length },
});

/** Scores a scene; epochs are days unless it says otherwise. */
export async function scored(scene: Scene): Promise<EpochScores[]> {
  const { fromEpoch = 0, toEpoch = 1 } = scene;
  return scoreEpochs({ ...optionsOf(scene), fromEpoch, toEpoch });
}

/** Alice's millionths of a point in the task voice, epoch by epoch. */
export async function voiceOf(scene: Scene): Promise<bigint[]> {
  const epochs = await scored(scene);
  return epochs.map(({ scores }) => scores.find(({ account, task }) => account === alice && task === 3)?.score ?? 0n);
}

/** The steps of alice's scores in an epoch. */
export async function steps(scene: Scene, epoch = 0, account = alice) {
  return explainScores({ ...optionsOf(scene), account, epoch });
}

export { alice, bob, DAY, START };
