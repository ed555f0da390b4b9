import { expect } from 'chai';

import { purity } from '../../../scripts/checks/purity.ts';
import { findings } from './support.ts';

describe('check: purity', () => {
  it('accepts values in, values out', () => {
    const text = [
      "import { z } from 'zod';",
      "import { keccak256 } from '../protocol/keccak.ts';",
      'export interface Row { readonly process: string; readonly fetch: bigint }',
      'export const f = (row: Row, at: number): string => row.process + new Date(at).toISOString();',
      'export const month = (date: Date): number => date.getUTCMonth();',
    ].join('\n');
    expect(findings(purity, { 'src/settlement/a.ts': text })).to.deep.equal([]);
  });

  it('leaves the shell alone', () => {
    expect(findings(purity, { 'src/cli/a.ts': "import 'node:fs';\nconsole.log(Date.now());" })).to.deep.equal([]);
  });

  it('rejects any package in the simulation', () => {
    const found = findings(purity, { 'src/simulation/a.ts': "import { z } from 'zod';" });
    expect(found).to.deep.equal(["src/simulation/a.ts:1 imports 'zod'; src/simulation may use nothing from outside"]);
  });

  const wrong: readonly (readonly [string, string])[] = [
    ['a file', "import { readFileSync } from 'node:fs';"],
    ['the network', "import net from 'node:net';"],
    ['ethers', "import { id } from 'ethers';"],
    ['a re-export of a package', "export * from 'ethers';"],
    ['a late import', "export const fs = await import('node:fs');"],
    ['a computed import', 'export const x = async (name: string) => await import(name);'],
    ['the clock', 'export const now = Date.now();'],
    ['the clock by a constructor', 'export const now = new Date();'],
    ['chance', 'export const x = Math.random();'],
    ['the environment', "export const x = process.env['X'];"],
    ['a request', "export const x = await fetch('x');"],
    ['the console', "console.log('x');"],
    ['the locale', 'export const f = (a: string, b: string) => a.localeCompare(b);'],
    ['the time zone', 'export const f = (date: Date) => date.getHours();'],
  ];
  for (const [what, text] of wrong) {
    it(`rejects ${what}`, () => {
      expect(findings(purity, { 'src/protocol/a.ts': text })).to.have.lengthOf(1);
    });
  }
});
