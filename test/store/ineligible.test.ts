import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import { parse } from 'jsonc-parser';

import { ineligibleSchema, manifestSchema, parseReportFile } from '../../src/settlement/report/report-schema.ts';
import { explainAccount } from '../../src/store/read-account.ts';
import { replay } from '../../src/store/replay.ts';
import { verify } from '../../src/store/verify.ts';
import { testAddress } from '../support/history.ts';
import { PRESET, smallLedger, START } from '../support/small-replay.ts';

const WEEK = 604_800;
const rule = { badges: ['verified'] };

/** A week's number as a report folder. */
const epochPath = (epoch: number) => join('epochs', `${epoch}`.padStart(6, '0'));

describe('a replay in which a badge is asked for in the epochs 3 to 5', function () {
  this.timeout(120_000);
  let folder: string;
  let out: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lode-ineligible-'));
    out = join(folder, 'out');
    const preset = parse(await readFile(PRESET, 'utf8')) as { policy: { overlays?: object[] } };
    preset.policy.overlays = [{ from: '3', until: '6', eligibility: rule }];
    const since = new Date((START + 5 * WEEK - 1) * 1000).toISOString().replace('.000Z', 'Z');
    const rows = Array.from({ length: 24 }, (_, i) => `${testAddress(i)},verified,${since}`);
    const files = { preset: 'preset.jsonc', contributions: 'ledger.csv', accounts: 'accounts.csv' };
    await writeFile(join(folder, files.preset), JSON.stringify(preset));
    await writeFile(join(folder, files.contributions), smallLedger());
    await writeFile(join(folder, files.accounts), ['account,badge,since', ...rows].join('\n'));
    await replay({
      preset: join(folder, files.preset),
      contributions: [join(folder, files.contributions)],
      accounts: [join(folder, files.accounts)],
      from: START,
      epochs: 9,
      foundation: testAddress(1000),
      out,
    });
  });
  after(() => rm(folder, { recursive: true }));

  const read = async (epoch: number) => readFile(join(out, epochPath(epoch), 'ineligible.json')).catch(() => undefined);

  it('has the file exactly there, and the manifest names it', async () => {
    const found: number[] = [];
    for (let epoch = 0; epoch < 9; epoch++) {
      const bytes = await readFile(join(out, epochPath(epoch), 'manifest.json'));
      const named = Object.hasOwn(parseReportFile(manifestSchema, 'manifest.json', bytes).files, 'ineligible.json');
      expect((await read(epoch)) !== undefined, `epoch ${epoch}`).to.equal(named);
      if (named) found.push(epoch);
    }
    expect(found).to.deep.equal([3, 4, 5]);
  });

  it('lists who would have scored: everybody before the badge was given, then who has none', async () => {
    const accountsOf = async (epoch: number) =>
      parseReportFile(ineligibleSchema, 'ineligible.json', await read(epoch)).accounts;
    const [third, fourth, fifth] = [await accountsOf(3), await accountsOf(4), await accountsOf(5)];
    expect(third.length).to.be.greaterThan(5);
    expect(new Set(third.map(({ reason }) => reason))).to.deep.equal(new Set(['badge-missing']));
    for (const list of [fourth, fifth]) {
      for (const entry of list) expect(entry).to.deep.equal({ account: testAddress(24), reason: 'badge-missing' });
    }
    expect(fourth.length + fifth.length).to.be.greaterThan(0);
  });

  it('is explained with its reason also from published reports without the ledger', async () => {
    const reports = join(folder, 'published');
    await cp(join(out, 'epochs'), join(reports, 'epochs'), { recursive: true });
    const account = testAddress(24);
    const listed = parseReportFile(ineligibleSchema, 'ineligible.json', await read(3)).accounts;
    expect(listed.map((entry) => entry.account)).to.include(account);
    const explained = await explainAccount({ folder: reports, account, epoch: 3 });
    expect(explained).to.include({ rows: null, ineligible: 'badge-missing' });
    expect((await explainAccount({ folder: reports, account, epoch: 2 })).ineligible).to.equal(null);
    expect((await explainAccount({ folder: out, account, epoch: 3 })).ineligible).to.equal('badge-missing');
  });

  it('verifies as a whole and epoch by epoch, and an altered, missing or extra list is named', async () => {
    expect(await verify(out)).to.deep.equal({ equal: true, difference: null, epochs: 9 });
    expect((await verify(join(out, epochPath(3)))).equal).to.equal(true);
    const path = join(out, epochPath(3), 'ineligible.json');
    const bytes = await readFile(path);
    const differenceOf = async (at: string) => (await verify(at)).difference?.file;
    await writeFile(path, bytes.toString().replace('badge-missing', 'too-young'));
    expect(await differenceOf(out)).to.equal('epochs/000003/ineligible.json');
    expect(await differenceOf(join(out, epochPath(3)))).to.equal('ineligible.json');
    await rm(path);
    expect(await differenceOf(out)).to.equal('epochs/000003/ineligible.json');
    expect(await differenceOf(join(out, epochPath(3)))).to.equal('ineligible.json');
    await writeFile(path, bytes);
    await writeFile(join(out, epochPath(7), 'ineligible.json'), bytes);
    expect(await differenceOf(out)).to.equal('epochs/000007/ineligible.json');
    expect(await differenceOf(join(out, epochPath(7)))).to.equal('ineligible.json');
  });
});
