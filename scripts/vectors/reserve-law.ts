import { chain, columns, type VectorRow, type VectorValue } from './columns.ts';
import { exp, fromWad, ln, ONE, ratio, toWadDown, toWadUp } from './high-precision.ts';

const WAD = 10n ** 18n;
const MAX_UINT128 = (1n << 128n) - 1n;

/** LingoPod's published law; y = 1 - L, the part that is withheld. `5000 and above` is one figure for all. */
const PUBLISHED = { a: 988333333912756600n, b: 23351015961853240n, c: 135565508037430160000n };
const PUBLISHED_Y: readonly (readonly [bigint, bigint])[] = [
  [10n, 949999996930805200n],
  [100n, 700000000618633300n],
  [1_000n, 11666667779574591n],
  [5_000n, 11666666087243427n],
  [10_000n, 11666666087243427n],
  [50_000n, 11666666087243427n],
  [1_000_000n, 11666666087243427n],
];

/** L = a / (1 + exp(-b (n - c))), exact, rounded down to a wad. */
function logisticExactDown(a: bigint, b: bigint, c: bigint, nEff: bigint): bigint {
  const exponent = (-b * (nEff - c) * ONE) / WAD / WAD;
  // Beyond these, L is within 1e-43 of 0 or of a.
  if (exponent > 100n * ONE) return 0n;
  if (exponent < -100n * ONE) return a === 0n ? 0n : a - 1n;
  return toWadDown((fromWad(a) * ONE) / (ONE + exp(exponent)));
}

/** alpha * ln(price / priceRef) with the ratio kept within 10^±6, exact, rounded up to a wad. */
function priceTermExactUp(alpha: bigint, price: bigint, priceRef: bigint): bigint {
  if (price === 0n || alpha === 0n) return 0n;
  const most = 1_000_000n * ONE;
  const least = ONE / 1_000_000n;
  const exact = ratio(price, priceRef);
  const kept = exact > most ? most : exact < least ? least : exact;
  return toWadUp((ln(kept) * fromWad(alpha)) / ONE);
}

function logisticRows(): readonly VectorRow[] {
  const next = chain('logistic');
  const laws: (readonly [bigint, bigint, bigint])[] = [
    [PUBLISHED.a, PUBLISHED.b, PUBLISHED.c],
    [WAD, WAD, 0n],
    [WAD, 10n * WAD, 10n ** 12n * WAD],
    [1n, 1n, 1n],
    [WAD, 0n, 5n * WAD],
    [0n, WAD, 5n * WAD],
  ];
  for (let index = 0; index < 24; index++) {
    laws.push([next(64) % (WAD + 1n), next(60) % (WAD / 10n), (next(10) + 1n) * WAD]);
  }
  const rows: VectorRow[] = [];
  for (const [a, b, c] of laws) {
    const around = b === 0n ? c : (next(60) * 40n * WAD) / (1n << 60n) / b;
    const counts = [0n, 1n, WAD, c, c + 1n, c + around * WAD, c > around * WAD ? c - around * WAD : 0n, MAX_UINT128];
    for (const nEff of counts) rows.push({ a, b, c, nEff, exactDown: logisticExactDown(a, b, c, nEff) });
  }
  return rows;
}

function priceRows(): readonly VectorRow[] {
  const next = chain('price');
  const rows: VectorRow[] = [];
  const refs = [1n, WAD, 10n ** 15n, 123_456_789_012_345_678n, MAX_UINT128];
  for (const priceRef of refs) {
    const prices = [
      0n,
      1n,
      priceRef,
      priceRef * 2n,
      priceRef / 2n,
      priceRef * 1_000_000n,
      priceRef * 999_999n,
      MAX_UINT128,
    ];
    prices.push(priceRef / 1_000_000n, priceRef + 1n, priceRef - 1n, (1n << 256n) - 1n);
    for (let index = 0; index < 8; index++) prices.push(next(128) % (priceRef * 1000n + 1n));
    for (const price of prices) {
      for (const alpha of [0n, 1n, WAD / 10n, WAD]) {
        rows.push({ alpha, price, priceRef, exactUp: priceTermExactUp(alpha, price, priceRef) });
      }
    }
  }
  return rows;
}

