import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { expect } from 'chai';

import { servePage, type PageServer } from '../../../src/cli/web/page-server.ts';
import { parseHash32 } from '../../../src/protocol/brands.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { basisOf } from '../../../src/settlement/basis.ts';
import { buildReport } from '../../../src/settlement/report/build-report.ts';
import { contentIdOf } from '../../../src/settlement/report/content-id.ts';
import type { DeclaredEpoch, VerificationProgress } from '../../../src/store/verify-published.ts';
import type { VerifyAnswer } from '../../../web/src/workers/verify-messages.ts';
import { builtPage } from '../../support/built-page.ts';
import { crowd, scatteredAddress } from '../../support/crowd.ts';
import { runs } from '../../support/effort.ts';
import type { PageWorld } from '../../support/page-world.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const LEAVES = runs(2_000, 100_000);

/** The worker with a tree of many leaves; in `npm run test:deep` with 100,000. */
export function verifyWorker(story: () => PageWorld): void {
  const folder = temporaryFolder();
  let server: PageServer;
  let declared: DeclaredEpoch;
  let script: string;

  before(async function () {
    this.timeout(600_000);
    const page = await builtPage();
    script = (await readdir(join(page, 'assets'))).find((name) => name.startsWith('verify.worker-'))!;
    const settled = crowd(LEAVES, scatteredAddress);
    const files = buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] });
    const { cid, digest } = await contentIdOf(files);
    for (const [name, bytes] of files) {
      const path = folder.path(join('reports', cid, name));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
    const { record, settlement, parent } = settled;
    const reportCid = parseHash32(bytesToHex(digest));
    declared = { record, settlement: { ...settlement, reportCid }, basis: basisOf(record, parent), parent: null };
    const folders = new Map([['reports', folder.path('reports')]]);
    server = await servePage({ page, texts: new Map(), folders }, { host: '127.0.0.1', port: 0 });
  });

  after(async () => {
    await server.close();
  });

  it(`computes ${LEAVES} leaves anew in a browser, tells how far it is, and leaves the page free meanwhile`, async function () {
    this.timeout(600_000);
    const page = await story().browser.newPage();
    await page.goto(`${server.url}licenses.md`);
    const request = { declared, places: [{ kind: 'web', at: `${server.url}reports` }] };
    // Whole numbers of any size cannot be handed to a browser as they are.
    const text = JSON.stringify(request, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
    const given = JSON.stringify({ text, url: `${server.url}assets/${script}` });
    const { answers, longest } = await page.evaluate<{ answers: VerifyAnswer[]; longest: number }>(
      `(${WATCH})(${given})`,
    );
    const progress = answers.flatMap((answer): VerificationProgress[] =>
      answer.kind === 'progress' ? [answer.progress] : [],
    );
    const leaves = progress.filter(({ step }) => step === 'leaves').map(({ done }) => done);
    expect(answers.at(-1)).to.have.nested.property('verification.outcome', 'equal');
    expect(answers.at(-1)).to.have.nested.property('verification.leaves', LEAVES);
    expect(answers.at(-1)).to.have.nested.property('verification.arithmetic.done', true);
    expect(leaves.length).to.be.greaterThan(LEAVES / 1000);
    expect(leaves.at(-1)).to.equal(LEAVES);
    // In milliseconds. A page that computed it itself would stand still for as long as all of it takes.
    expect(longest).to.be.lessThan(2_000);
    await page.close();
  });
}

/** Runs in the browser: starts the worker, and watches how long the page was kept from doing anything. */
const WATCH = `({ text, url }) => new Promise((resolve, reject) => {
  const request = JSON.parse(text, (_, value) =>
    typeof value === 'string' && /^-?[0-9]+n$/.test(value) ? BigInt(value.slice(0, -1)) : value);
  const answers = [];
  let [before, longest] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
  }, 20);
  const worker = new Worker(url, { type: 'module' });
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.onmessage = ({ data }) => {
    answers.push(data);
    if (data.kind === 'progress') return;
    clearInterval(timer);
    worker.terminate();
    resolve({ answers, longest });
  };
  worker.postMessage(request);
})`;
