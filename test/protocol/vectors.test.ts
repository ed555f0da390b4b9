import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { generateVectors } from '../../scripts/vectors/generate.ts';

describe('shared vectors', () => {
  for (const [name, text] of generateVectors()) {
    it(`${name}.json is what its generator writes`, () => {
      const committed = readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8');
      expect(committed === text, 'run npx tsx scripts/vectors/generate.ts').to.equal(true);
    });
  }
});
