import type { PlainEpoch, PlainScorer, PlainScoring } from '../../support/plain-scorer/plain-scorer.ts';

/** What random cases must have shown at least once, or they test less than they seem to. */
const EVENTS = [
  'quality',
  'quality of zero',
  'scarcity',
  'scarcity below one',
  'measured',
  'streak of several days',
  'badges',
  'consistency',
  'loyalty',
  'usage points',
  'score from usage alone',
  'uses above the cap',
  'units above the cap of a day',
  'points above the cap of a day',
  'row above the most',
  'day above the most',
  'rounded down',
  'one floor for a day, not several',
  'row before the start',
  'epoch without a score',
  'not-listed',
  'badge-missing',
  'too-young',
] as const;

export type CoverageEvent = (typeof EVENTS)[number];

/** Counts what the cases of a random test went through, so that a generator that misses a rule is found out. */
export class Coverage {
  readonly #counts = new Map<CoverageEvent, number>(EVENTS.map((event) => [event, 0]));

  /** How often each event was seen. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** The events that were seen less often than this. */
  below(least: number): CoverageEvent[] {
    return EVENTS.filter((event) => (this.#counts.get(event) ?? 0) < least);
  }

  /** Looks through one epoch of a case. */
  see({ ledger, tasks, clock }: PlainScoring, scorer: PlainScorer, { epoch, scores, ineligible }: PlainEpoch): void {
    if (scores.length === 0) this.#saw('epoch without a score');
    if (ledger.contributions.some(({ time }) => time < clock.start)) this.#saw('row before the start');
    for (const { reason } of ineligible) this.#saw(reason);
    for (const { account, task } of scores) {
      const name = tasks.find(({ id }) => id === task)?.name ?? '';
      const steps = scorer.steps(account, name, epoch);
      for (const { contribution, counted, earned, factors, after } of steps.rows) {
        if (counted < contribution.units) this.#saw('units above the cap of a day');
        if (earned === 10n ** 21n) this.#saw('row above the most');
        if (earned > 0n) this.#factors(factors);
        if (factors.some(({ numerator, denominator }) => (earned * numerator) % denominator > 0n) && after > 0n) {
          this.#saw('rounded down');
        }
      }
      for (const { sum, capped, factors, kept } of steps.days) {
        if (capped === 10n ** 21n && sum > capped) this.#saw('day above the most');
        const several = factors.reduce((x, { numerator, denominator }) => (x * numerator) / denominator, capped);
        if (kept !== several) this.#saw('one floor for a day, not several');
        if (capped < sum) this.#saw('points above the cap of a day');
        if (capped > 0n) this.#factors(factors);
      }
      this.#factors(steps.factors);
      if (steps.usagePoints > 0n) this.#saw('usage points');
      if (steps.usagePoints > 0n && steps.sum === 0n) this.#saw('score from usage alone');
      if (steps.isUsageCapped) this.#saw('uses above the cap');
    }
  }

  #factors(factors: PlainFactors): void {
    for (const { kind, numerator, denominator } of factors) {
      if (numerator === denominator) continue;
      if (kind === 'streak') {
        if (numerator > 1n) this.#saw('streak of several days');
        continue;
      }
      this.#saw(kind);
      if (kind === 'quality' && numerator === 0n) this.#saw('quality of zero');
      if (kind === 'scarcity' && numerator < denominator) this.#saw('scarcity below one');
    }
  }

  #saw(event: CoverageEvent): void {
    this.#counts.set(event, (this.#counts.get(event) ?? 0) + 1);
  }
}

type PlainFactors = ReturnType<PlainScorer['steps']>['factors'];
