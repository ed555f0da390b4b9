/** Lets through so much a second for each key, and as much at once after a pause. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  readonly #left = new Map<string, { tokens: number; at: number }>();

  /**
   * @param perSecond how much is let through a second
   * @param burst how much at once; at least what is asked for at once, or that would never be let through
   * @param now milliseconds of a clock that never goes back
   */
  constructor(perSecond: number, burst: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#now = now;
  }

  /** Takes `count`: 0 when that was let through, else after how many whole seconds it may be. */
  take(key: string, count: number): number {
    const at = this.#now();
    const { tokens, at: since } = this.#left.get(key) ?? { tokens: this.#burst, at };
    const left = Math.min(this.#burst, tokens + ((at - since) * this.#perSecond) / 1000);
    const isLet = left >= count;
    this.#left.set(key, { tokens: isLet ? left - count : left, at });
    return isLet ? 0 : Math.max(1, Math.ceil((count - left) / this.#perSecond));
  }
}
