/** Lies that `propose` does not take never reach a proof. */
export const REFUSED = 'refused';

interface Row {
  tried: number;
  readonly by: Map<string, number>;
  readonly gas: bigint[];
}

/** What became of lies, kind by kind. */
export class LieTable {
  readonly #kinds = new Map<string, Row>();
  readonly #ways = new Map<string, Row>();

  /** Notes a lie that was caught: by a proof of this fault, by `propose` ({@link REFUSED}), or by a demand. */
  note(kind: string, by: string, gas?: bigint): void {
    count(this.#kinds, kind, by, gas);
    count(this.#ways, by, by, gas);
  }

  /** How often lies of a kind were told. */
  tried(kind: string): number {
    return this.#kinds.get(kind)?.tried ?? 0;
  }

  /** How often lies of a kind were proposed and fell. */
  proposed(kind: string): number {
    return this.tried(kind) - (this.#kinds.get(kind)?.by.get(REFUSED) ?? 0);
  }

  /** All of them. */
  total(): number {
    return [...this.#kinds.values()].reduce((sum, { tried }) => sum + tried, 0);
  }

  /** What caught them, how often, and the gas of it (least, most). */
  ways(): string {
    const head = ['caught by'.padEnd(28), ' times', 'gas'.padStart(16)].join(' ');
    const lines = [...this.#ways].map(([by, { tried, gas }]) =>
      [by.padEnd(28), `${tried}`.padStart(6), range(gas).padStart(16)].join(' '),
    );
    return [head, ...lines].join('\n');
  }

  /** Kind, tried, caught, the gas of what caught them (least, most), how. */
  toString(): string {
    const lines = [...this.#kinds].map(([kind, { tried, by, gas }]) => {
      const caught = [...by.values()].reduce((sum, times) => sum + times, 0);
      const how = [...by].map(([name, times]) => `${name} ${times}`).join(', ');
      return [
        kind.padEnd(56),
        `${tried}`.padStart(6),
        `${caught}`.padStart(6),
        range(gas).padStart(16),
        ` ${how}`,
      ].join(' ');
    });
    const head = ['kind'.padEnd(56), ' tried', 'caught', 'gas'.padStart(16), ' how'].join(' ');
    return [head, ...lines].join('\n');
  }
}

function count(rows: Map<string, Row>, name: string, by: string, gas: bigint | undefined): void {
  const row = rows.get(name) ?? { tried: 0, by: new Map<string, number>(), gas: [] };
  row.tried++;
  row.by.set(by, (row.by.get(by) ?? 0) + 1);
  if (gas !== undefined) row.gas.push(gas);
  rows.set(name, row);
}

function range(gas: readonly bigint[]): string {
  const sorted = gas.toSorted((a, b) => (a < b ? -1 : 1));
  return sorted.length === 0 ? '' : `${sorted[0]}–${sorted.at(-1)}`;
}
