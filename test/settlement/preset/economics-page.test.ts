import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { createEmissionCurve, emittedBy } from '../../../src/protocol/emission-curve.ts';
import {
  baseDown,
  ceilingDown,
  effectiveParticipants,
  logisticDown,
  payoutDown,
  priceTermUp,
} from '../../../src/protocol/reserve-math.ts';
import { foundationGrantDown, splitPayout, taskGrantDown } from '../../../src/protocol/settlement-math.ts';
import { unlockedAt } from '../../../src/protocol/vesting-curve.ts';
import { accelerationOf } from '../../../src/settlement/acceleration.ts';
import { curvePeriods, curveTotal } from '../../../src/settlement/preset/curve-periods.ts';
import { curveSchema } from '../../../src/settlement/preset/curve-schema.ts';
import { geometricAmounts } from '../../../src/settlement/preset/geometric-amounts.ts';
import { formatWad, parseDecimal, parseDuration, parseRatio } from '../../../src/settlement/preset/decimals.ts';
import { presetNamed } from '../../support/presets.ts';

const PAGE = new URL('../../../docs/economics.md', import.meta.url);
const WAD = 10n ** 18n;
const MILLION = 10n ** 6n;
const DAY = 86_400;

/** What a row of the page gives, by name, each read in its own way. */
class Given {
  readonly #values: ReadonlyMap<string, string>;

  constructor(cell: string) {
    this.#values = new Map(
      cell.split(';').map((pair) => {
        const [name = '', value = ''] = pair.trim().split('=');
        return [name, value];
      }),
    );
  }

  text(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined) throw new TypeError(`the row does not give ${name}`);
    return value;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  words(name: string): readonly string[] {
    return this.text(name)
      .split(' ')
      .filter((word) => word !== '');
  }

  amount(name: string): bigint {
    return read(this.text(name), (text) => parseDecimal(text, 18));
  }

  ratio(name: string): bigint {
    return read(this.text(name), parseRatio);
  }

  count(name: string): number {
    return Number(this.text(name));
  }

  seconds(name: string): number {
    return read(this.text(name), parseDuration);
  }
}

function read<T>(text: string, parse: (text: string) => T | undefined): T {
  const value = parse(text);
  if (value === undefined) throw new TypeError(`${text} cannot be read`);
  return value;
}

function ratioOf(text: string): bigint {
  return text.startsWith('-') ? -read(text.slice(1), parseRatio) : read(text, parseRatio);
}

function geometric(given: Given): readonly bigint[] {
  return geometricAmounts({
    ...(given.has('first') ? { first: given.amount('first') } : { total: given.amount('total') }),
    decline: given.ratio('decline'),
    periods: given.count('periods'),
  });
}

const messages = () => {
  const rules = presetNamed('langx').policy.segments[0]?.tasks.get('messages');
  if (rules === undefined) throw new TypeError('LangX has messages');
  return rules;
};

/** 1 and the badges, in millionths. */
function badgeFactor(given: Given): bigint {
  const { badges } = messages().multipliers;
  const sum = given.words('badges').reduce((total, name) => total + (badges?.factors.get(name) ?? 0n), MILLION);
  return badges !== undefined && sum > badges.most ? badges.most : sum;
}

/** A day of LangX by the preset's own numbers, in millionths of a point. */
function langx(given: Given): bigint {
  const { measures, multipliers } = messages();
  const counted = (name: string) => {
    const units = BigInt(given.text(name));
    const cap = measures.get(name)?.dailyCap ?? units;
    return units < cap ? units : cap;
  };
  let points = 0n;
  for (const [name, rules] of measures) points += counted(name) * rules.points;
  const online = multipliers.measured.get('online');
  const { streak } = multipliers;
  if (online === undefined || streak === undefined) throw new TypeError('LangX multiplies by minutes and streak');
  const days = BigInt(given.text('streak'));
  points *= counted('online') * (days < streak.most ? days : streak.most) * badgeFactor(given);
  return points / (online.per * streak.per * MILLION);
}

