// floats: chance in a Monte Carlo simulation; figures are estimates, and no amount is computed from them

import { MAX_PEOPLE } from '../given-paths.ts';
import { expOf } from './exp.ts';
import type { PathStates, RandomWords } from './random-words.ts';
import { bitsIn, randomWords } from './random-words.ts';
import type { Path } from './run-path.ts';

/** How chance moves price and crowd around what is given. Rates are parts of 1 a year. */
export interface Chances {
  /** Standard deviation of the price's logarithm over a year: 0.8 is 80 %. */
  readonly volatility: number;
  /** What a year adds to the price's logarithm. */
  readonly drift: number;
  /** Standard deviation of the logarithm of the number of people over a year. */
  readonly crowdVolatility: number;
  /** How many sudden losses a year brings on average; each takes {@link SHOCK} of the people, half of whom are back after a year. */
  readonly shocks: number;
}

/** What is drawn around: the middle of all paths. */
export interface Middle {
  /** Whole numbers of people by epoch. */
  readonly people: Float64Array;
  /** Natural logarithms; −∞ where there is no price. */
  readonly logPrice: Float64Array;
  /** Seconds. */
  readonly epochLength: number;
}

/** The part of the people that a shock takes. */
export const SHOCK = 0.5;
const A_YEAR = 31_557_600;
const LN_2 = 0.6931471805599453;
/** ln 100: where walks turn round, as the price story `random` does. */
const WALL = 4.605170185988092;
const WORDS = 2 ** 32;

/**
 * Draws a path into `path`: price and crowd are the middle times e to a walk. A walk begins at 0; its steps are sums of 64 coins, close
 * to normal and the same on every machine, and it is turned back at a hundredth and a hundred times of the middle.
 */
export function drawPath(
  { people, logPrice, epochLength }: Middle,
  chances: Chances,
  states: PathStates,
  path: Path,
): void {
  const years = epochLength / A_YEAR;
  const priceWalk = walk(randomWords(states.price), chances.volatility * Math.sqrt(years), chances.drift * years);
  const crowd = randomWords(states.crowd);
  const crowdWalk = walk(crowd, chances.crowdVolatility * Math.sqrt(years), 0);
  const shockBelow = Math.min(1, chances.shocks * years) * WORDS;
  const recovery = expOf(-LN_2 * years);
  let shocked = 0;
  for (let epoch = 0; epoch < people.length; epoch++) {
    let [price, more] = [0, 0];
    if (epoch > 0) {
      price = priceWalk();
      more = crowdWalk();
      shocked *= recovery;
      if (crowd() < shockBelow) shocked = 1 - (1 - shocked) * (1 - SHOCK);
    }
    path.logPrice[epoch] = (logPrice[epoch] as number) + price;
    const drawn = (people[epoch] as number) * expOf(more) * (1 - shocked);
    path.people[epoch] = Math.min(MAX_PEOPLE, Math.floor(drawn));
  }
}

function walk(random: RandomWords, deviation: number, drift: number): () => number {
  // 64 coins less their mean of 32 have a standard deviation of 4.
  const coin = deviation / 4;
  let at = 0;
  return () => {
    at += drift + coin * (bitsIn(random()) + bitsIn(random()) - 32);
    if (at > WALL) at = Math.max(-WALL, 2 * WALL - at);
    else if (at < -WALL) at = Math.min(WALL, -2 * WALL - at);
    return at;
  };
}
