/** What became of lies, kind by kind. */
export class LieTable {
  readonly #rows = new Map<string, { tried: number; by: Map<string, number>; gas: bigint[] }>();

  /** Notes a lie that was caught: by a proof of this fault, by `propose`, or by a demand. */
  note(kind: string, by: string, gas?: bigint): void {
    const row = this.#rows.get(kind) ?? { tried: 0, by: new Map<string, number>(), gas: [] };
    row.tried++;
    row.by.set(by, (row.by.get(by) ?? 0) + 1);
    if (gas !== undefined) row.gas.push(gas);
    this.#rows.set(kind, row);
  }

  /** How often lies of a kind were told. */
  tried(kind: string): number {
    return this.#rows.get(kind)?.tried ?? 0;
  }

  /** All of them. */
  total(): number {
    return [...this.#rows.values()].reduce((sum, { tried }) => sum + tried, 0);
  }

  /** Kind, tried, caught, how, and the gas of what caught them (least, most). */
  toString(): string {
    const lines = [...this.#rows].map(([kind, { tried, by, gas }]) => {
      const caught = [...by.values()].reduce((sum, count) => sum + count, 0);
      const how = [...by].map(([name, count]) => `${name} ${count}`).join(', ');
      const sorted = gas.toSorted((a, b) => (a < b ? -1 : 1));
      const range = sorted.length === 0 ? '' : `${sorted[0]}–${sorted.at(-1)}`;
      return [kind.padEnd(56), `${tried}`.padStart(6), `${caught}`.padStart(6), range.padStart(16), `  ${how}`].join(
        ' ',
      );
    });
    return [['kind'.padEnd(56), ' tried', 'caught', 'gas'.padStart(16), '  how'].join(' '), ...lines].join('\n');
  }
}