function payoutRows(): readonly VectorRow[] {
  const next = chain('payout');
  const rows: VectorRow[] = [];
  // By hand: R = 1000, S = 600, T = 3, rho = 0.1: base 1060, ceiling 1200.
  const hand: (readonly [bigint, bigint])[] = [
    [WAD, 1060n],
    [WAD / 2n, 530n],
    [2n * WAD, 1200n],
    [0n, 0n],
    [-WAD, 0n],
    [WAD + 10n ** 17n, 1166n],
    [1n, 0n],
  ];
  for (const [factor, payout] of hand) {
    rows.push({
      budget: 1000n,
      reserve: 600n,
      rho: WAD / 10n,
      smoothing: 3,
      factor,
      base: 1060n,
      ceiling: 1200n,
      payout,
    });
  }
  for (let index = 0; index < 60; index++) {
    const budget = index % 7 === 0 ? 0n : next(1 + index * 2);
    const reserve = index % 5 === 0 ? 0n : next(127 - index);
    const smoothing = 2n + (next(16) % 3649n);
    const rho = index % 3 === 0 ? WAD / smoothing : next(60) % (WAD / smoothing + 1n);
    const factor = (next(64) % (4n * WAD)) - WAD;
    const base = budget + (reserve * rho) / WAD;
    const ceiling = budget + reserve / smoothing;
    const raw = factor <= 0n ? 0n : (base * factor) / WAD;
    rows.push({ budget, reserve, rho, smoothing, factor, base, ceiling, payout: raw < ceiling ? raw : ceiling });
  }
  return rows;
}

/** Vectors of the reserve's law: the published figures, and the exact values to the wad. */
export function reserveLawVectors(): Readonly<Record<string, VectorValue>> {
  return {
    published: {
      a: String(PUBLISHED.a),
      b: String(PUBLISHED.b),
      c: String(PUBLISHED.c),
      // 1e-12 as a wad.
      tolerance: '1000000',
      ...columns(PUBLISHED_Y.map(([n, y]) => ({ nEff: n * WAD, y }))),
    },
    effective: columns([
      // m * Σ w_i n_i with four tasks.
      { weights: [WAD / 4n, WAD / 4n, WAD / 4n, WAD / 4n], participants: [1, 1, 1, 1], nEff: 4n * WAD },
      {
        weights: [(WAD * 4n) / 10n, (WAD * 2n) / 10n, WAD / 10n, (WAD * 3n) / 10n],
        participants: [10, 0, 5, 1],
        nEff: 19_200_000_000_000_000_000n,
      },
      { weights: [WAD - 3n, 1n, 1n, 1n], participants: [0, 0, 0, 0], nEff: 0n },
      {
        weights: [WAD - 3n, 1n, 1n, 1n],
        participants: [4294967295, 4294967295, 0, 7],
        nEff: 4n * ((WAD - 3n) * 4294967295n + 4294967295n + 7n),
      },
    ]),
    logistic: columns(logisticRows()),
    priceTerm: columns(priceRows()),
    payout: columns(payoutRows()),
  };
}

/** Exact values of exp and ln, rounded down to a wad. */
export function fixedPointVectors(): Readonly<Record<string, VectorValue>> {
  const next = chain('fixed point');
  const exps: bigint[] = [0n, 1n, -1n, WAD, -WAD, 130n * WAD, -41n * WAD, 135305999368893231588n];
  for (let index = 0; index < 100; index++) exps.push((next(128) % (171n * WAD)) - 41n * WAD);
  const lns: bigint[] = [1n, 2n, WAD - 1n, WAD, WAD + 1n, 10n ** 36n, (1n << 255n) - 1n];
  for (let bits = 2; bits < 255; bits += 2) lns.push(next(bits) + 1n);
  return {
    exp: columns(exps.map((x) => ({ x, exactDown: toWadDown(exp(fromWad(x))) }))),
    ln: columns(lns.map((x) => ({ x, exactDown: toWadDown(ln(fromWad(x))) }))),
  };
}
