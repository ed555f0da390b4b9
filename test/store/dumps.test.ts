import { readFile } from 'node:fs/promises';

import { expect } from 'chai';

import { parseAddress } from '../../src/protocol/brands.ts';
import { totalOf } from '../../src/protocol/vesting-curve.ts';
import { parseExplanations } from '../../src/settlement/report/explanation-schema.ts';
import type { ReportFile } from '../../src/settlement/report/report-file.ts';
import { loadState } from '../../src/settlement/report/load-state.ts';
import { computeReplay } from '../../src/store/compute-replay.ts';
import { explainAccount, readProof } from '../../src/store/read-account.ts';
import { replayHeadSchema } from '../../src/settlement/report/replay-document.ts';
import { parseReportFile } from '../../src/settlement/report/report-schema.ts';
import { readReport } from '../../src/store/report-folder.ts';
import { verify } from '../../src/store/verify.ts';

/** Seven epochs with prices, usage, a foundation and an epoch that paid nothing, as the first release wrote them. */
const DUMP = new URL('../dumps/report-v1', import.meta.url).pathname;

/** Eight days under a policy with every multiplier, usage, overlays and all three reasons that make an account ineligible. */
const SCORED = new URL('../dumps/policy-v1', import.meta.url).pathname;

/** How the scores of those eight days came about, with every kind of factor; one file of a report for each day. */
const EXPLAINED = new URL('../dumps/explanations-v1', import.meta.url).pathname;
const KINDS = ['badges', 'consistency', 'loyalty', 'measured', 'quality', 'scarcity', 'streak'];

describe('reports written by an earlier version', () => {
  it('verify to the byte: whoever makes this fail has changed a published format, and must give it a new name', async () => {
    expect(await verify(DUMP)).to.deep.equal({ equal: true, difference: null, epochs: 7 });
  });

  it('verify to the byte with every rule of lode-policy-v1: whoever makes this fail scores differently than published', async () => {
    expect(await verify(SCORED)).to.deep.equal({ equal: true, difference: null, epochs: 8 });
  });

  it('are explained to the byte as they were: whoever makes this fail has changed lode-explanations-v1', async () => {
    const { request } = parseReportFile(replayHeadSchema, 'replay.json', await readFile(`${SCORED}/replay.json`));
    const found: string[] = [];
    const files = new Map<string, Uint8Array>();
    const take = (_: number, [path, bytes]: ReportFile) => Promise.resolve(void files.set(path, bytes));
    const inputs = `${SCORED}/inputs`;
    for await (const { row, settled } of computeReplay({ ...request, explanations: true }, inputs, { take })) {
      const kept = await readFile(`${EXPLAINED}/${row.epoch}.json`);
      expect(Buffer.from(files.get('explanations/0.json')!).toString(), `epoch ${row.epoch}`).to.equal(kept.toString());
      const { accounts } = parseExplanations('explanations/0.json', kept, { epoch: row.epoch, prefixBits: 0 });
      expect(accounts.length).to.be.at.least([...settled.rows].filter(({ grant }) => grant > 0n).length);
      for (const { steps } of accounts) {
        for (const { factors } of [...steps.rows, ...steps.days, ...steps.tasks])
          found.push(...factors.map(({ kind }) => kind));
      }
    }
    expect([...new Set(found)].sort()).to.deep.equal(KINDS);
  });

  it('still give every account its proof and its explanation', async () => {
    const { accounts, root, foundationCurves, totalGranted } = loadState(await readReport(`${DUMP}/epochs/000006`));
    expect(accounts.length).to.be.greaterThan(5);
    let sum = [...foundationCurves.values()].reduce((total, curve) => total + totalOf(curve), 0n);
    for (const { account, curve } of accounts) {
      const proof = await readProof({ folder: DUMP, account });
      expect(proof.root).to.equal(root);
      const steps = await explainAccount({ folder: DUMP, account, epoch: 6 });
      expect(steps.after).to.deep.equal(curve);
      sum += totalOf(curve);
    }
    expect(sum).to.equal(totalGranted);
    expect(parseAddress(accounts.at(0)!.account)).to.equal(accounts.at(0)!.account);
  });
});
