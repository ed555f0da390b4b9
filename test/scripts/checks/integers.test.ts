import { expect } from 'chai';

import { integers } from '../../../scripts/checks/integers.ts';
import { findings } from './support.ts';

describe('check: integers', () => {
  it('accepts bigint arithmetic and whole numbers that count', () => {
    const text = [
      'export const half = (x: bigint): bigint => x / 2n;',
      'export const power = (x: bigint): bigint => 2n ** x;',
      'export const larger = (a: number, b: number): number => Math.max(a, b) + 1_000;',
      "export const path = 'a/b';",
      'export const count = (text: string): number => Number(text);',
      'export const limit = 2 ** 32;',
      'export const epoch = (a: number, b: number): number => (a - (a % b)) / b;',
      '// integer: a leaf count is below 2^32',
      'export const size = (n: bigint): number => Number(n);',
    ].join('\n');
    expect(findings(integers, { 'src/protocol/a.ts': text })).to.deep.equal([]);
  });

  it('leaves what is shown on a screen alone', () => {
    expect(findings(integers, { 'src/cli/a.ts': 'export const x = (1 / 3).toFixed(2);' })).to.deep.equal([]);
  });

  it('holds the simulation to it, but for a file that says at its top why it does not', () => {
    const text = 'export const half = 1 / 3;';
    expect(findings(integers, { 'src/simulation/a.ts': text })).to.have.lengthOf(1);
    expect(findings(integers, { 'src/simulation/a.ts': `// floats: a figure to be shown\n${text}` })).to.deep.equal([]);
    expect(findings(integers, { 'src/settlement/a.ts': `// floats: a figure to be shown\n${text}` })).to.have.lengthOf(
      1,
    );
  });

  const wrong: readonly (readonly [string, string])[] = [
    ['a fraction', 'export const x = 0.5;'],
    ['a negative exponent', 'export const x = 1e-3;'],
    ['a number too large to be exact', 'export const x = 1e18;'],
    ['a division of numbers', 'export const f = (a: number, b: number) => a / b;'],
    ['a division that assigns', 'export const f = (a: number) => { let x = a; x /= 2; return x; };'],
    ['a division that only looks exact', 'export const f = (a: number, b: number, c: number) => (a - (a % c)) / b;'],
    ['a power that is not exact', 'export const x = 2 ** 64;'],
    ['a power of numbers', 'export const f = (a: number) => a ** 2;'],
    ['parseFloat', "export const x = parseFloat('1');"],
    ['Number.parseFloat', "export const x = Number.parseFloat('1');"],
    ['a rounding function', 'export const f = (a: number) => Math.floor(a);'],
    ['a logarithm', 'export const f = (a: number) => Math.log2(a);'],
    ['an amount as a number', 'export const f = (a: bigint) => Number(a);'],
    ['a reason too short to be one', 'export const f = (a: bigint) => Number(a); // integer: ok'],
    ['a decimal text of a number', 'export const f = (a: number) => a.toFixed(2);'],
    ['a float array', 'export const x = new Float64Array(1);'],
    ['a read of a float', 'export const f = (view: DataView) => view.getFloat64(0);'],
    ['infinity', 'export const x = Infinity;'],
    ['a unary plus', "export const x = +'1';"],
    ['a schema that takes fractions', 'declare const z: { number: () => string }; export const x = z.number();'],
  ];
  for (const [what, text] of wrong) {
    it(`rejects ${what}`, () => {
      expect(findings(integers, { 'src/settlement/a.ts': text })).to.have.lengthOf(1);
    });
  }

  it('knows the type of what comes from another file', () => {
    const contents = {
      'src/protocol/b.ts': 'export const amount = 3n;\nexport const count = 3;',
      'src/settlement/a.ts':
        "import { amount, count } from '../protocol/b.ts';\nexport const x = amount / 2n;\nexport const y = count / 2;",
    };
    expect(findings(integers, contents)).to.deep.equal([
      'src/settlement/a.ts:3 uses / on numbers; use bigint, or (a - (a % b)) / b, or say `// integer: why it is exact`',
    ]);
  });
});
