import { expect } from 'chai';
import fc from 'fast-check';

import { expWad, lnWad, WAD } from '../../src/protocol/fixed-point.ts';
import {
  baseDown,
  ceilingDown,
  effectiveParticipants,
  LOGISTIC_ERROR,
  logisticDown,
  payoutDown,
  PRICE_TERM_ERROR,
  priceTermUp,
  quotePayout,
} from '../../src/protocol/reserve-math.ts';
import { MAX_UINT128, MAX_UINT256 } from '../../src/protocol/words.ts';
import { exp, fromWad, ln, ONE, toWadDown } from '../../scripts/vectors/high-precision.ts';
import { runs, seed } from '../support/effort.ts';
import { groups, readVectors, rowsOf } from '../support/vectors.ts';

type Table<Name extends string> = Readonly<Record<Name, readonly string[]>>;

const vectors = readVectors<{
  published: { a: string; b: string; c: string; tolerance: string; nEff: string[]; y: string[] };
  effective: Table<'weights' | 'participants' | 'nEff'>;
  logistic: Table<'a' | 'b' | 'c' | 'nEff' | 'exactDown'>;
  priceTerm: Table<'alpha' | 'price' | 'priceRef' | 'exactUp'>;
  payout: Table<'budget' | 'reserve' | 'rho' | 'smoothing' | 'factor' | 'base' | 'ceiling' | 'payout'>;
}>('reserve-law');
const fixedPoint = readVectors<{ exp: Table<'x' | 'exactDown'>; ln: Table<'x' | 'exactDown'> }>('fixed-point');

const options = (): { seed: number; numRuns: number } => ({ seed: seed(), numRuns: runs(300, 10_000) });
const wad = fc.bigInt(0n, WAD);
const count = fc.oneof(fc.bigInt(0n, 10_000n * WAD), fc.bigInt(0n, MAX_UINT128));
const law = fc.record({ a: fc.bigInt(1n, WAD), b: fc.bigInt(1n, 10n * WAD), c: fc.bigInt(0n, 10n ** 12n * WAD) });

describe('fixed point', () => {
  it('exp is within two wei and 2^-64 of the exact value', () => {
    for (const { x, exactDown } of rowsOf(fixedPoint.exp)) {
      const difference = expWad(x) - exactDown;
      const allowed = 2n + (exactDown >> 64n);
      expect(difference >= -allowed && difference <= allowed, `exp(${x}) is off by ${difference}`).to.equal(true);
    }
  });

  it('ln is within two wei of the exact value', () => {
    for (const { x, exactDown } of rowsOf(fixedPoint.ln)) {
      const difference = lnWad(x) - exactDown;
      expect(difference >= -2n && difference <= 1n, `ln(${x}) is off by ${difference}`).to.equal(true);
    }
  });

  it('refuses what has no value', () => {
    expect(() => expWad(135305999368893231589n)).to.throw('ExpOverflow');
    expect(() => lnWad(0n)).to.throw('LnWadUndefined');
    expect(() => lnWad(-1n)).to.throw('LnWadUndefined');
    expect(expWad(-41446531673892822313n)).to.equal(0n);
  });
});

