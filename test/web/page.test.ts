import { startPageWorld, type PageWorld } from '../support/page-world.ts';
import { everyView } from './page/every-view.ts';
import { figures } from './page/figures.ts';
import { governance } from './page/governance.ts';
import { keyboard } from './page/keyboard.ts';
import { miner } from './page/miner.ts';
import { oddWallets } from './page/odd-wallets.ts';
import { servedByLode } from './page/served-by-lode.ts';
import { settlements } from './page/settlements.ts';
import { staticHost } from './page/static-host.ts';
import { trouble } from './page/trouble.ts';
import { verifyWorker } from './page/verify-worker.ts';
import { wallets } from './page/wallets.ts';

/** What is looked at in a real browser. To begin one deployment and one browser for each would take longer than most of it. */
const SUITES: Readonly<Record<string, (given: () => PageWorld) => void>> = {
  'every view': everyView,
  'with the keyboard': keyboard,
  'in trouble': trouble,
  'a miner': miner,
  'who votes': governance,
  settlements,
  figures,
  wallets,
  'wallets that are odd': oddWallets,
  'on a file host': staticHost,
  'lode web': servedByLode,
  'the worker that verifies': verifyWorker,
};

describe('the page', function () {
  this.timeout(240_000);
  let story: PageWorld;

  before(async () => {
    story = await startPageWorld();
  });

  after(async () => {
    await story.close();
  });

  for (const [name, suite] of Object.entries(SUITES)) {
    describe(name, () => {
      before(async () => {
        await story.anew();
      });
      suite(() => story);
    });
  }
});
