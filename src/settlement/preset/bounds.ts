const WAD = 10n ** 18n;
const DAY = 86_400;

/**
 * The bounds that the contracts fix in code; a preset outside them could never be deployed, so it is refused here. Under a
 * day of delay nobody has time to react; above 14 days governance could miss the 30 days in which it rules about a veto.
 */
export const BOUNDS = {
  tasks: 16,
  minWeight: WAD / 1000n,
  epochLength: { min: DAY / 2, max: 366 * DAY }, // integer: half a day is a whole number of seconds
  /** Rows of the emission table. */
  periods: 700,
  window: 6 * 3600,
  accountCap: WAD / 1000n,
  bond: { min: WAD / 1000n, max: 1000n * WAD },
  smoothing: { min: 2, max: 3650 },
  law: { a: WAD, b: 10n * WAD, c: 10n ** 12n * WAD, alpha: WAD },
  cohortLengths: 12n,
  amount: 1n << 128n,
  minDelay: { min: DAY, max: 14 * DAY },
  votingDelay: { min: 3600, max: 30 * DAY },
  votingPeriod: { min: DAY, max: 30 * DAY },
  /** The hand-over to the token's holders needs twice the quorum, so no quorum may lie above a half. */
  quorum: { min: WAD / 100n, max: WAD / 2n },
  /** Votes to propose are at most so small a part of all tokens there will ever be. */
  thresholdParts: 100n,
  lateQuorum: { min: 0, max: 7 * DAY },
  handoverOpenAfter: 20 * 366 * DAY,
  units: 1_000_000,
  saleLasts: { min: DAY, max: 5 * 366 * DAY },
  releaseOver: { min: DAY, max: 30 * 366 * DAY },
} as const;
