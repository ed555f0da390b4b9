import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { replay } from '../../src/store/replay.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('the demo variant of LingoAI on the example ledger', function () {
  this.timeout(120_000);

  for (const year of [2019, 2022, 2025]) {
    it(`pays at least half of the budget in the typical week of ${year}, and withholds in quiet ones`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'lode-demo-'));
      try {
        const { document } = await replay({
          preset: join(ROOT, 'presets/lingoai/preset.jsonc'),
          variant: 'demo',
          contributions: [join(ROOT, 'examples/tldr/tldr-contributions.csv.gz')],
          usage: [join(ROOT, 'examples/tldr/tldr-usage.csv.gz')],
          from: Date.UTC(year, 0, 1) / 1000,
          epochs: 52,
          out: join(folder, 'replay'),
          anyRejects: true,
        });
        const half = document.epochs.filter(({ granted, budget }) => 2n * granted >= budget);
        expect(half.length).to.be.at.least(26);
        expect(document.epochs.some(({ withheld }) => withheld > 0n)).to.equal(true);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});
