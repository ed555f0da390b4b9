/** What a vector file holds: text for every number, so that no reader loses digits. */
export type VectorValue = string | boolean | readonly VectorValue[] | { readonly [key: string]: VectorValue };

/** A row of a table of vectors; lists are flattened into their column. */
export type VectorRow = Readonly<Record<string, bigint | number | string | readonly (bigint | number | string)[]>>;

/** Turns rows into columns, the form that Solidity's cheat codes can read. */
export function columns(rows: readonly VectorRow[]): Readonly<Record<string, VectorValue>> {
  const result: Record<string, string[]> = {};
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const column = (result[name] ??= []);
      if (typeof value === 'object') column.push(...value.map(String));
      else column.push(String(value));
    }
  }
  return result;
}

/** Numbers that are the same at every run: a hash chain of a name, so that anyone can make them again. */
export function chain(name: string): (bits: number) => bigint {
  let state = 0n;
  for (const character of name) state = state * 257n + BigInt(character.charCodeAt(0));
  return (bits) => {
    let value = 0n;
    for (let done = 0; done < bits; done += 32) {
      state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % (1n << 64n);
      value = (value << 32n) | (state >> 32n);
    }
    return value % (1n << BigInt(bits));
  };
}