describe('reserve law', () => {
  it('gives the seven published figures of y = 1 - L to 1e-12', () => {
    const { a, b, c, nEff, y, tolerance } = vectors.published;
    expect(nEff).to.have.length(7);
    nEff.forEach((n, index) => {
      const given = WAD - logisticDown({ a: BigInt(a), b: BigInt(b), c: BigInt(c) }, BigInt(n));
      const difference = given - BigInt(y[index]!);
      expect(difference <= BigInt(tolerance) && -difference <= BigInt(tolerance), `n = ${n}`).to.equal(true);
    });
  });

  it('counts effective participants exactly', () => {
    const weights = groups(vectors.effective.weights.map(BigInt), 4);
    const participants = groups(vectors.effective.participants.map(Number), 4);
    vectors.effective.nEff.forEach((nEff, index) => {
      expect(effectiveParticipants(weights[index]!, participants[index]!)).to.equal(BigInt(nEff));
    });
    expect(() => effectiveParticipants([WAD], [])).to.throw('ReserveMath_LengthMismatch');
  });

  it('RSRV-2: the logistic is never above its exact value, and at most its declared error below', () => {
    for (const { a, b, c, nEff, exactDown } of rowsOf(vectors.logistic)) {
      const given = logisticDown({ a, b, c }, nEff);
      expect(given <= exactDown && given + LOGISTIC_ERROR >= exactDown, `L(${nEff}) = ${given}`).to.equal(true);
    }
  });

  it('RSRV-2: the price term is never below its exact value, and at most its declared error above', () => {
    for (const { alpha, price, priceRef, exactUp } of rowsOf(vectors.priceTerm)) {
      const given = priceTermUp(alpha, price, priceRef);
      expect(given >= exactUp && given <= exactUp + PRICE_TERM_ERROR, `${price}/${priceRef}: ${given}`).to.equal(true);
    }
  });

  it('RSRV-2: both bounds hold at random', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, WAD), fc.bigInt(1n, WAD), fc.bigInt(-60n * WAD, 60n * WAD), (a, b, z) => {
        // nEff so that the exponent is about z.
        const c = 200n * WAD * WAD;
        const nEff = c + (z * WAD) / b;
        fc.pre(nEff >= 0n);
        const exact = toWadDown((fromWad(a) * ONE) / (ONE + exp((-b * (nEff - c) * ONE) / WAD / WAD)));
        const given = logisticDown({ a, b, c }, nEff);
        return given <= exact && given + LOGISTIC_ERROR >= exact;
      }),
      options(),
    );
    fc.assert(
      fc.property(wad, fc.bigInt(1n, MAX_UINT128), fc.bigInt(10n ** 30n, 10n ** 42n), (alpha, priceRef, scale) => {
        const price = (priceRef * scale) / 10n ** 36n;
        fc.pre(price * 1_000_000n >= priceRef && price > 0n);
        const exact = toWadDown((ln((price * ONE) / priceRef) * fromWad(alpha)) / ONE);
        const given = priceTermUp(alpha, price, priceRef);
        return given >= exact && given <= exact + 1n + PRICE_TERM_ERROR;
      }),
      options(),
    );
  });

  it('quotes base, ceiling and payout', () => {
    for (const row of rowsOf(vectors.payout)) {
      const base = baseDown(row.budget, row.reserve, row.rho);
      const ceiling = ceilingDown(row.budget, row.reserve, Number(row.smoothing));
      expect(base).to.equal(row.base);
      expect(ceiling).to.equal(row.ceiling);
      expect(payoutDown(base, row.factor, ceiling)).to.equal(row.payout);
    }
    expect(ceilingDown(5n, 1000n, 0)).to.equal(5n);
  });

  it('RSRV-2: the factor rises with n and falls with the price', () => {
    fc.assert(
      fc.property(law, count, count, (parameters, x, y) => {
        const [low, high] = x < y ? [x, y] : [y, x];
        return logisticDown(parameters, low) <= logisticDown(parameters, high);
      }),
      options(),
    );
    const price = fc.oneof(fc.bigInt(1n, 100n * WAD), fc.bigInt(1n, MAX_UINT256));
    fc.assert(
      fc.property(wad, price, price, fc.bigInt(1n, MAX_UINT128), (alpha, x, y, priceRef) => {
        const [low, high] = x < y ? [x, y] : [y, x];
        return priceTermUp(alpha, low, priceRef) <= priceTermUp(alpha, high, priceRef);
      }),
      options(),
    );
  });

  it('RSRV-2: no extreme throws, and 0 <= payout <= R + S/T', () => {
    const extreme = fc.constantFrom(0n, 1n, WAD, MAX_UINT128);
    fc.assert(
      fc.property(
        law,
        wad,
        fc.constantFrom(0n, 1n, WAD, MAX_UINT128, MAX_UINT256),
        fc.record({ budget: extreme, reserve: extreme, priceRef: fc.constantFrom(1n, WAD, MAX_UINT128) }),
        fc.array(fc.constantFrom(0, 1, 2 ** 32 - 1), { minLength: 1, maxLength: 16 }),
        fc.integer({ min: 2, max: 3650 }),
        (logistic, alpha, price, { budget, reserve, priceRef }, participants, smoothing) => {
          const weights = participants.map(() => WAD / BigInt(participants.length));
          const rho = WAD / BigInt(smoothing);
          const quote = quotePayout({
            law: { hasLaw: true, ...logistic, alpha, priceRef, smoothing, rho },
            budget,
            reserve,
            price,
            weights,
            participants,
          });
          expect(logisticDown(logistic, MAX_UINT128) <= logistic.a).to.equal(true);
          return quote.payout >= 0n && quote.payout <= budget + reserve / BigInt(smoothing);
        },
      ),
      options(),
    );
  });

  it('pays nothing if nobody took part, and everything without a law', () => {
    const plain = { hasLaw: false, a: 0n, b: 0n, c: 0n, alpha: 0n, priceRef: 1n, smoothing: 2, rho: 0n };
    const quote = { law: plain, budget: 7n, reserve: 100n, price: 5n, weights: [WAD / 2n, WAD / 2n] };
    expect(quotePayout({ ...quote, participants: [0, 0] }).payout).to.equal(0n);
    expect(quotePayout({ ...quote, participants: [0, 1] })).to.include({ payout: 7n, level: WAD, priceTerm: 0n });
  });
});
