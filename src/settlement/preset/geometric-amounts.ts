const WHOLE = 10n ** 18n;

/** A geometric row: either its first term or its sum is given, the other follows. All in 18 decimals. */
export interface GeometricRow {
  readonly first?: bigint | undefined;
  readonly total?: bigint | undefined;
  readonly decline: bigint;
  readonly periods: number;
}

/**
 * The cumulative emission of a geometric curve, each figure the exact rational one rounded down. With q = 1 − decline:
 *
 * - `first` given: after n periods first · (1 − q^n) / (1 − q) has been emitted, and the total follows;
 * - `total` given: total · (1 − q^n) / (1 − q^N), so the last of the N figures is the total itself.
 *
 * Powers are of whole numbers: q = k/10^18, and q^n = k^n / 10^18n. Nothing is rounded before the last step.
 */
export function geometricAmounts({ first, total, decline, periods }: GeometricRow): readonly bigint[] {
  const k = WHOLE - decline;
  const one = WHOLE ** BigInt(periods);
  const whole = one - k ** BigInt(periods);
  return Array.from({ length: periods }, (_, index) => {
    const n = index + 1;
    const emitted = WHOLE ** BigInt(n) - k ** BigInt(n); // (1 − q^n) · 10^18n
    const widened = emitted * WHOLE ** BigInt(periods - n); // (1 − q^n) · 10^18N
    return first === undefined ? ((total ?? 0n) * widened) / whole : (first * widened * WHOLE) / (one * decline);
  });
}
