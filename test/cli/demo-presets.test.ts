import { readFile } from 'node:fs/promises';

import { expect } from 'chai';

import { temporaryFolder } from '../support/temporary-folder.ts';
import { lodeJson } from './run-lode.ts';

interface DemoDocument {
  readonly held: boolean;
  readonly epochs: readonly { readonly root: string }[];
  readonly checks: readonly { readonly claim: string; readonly held: boolean }[];
  readonly totals: Readonly<Record<string, string>>;
}

interface Shown {
  readonly preset: string;
  /** As few as show everything that the preset has of its own. */
  readonly epochs: number;
  readonly claims: readonly string[];
}

const SHOWN: readonly Shown[] = [
  { preset: 'lingoai', epochs: 32, claims: ['The reserve withheld and injected'] },
  {
    preset: 'lingopod',
    epochs: 60,
    claims: [
      'Few people: most of the day is kept',
      'The units that were ordered are allotted',
      'Units that nobody ordered go to the reserve',
      'A unit releases in proportion to time',
      'Many people: most of the day is paid',
    ],
  },
  {
    preset: 'tnet',
    epochs: 32,
    claims: [
      'With no miner the foundation receives nothing',
      'Mined tokens can be passed on in the block that paid them',
      'The task that governance added pays',
    ],
  },
  {
    preset: 'langx',
    epochs: 44,
    claims: [
      'The published example: 1,105 of 50,000 points are a share of 0.0221',
      'A share under 0.005 % is paid too',
      'A day without a message pays nobody',
    ],
  },
];

describe('each preset end to end on a local chain, 30 epochs and more', function () {
  this.timeout(240_000);
  const folder = temporaryFolder();

  for (const { preset, epochs, claims } of SHOWN) {
    it(`${preset}: every check holds, and the chain has the reports' roots`, async () => {
      const asked = ['demo', '--preset', preset, '--epochs', `${epochs}`, '--out', preset];
      const { code, json, stderr } = await lodeJson(asked, folder.path('.'));
      expect(code, stderr).to.equal(0);
      const demo = json as DemoDocument;
      expect(demo.checks.filter(({ held }) => !held)).to.deep.equal([]);
      expect(demo.checks.map(({ claim }) => claim)).to.include.members([...claims]);
      expect(demo.epochs).to.have.length(epochs);
      const { supply, genesis, emitted, budget, injected, granted, withheld } = demo.totals;
      expect(BigInt(supply!)).to.equal(BigInt(genesis!) + BigInt(emitted!));
      expect(BigInt(granted!) + BigInt(withheld!)).to.equal(BigInt(budget!) + BigInt(injected!));
      const replayed = JSON.parse(await readFile(folder.path(`${preset}/reports/replay.json`), 'utf8')) as DemoDocument;
      expect(replayed.epochs.map(({ root }) => root)).to.deep.equal(demo.epochs.map(({ root }) => root));
    });
  }
});