/** Each vector of the page: from what is given to its result in 18 decimals. */
const VECTORS: Readonly<Record<string, (given: Given) => bigint>> = {
  'phase-year': (given) => (given.amount('phase') * given.ratio('share')) / WAD,
  even: (given) => {
    const periods = { kind: 'even', total: given.text('total'), period: 'month', periods: given.text('months') };
    const from = Date.parse(given.text('from')) / 1000;
    const curve = createEmissionCurve(from, curvePeriods(curveSchema.parse(periods), from));
    return emittedBy(curve, from + given.count('days') * DAY);
  },
  geometric: (given) => geometric(given)[given.count('n') - 1] ?? 0n,
  'geometric-last': (given) => {
    const amounts = geometric(given);
    const n = given.count('n');
    return (amounts[n - 1] ?? 0n) - (amounts[n - 2] ?? 0n);
  },
  constant: (given) => {
    const { amount, per, length } = {
      amount: given.text('amount'),
      per: given.text('per'),
      length: given.text('length'),
    };
    return curveTotal(curveSchema.parse({ kind: 'constant', amount, per, lasts: length }));
  },
  participants: (given) =>
    effectiveParticipants(
      given.words('weights').map((weight) => read(weight, parseRatio)),
      given.words('people').map(Number),
    ),
  withheld: (given) => {
    const law = { a: given.amount('a'), b: given.amount('b'), c: given.amount('c') };
    return WAD - logisticDown(law, given.amount('n'));
  },
  'price-term': (given) => priceTermUp(given.amount('alpha'), given.amount('price'), given.amount('reference')),
  payout: (given) => {
    const [budget, reserve] = [given.amount('budget'), given.amount('reserve')];
    const ceiling = ceilingDown(budget, reserve, given.count('smoothing'));
    return payoutDown(baseDown(budget, reserve, given.ratio('rho')), ratioOf(given.text('factor')), ceiling);
  },
  foundation: (given) => {
    const { foundation, miners } = splitPayout(given.amount('payout'), given.ratio('share'));
    return foundationGrantDown(foundation, given.amount('granted'), miners);
  },
  grant: (given) =>
    taskGrantDown(given.amount('budget'), given.amount('score'), given.amount('of'), given.ratio('cap')),
  release: (given) => {
    const cohort = { end: DAY, duration: given.seconds('over'), amount: given.amount('amount') };
    return unlockedAt({ unlocked: 0n, cohorts: [cohort] }, DAY + given.seconds('after'));
  },
  accelerate: (given) => {
    const cohorts = [{ end: DAY, duration: DAY, amount: given.amount('locked') }];
    const uses = BigInt(given.text('uses'));
    return accelerationOf({ unlocked: 0n, cohorts }, uses, given.ratio('perUse'), given.ratio('bound'));
  },
  unit: (given) => given.amount('allocation') / BigInt(given.text('units')),
  langx: (given) => langx(given) * 10n ** 12n,
  badges: (given) => badgeFactor(given) * 10n ** 12n,
  share: (given) => (given.amount('score') * WAD) / given.amount('of'),
};

/** The rows of every table of vectors on the page: name, what is given, result. */
function vectorRows(page: string): readonly (readonly [string, string, string])[] {
  return [...page.matchAll(/^\| `([a-z-]+)` +\| ([a-z]+=[^|]*?) *\| +(\S+) \|$/gim)].map(
    ([, name = '', given = '', result = '']) => [name, given, result] as const,
  );
}

const signed = (value: bigint) => (value < 0n ? `-${formatWad(-value)}` : formatWad(value));

describe('docs/economics.md', () => {
  const page = readFileSync(PAGE, 'utf8');
  const rows = vectorRows(page);

  it('has a worked number for every formula', () => {
    expect([...new Set(rows.map(([name]) => name))].sort()).to.deep.equal(Object.keys(VECTORS).sort());
    // Each row under a head of vectors was read.
    const tables = page.split('\n| vector ').slice(1);
    const lines = tables.flatMap((table) => (table.split('\n\n')[0] ?? '').split('\n').slice(2));
    expect(rows.length).to.equal(lines.length);
  });

  for (const [name, given, result] of rows) {
    it(`${name}: ${given} is ${result}`, () => {
      expect(signed(VECTORS[name]?.(new Given(given)) ?? -1n)).to.equal(result);
    });
  }
});
