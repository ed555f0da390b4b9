import { readFile, writeFile } from 'node:fs/promises';

import { expect } from 'chai';

import type { ReplayDocument } from '../../src/settlement/report/replay-document.ts';
import { alice, at, bob, DAY, START } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { lode, lodeError, lodeJson } from './run-lode.ts';

interface ScoreDocument {
  readonly epoch: number;
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly decimals: number;
  readonly scores: readonly unknown[];
  readonly ineligible: readonly unknown[];
  readonly counts: { readonly contributions: Readonly<Record<string, number>> };
}

/** The published example of LangX on the tenth day of a streak, and somebody else who only just began. */
const DAYS = Array.from({ length: 9 }, (_, day) => `d${day},${alice},${at(day * DAY + 60)},messages,text,1`);
const PUBLISHED = [
  `t,${alice},${at(9 * DAY + 60)},messages,text,80`,
  `v,${alice},${at(9 * DAY + 60)},messages,voice,3`,
  `i,${alice},${at(9 * DAY + 60)},messages,image,1`,
  `o,${alice},${at(9 * DAY + 60)},messages,online,60`,
  `b,${bob},${at(9 * DAY + 60)},messages,text,80`,
  `p,${bob},${at(9 * DAY + 60)},messages,online,30`,
  `late,${bob},${at(10 * DAY)},messages,text,5`,
];

describe('lode score', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let cwd: string;
  const args = ['score', '--preset', 'langx', '--contributions', 'rows.csv', '--accounts', 'badges.csv'];

  before(async () => {
    cwd = folder.path('.');
    const rows = ['id,account,time,task,measure,units', ...DAYS, ...PUBLISHED];
    await writeFile(folder.path('rows.csv'), `${rows.join('\n')}\n`);
    const badges = ['Early-Adopter', 'Pioneer'].map((badge) => `${alice},${badge},${at(DAY)}`);
    await writeFile(folder.path('badges.csv'), `${['account,badge,since', ...badges].join('\n')}\n`);
    await writeFile(folder.path('none.csv'), 'id,account,time,task,measure,units\n');
  });

  it('LangX: gives 1105 for the published example, in the units of a settlement and in points', async () => {
    const { code, json } = await lodeJson([...args, '--epoch', '9'], cwd);
    expect(code).to.equal(0);
    const { epoch, start, end, from, decimals, scores, ineligible, counts } = json as ScoreDocument;
    const borders = { epoch: 9, start: START + 9 * DAY, end: START + 10 * DAY, from: START, decimals: 6 };
    expect({ epoch, start, end, from, decimals }).to.deep.equal(borders);
    const task = { task: 'messages', taskId: 1 };
    expect(scores).to.deep.equal(
      [
        { account: alice, ...task, score: '1105000000', points: '1105' },
        { account: bob, ...task, score: '20000000', points: '20' },
      ].sort((a, b) => (a.account < b.account ? -1 : 1)),
    );
    expect(ineligible).to.deep.equal([]);
    expect(counts.contributions).to.deep.equal({ read: 16, accepted: 15, duplicates: 0, rejected: 0, outOfRange: 1 });
  });

  it('gives the scores that a replay of the same files settles', async () => {
    const from = at(0).slice(0, 10);
    const more = ['--from', from, '--epochs', '10', '--out', 'out'];
    const replayed = await lodeJson(['replay', ...args.slice(1), ...more], cwd);
    expect((replayed.json as ReplayDocument).epochs).to.have.length(10);
    const text = await readFile(folder.path('out/epochs/000009/accounts.json'), 'utf8');
    const { accounts } = JSON.parse(text) as { accounts: { account: string; scores: string[] }[] };
    const settled = accounts.map(({ account, scores }) => [account, scores[0]]);
    const { json } = await lodeJson([...args, '--epoch', '9', '--from', from], cwd);
    const scores = (json as ScoreDocument).scores as { account: string; score: string }[];
    expect(scores.map(({ account, score }) => [account, score])).to.deep.equal(settled);
  });

  it('is explained step by step from that replay: cap, minutes, streak, badges', async () => {
    const given = ['explain', '--report', 'out', '--account', alice, '--epoch', '9'];
    const { stdout } = await lode(given, cwd);
    const factors = '× 60/120 (units of online) × 10/10 (streak) × 1.7 (badges: Early-Adopter, Pioneer)';
    expect(stdout)
      .to.contain(factors)
      .and.contain('1 messages: 1,105 of the days = 1,105 points, a score of 1,105,000,000');
    const { json } = await lodeJson(given, cwd);
    const { totals, eligibility } = json as { totals: unknown; eligibility: unknown };
    const total = { task: 1, days: '1105000000', uses: '0', usagePoints: '0', factors: [] };
    expect(totals).to.deep.equal([{ ...total, total: '1105000000', score: '1105000000' }]);
    expect(eligibility).to.equal(null);
  });

  it('LangX: a day without messages scores nobody, and who is not verified is named in the variant that asks for it', async () => {
    const nobody = await lodeJson([...args, '--from', at(0).slice(0, 10), '--epoch', '20'], cwd);
    expect((nobody.json as ScoreDocument).scores).to.deep.equal([]);
    const { json } = await lodeJson([...args, '--variant', 'verified', '--epoch', '9'], cwd);
    expect((json as ScoreDocument).scores).to.deep.equal([]);
    expect((json as ScoreDocument).ineligible).to.deep.include({ account: alice, reason: 'badge-missing' });
  });

  it('speaks to people on stdout', async () => {
    const { code, stdout, stderr } = await lode([...args, '--epoch', '9'], cwd);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.contain('epoch 9, 2020-01-10 00:00 to 2020-01-11 00:00 UTC');
    expect(stdout).to.match(new RegExp(`${alice} +messages +1,105\n`));
    expect(stdout).to.contain('15 of 16 contributions count up to then; 1 out of range');
  });

  it('names what it is not given', async () => {
    for (const [exitCode, code, given] of [
      [2, 'START_UNKNOWN', ['score', '--preset', 'langx', '--contributions', 'none.csv', '--epoch', '0']],
      [2, 'START_NOT_ALIGNED', [...args, '--from', '2020-01-01T06:00:00Z', '--epoch', '0']],
      [2, 'OPTION_INVALID', [...args, '--epoch', '-1']],
      [2, 'USAGE', args],
      [6, 'FILE_MISSING', [...args, '--usage', 'nothing.csv', '--epoch', '0']],
      [6, 'PRESET_UNKNOWN', ['score', '--preset', 'nobody', '--contributions', 'rows.csv', '--epoch', '0']],
    ] as const) {
      expect((await lodeError(exitCode, given, cwd)).code, given.join(' ')).to.equal(code);
    }
  });
});
