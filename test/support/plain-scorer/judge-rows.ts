import type { Contribution } from '../../../src/settlement/ledger/rows.ts';
import type { PlainScoring } from './plain-scorer.ts';
import { millionths, rulesOf } from './policy-file.ts';
import { MOST_OF_A_ROW, rowQuality } from './row-quality.ts';

/** A row of the ledger with what the rules of its own epoch make of it. */
export interface JudgedRow {
  readonly row: Contribution;
  readonly epoch: number;
  /** UTC days since 1970. */
  readonly day: number;
  /** The protocol's name of the task. */
  readonly task: string;
  /** Units that count under the measure's cap of the day. */
  readonly counted: bigint;
  /** Millionths of a point before any factor: counted units times points, not yet held to the limit of a row. */
  readonly gross: bigint;
  /** Whether anything is left of it after its quality: only such work makes active and less rare. */
  readonly isWorth: boolean;
}

/** Every row that some rule applies to, by time and then by id. Rows before the economy's start are none. */
export function judgeRows({ policy, ledger, taskMap, clock }: PlainScoring): JudgedRow[] {
  const inOrder = [...ledger.contributions].sort(
    (a, b) => a.time - b.time || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)),
  );
  const usedOfDay = new Map<string, bigint>();
  const judged: JudgedRow[] = [];
  for (const row of inOrder) {
    if (row.time < clock.start) continue;
    const epoch = Math.floor((row.time - clock.start) / clock.length);
    const day = Math.floor(row.time / 86_400);
    const task = taskMap.get(row.task);
    if (task === undefined) continue;
    const rules = rulesOf(policy, epoch).tasks.get(task);
    const measures = rules?.measures ?? {};
    const measure = Object.hasOwn(measures, row.measure) ? measures[row.measure] : undefined;
    if (measure?.points === undefined) continue;
    const key = JSON.stringify([epoch, day, row.account, task, row.measure]);
    const used = usedOfDay.get(key) ?? 0n;
    const room = typeof measure.dailyCap === 'string' ? BigInt(measure.dailyCap) - used : row.units;
    const counted = row.units < room ? row.units : room;
    usedOfDay.set(key, used + counted);
    const gross = counted * millionths(measure.points);
    const quality = rules?.multipliers?.quality;
    const factor = quality ? rowQuality(quality, row) : 1_000_000n;
    const isWorth = ((gross < MOST_OF_A_ROW ? gross : MOST_OF_A_ROW) * factor) / 1_000_000n > 0n;
    judged.push({ row, epoch, day, task, counted, gross, isWorth });
  }
  return judged;
}
