import type { EpochClock } from '../../protocol/epoch-clock.ts';
import { compareText } from '../ledger/rows.ts';
import type { LedgerSizes } from './number-types.ts';
import type { Policy, PolicySegment, TaskRules } from './policy.ts';
import type { SqlDialect } from './sql.ts';

/** What is to be scored. */
export interface EpochRange {
  readonly policy: Policy;
  /** Epochs `fromEpoch` up to but not including `toEpoch`. */
  readonly fromEpoch: number;
  readonly toEpoch: number;
  readonly clock: EpochClock;
  /** The number under which the tables name a task, by its name in the policy. */
  readonly taskNumbers: ReadonlyMap<string, number>;
}

/** The rules of a task in a segment. */
export interface SegmentTask {
  /** Position of the segment in the policy. */
  readonly segment: number;
  readonly task: number;
  readonly rules: TaskRules;
}

/** What the rules of a range of epochs need: only these steps become part of the query. */
export interface Plan {
  /** The first epoch whose rows are needed, for windows and streaks that reach back before the range. */
  readonly historyEpoch: number;
  /** Segments that rule an epoch from `historyEpoch` on, by their position in the policy. */
  readonly segments: readonly (readonly [index: number, segment: PolicySegment])[];
  /** The rules of each segment and task that the ledger can have rows of. */
  readonly tasks: readonly SegmentTask[];
  /** Whether some measure has a cap on the units of a day, so that what a row counts depends on the rows before it. */
  readonly capped: boolean;
  /** Attributes that some rules of the range, or the quality of its history, read, rising; the position is the number of the column. */
  readonly attributes: readonly string[];
  /** Those of them that quality reads as a number. */
  readonly ratings: ReadonlySet<string>;
  /** In the range or in its history. */
  readonly quality: boolean;
  /** Attributes whose rarity counts, rising. */
  readonly scarcity: readonly string[];
  /** Measures that multiply a day, rising. */
  readonly measured: readonly string[];
  readonly streak: boolean;
  readonly badges: readonly string[];
  readonly consistency: boolean;
  readonly loyalty: boolean;
  readonly usage: boolean;
}

/** Finds out what a range of epochs needs. */
export function planOf({ policy, fromEpoch, toEpoch, clock, taskNumbers }: EpochRange): Plan {
  const within = (from: number) =>
    [...policy.segments.entries()].filter(([, segment]) => segment.from < toEpoch && segment.until > from);
  const tasksOf = (segments: readonly (readonly [number, PolicySegment])[]): SegmentTask[] =>
    segments.flatMap(([segment, { tasks }]) =>
      [...tasks].flatMap(([name, rules]) => {
        const task = taskNumbers.get(name);
        return task === undefined ? [] : [{ segment, task, rules }];
      }),
    );
  const now = tasksOf(within(fromEpoch)).map(({ rules }) => rules);
  const each = now.map(({ multipliers }) => multipliers);
  const scarcity = rising(each.flatMap((multipliers) => [...multipliers.scarcity.keys()]));
  const historyEpoch = historyOf(now, fromEpoch, clock);
  const segments = within(historyEpoch);
  const tasks = tasksOf(segments);
  // What a row of the history earned is asked after the quality of its own epoch.
  const qualities = tasks.flatMap(({ rules: { multipliers } }) => multipliers.quality ?? []);
  return {
    historyEpoch,
    segments,
    tasks,
    capped: tasks.some(({ rules }) => [...rules.measures.values()].some(({ dailyCap }) => dailyCap !== undefined)),
    attributes: rising([...qualities.map(({ attribute }) => attribute), ...scarcity]),
    ratings: new Set(qualities.filter(({ rating }) => rating.kind === 'numeric').map(({ attribute }) => attribute)),
    quality: qualities.length > 0,
    scarcity,
    measured: rising(each.flatMap(({ measured }) => [...measured.keys()])),
    streak: each.some(({ streak }) => streak !== undefined),
    badges: rising(each.flatMap(({ badges }) => [...(badges?.factors.keys() ?? [])])),
    consistency: each.some(({ consistency }) => consistency !== undefined),
    loyalty: each.some(({ loyalty }) => loyalty !== undefined),
    usage: now.some(({ usage }) => usage !== undefined),
  };
}

/** The first epoch that a window or a streak of the range reaches back to; never before the first. */
function historyOf(rules: readonly TaskRules[], fromEpoch: number, { start, length }: EpochClock): number {
  let epochs = 0;
  let days = 0n;
  for (const { multipliers } of rules) {
    const { scarcity, streak, consistency, loyalty } = multipliers;
    const windows = [...scarcity.values()].map(({ window }) => window);
    epochs = Math.max(epochs, ...windows, consistency?.epochs ?? 0, loyalty?.epochs ?? 0);
    if (streak !== undefined && streak.most > days) days = streak.most;
  }
  const byEpochs = BigInt(fromEpoch - epochs);
  // The day in which the range begins can end a streak of so many days.
  const rangeStart = BigInt(start) + BigInt(fromEpoch) * BigInt(length);
  const firstDay = (rangeStart / DAY - days) * DAY;
  const byDays = firstDay <= BigInt(start) ? 0n : (firstDay - BigInt(start)) / BigInt(length);
  const reached = days > 0n && byDays < byEpochs ? byDays : byEpochs;
  return reached < 0n ? 0 : Number(reached); // integer: an epoch, at most 2^32
}

const DAY = 86_400n;

function rising(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compareText);
}

/** Everything that the steps of a query are written from. */
export interface CompileOptions extends EpochRange {
  readonly plan: Plan;
  /** The number under which the tables name a measure. */
  readonly measureNumbers: ReadonlyMap<string, number>;
  /** The number under which the tables name a value of an attribute. */
  readonly valueNumbers: ReadonlyMap<string, number>;
  /** How large the ledger's numbers are, if that is known: what is small is counted in smaller numbers. */
  readonly sizes?: LedgerSizes;
  readonly dialect: SqlDialect;
}
