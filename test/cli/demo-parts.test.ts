import { readdir } from 'node:fs/promises';

import { expect } from 'chai';
import * as fc from 'fast-check';

import { shifted } from '../../src/cli/demo/governance.ts';
import { checkList } from '../../src/cli/demo/check.ts';
import { demoFolder } from '../../src/cli/demo/demo-folder.ts';
import { gasBook } from '../../src/cli/demo/gas-book.ts';
import { DEMO_MAX_EPOCHS, DEMO_MIN_EPOCHS, fewestEpochs, storyOf } from '../../src/cli/demo/plan.ts';
import { pricePath } from '../../src/cli/demo/price-path.ts';
import { createProgram } from '../../src/cli/program.ts';
import { runs, seed } from '../support/effort.ts';
import { expectCode } from '../support/expect-code.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the parts of the demo', () => {
  it('storyOf lets every step come after the one before, and the weights act on an epoch that runs', () => {
    for (let epochs = DEMO_MIN_EPOCHS; epochs <= DEMO_MAX_EPOCHS; epochs++) {
      const { firstClaim, oldProof, secondClaim, batch, signed, weightsFrom } = storyOf(epochs);
      const steps = [4, firstClaim, oldProof, secondClaim, batch, signed, epochs];
      expect(
        [...new Set(steps)].sort((a, b) => a - b),
        `${epochs} epochs`,
      ).to.deep.equal(steps);
      expect(weightsFrom).to.be.within(oldProof + 2, epochs - 1);
    }
  });

  it('storyOf leaves room for long cohorts and for changes that wait for days', () => {
    for (const terms of [
      { lead: 1, lag: 5 },
      { lead: 30, lag: 5 },
    ]) {
      for (let epochs = fewestEpochs(terms); epochs <= 60; epochs++) {
        const { firstClaim, oldProof, secondClaim, batch, signed, weightsFrom } = storyOf(epochs, terms);
        const steps = [terms.lead, firstClaim, oldProof, secondClaim, batch, signed, epochs];
        expect(steps, `${epochs} epochs`).to.deep.equal([...new Set(steps)].sort((a, b) => a - b));
        expect(weightsFrom).to.be.within(oldProof + terms.lag, epochs - 1);
      }
      expect(() => storyOf(fewestEpochs(terms) - 1, terms)).to.throw();
    }
  });

  it('pricePath gives a price an epoch, the same for the same seed, both above and below the reference', () => {
    const reference = 10n ** 16n;
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 250 }), fc.nat(), (epochs, number) => {
        const prices = pricePath({ epochs, reference, seed: number });
        expect(prices).to.have.length(epochs);
        expect(prices).to.deep.equal(pricePath({ epochs, reference, seed: number }));
        expect(prices.some((price) => price > (reference * 3n) / 2n)).to.be.true;
        expect(prices.some((price) => price < (reference * 2n) / 3n)).to.be.true;
      }),
      { numRuns: runs(100, 10_000), seed: seed() },
    );
  });

  it('gasBook gives lowest, median and highest of each step, in the order of their first time', () => {
    const book = gasBook();
    for (const [step, gas] of [
      ['b', 30n],
      ['a', 5n],
      ['b', 10n],
      ['b', 20n],
    ] as const)
      book.note(step, gas);
    expect(book.figures()).to.deep.equal([
      { step: 'b', count: 3, lowest: 10n, median: 20n, highest: 30n },
      { step: 'a', count: 1, lowest: 5n, median: 5n, highest: 5n },
    ]);
  });

  it('checkList says of two amounts that differ which they are', () => {
    const checks = checkList();
    checks.equal('same', 10n ** 18n, 10n ** 18n);
    checks.equal('other', 1n, 2n);
    expect(checks.all()).to.deep.equal([
      { claim: 'same', held: true, figures: '1.000000000000000000' },
      { claim: 'other', held: false, figures: '1 wei is not 2 wei' },
    ]);
  });

  it('shifted moves weight from the first task to the third and keeps the sum', () => {
    const weights = [40n, 20n, 10n, 30n].map((weight, at) => ({ task: at + 1, weight }));
    expect(shifted(weights, 5n).map(({ weight }) => weight)).to.deep.equal([35n, 20n, 15n, 30n]);
  });

  describe('demoFolder', () => {
    const folder = temporaryFolder();

    it('makes a new folder, and replaces one that it marked', async () => {
      const { result } = await demoFolder(folder.path('demo'));
      await folder.write('demo/left-over.txt', '');
      await demoFolder(folder.path('demo'));
      expect(result).to.equal(folder.path('demo/demo.json'));
      expect(await readdir(folder.path('demo'))).to.deep.equal(['demo.json']);
    });

    it('leaves a folder alone that it did not mark', async () => {
      await folder.write('thesis.txt', '');
      await expectCode(demoFolder(folder.path('.')), 'FOLDER_EXISTS');
      expect(await readdir(folder.path('.'))).to.include('thesis.txt');
    });

    it('is looked at before anything is compiled', async () => {
      await folder.write('thesis.txt', '');
      const io = { out: () => undefined, err: () => expect.fail('said something'), isTerminal: false, columns: 80 };
      const program = createProgram({ io: { ...io, cwd: folder.path('.') }, setExitCode: () => undefined });
      await expectCode(program.parseAsync(['demo', '--out', '.'], { from: 'user' }), 'FOLDER_EXISTS');
    });
  });
});
