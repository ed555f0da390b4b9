/** While something outside does not answer, the pause between two rounds doubles so often at most... */
const MOST_DOUBLINGS = 6;
/** ...and is never longer than that, in seconds. */
const LONGEST = 300;

/**
 * How long to wait before the next round, in seconds: as long as the settings say; after failures in a row longer, and never the same
 * for several keepers that failed at the same moment. `chance` is from 0 to 1.
 *
 * @example
 * pauseOf(12, 0, 0.5) // 12
 * pauseOf(12, 2, 0.5) // 36
 */
export function pauseOf(pollSeconds: number, failures: number, chance: number): number {
  if (failures === 0) return pollSeconds;
  const longest = Math.max(pollSeconds, Math.min(LONGEST, pollSeconds * 2 ** Math.min(failures, MOST_DOUBLINGS)));
  return longest * (0.5 + chance / 2);
}
