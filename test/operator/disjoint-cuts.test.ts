import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';
import fc from 'fast-check';

import { DisjointCuts } from '../../src/operator/ledger/disjoint-cuts.ts';
import type { CutKind } from '../../src/operator/ledger/rows-of-cut.ts';
import { accountLine, contributionLine, CUT_KINDS, usageLine } from '../../src/operator/ledger/rows-of-cut.ts';
import { endOf, epochAt, startOf } from '../../src/protocol/epoch-clock.ts';
import type { LedgerFiles } from '../../src/settlement/ledger/build-ledger.ts';
import { buildLedger } from '../../src/settlement/ledger/build-ledger.ts';
import { parsePolicy } from '../../src/settlement/policy/parse-policy.ts';
import { policyAttributes, policyMeasures, policyRatings } from '../../src/settlement/policy/policy-at.ts';
import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import type { CutLedgerFiles, EpochFile } from '../../src/store/needed-rows.ts';
import { lookBackOf, readNeeded } from '../../src/store/needed-rows.ts';
import { readLedgerFiles } from '../../src/store/read-ledger.ts';
import type { CutFile } from '../../src/store/recompute-from-cuts.ts';
import { randomClock, randomLedger } from '../store/scoring/random-ledger.ts';
import { randomPolicy } from '../store/scoring/random-policy.ts';
import { isDeep, runs, seed } from '../support/effort.ts';
import { expectCode } from '../support/expect-code.ts';
import { accountOf } from '../support/ledger.ts';
import type { PlainScoring } from '../support/plain-scorer/plain-scorer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TASKS = [
  { id: 3, name: 'voice' },
  { id: 7, name: 'text' },
];
const TASK_MAP = new Map([
  ['voice', 'voice'],
  ['text', 'text'],
]);
const EPOCHS = 8;

type Clock = PlainScoring['clock'];
/** The lines of an epoch's cut by kind. */
type Lines = Readonly<Record<CutKind, string[]>>;

/** What somebody does to cuts who does not keep to the rule. */
const anyBend = fc.record({
  what: fc.constantFrom('nothing', 'nothing', 'repeat', 'move', 'double', 'change'),
  kind: fc.constantFrom(...CUT_KINDS),
  from: fc.nat(EPOCHS - 1),
  to: fc.nat(EPOCHS - 1),
  at: fc.nat(5),
});

const anyCase = randomClock.chain((clock) =>
  fc.record({
    clock: fc.constant(clock),
    policy: randomPolicy,
    ledger: randomLedger(clock),
    bend: anyBend,
    asked: fc.constantFrom<readonly number[]>([6], [2, 6], [6, 7]),
    late: fc.array(fc.nat(EPOCHS - 1), { minLength: 12, maxLength: 12 }),
  }),
);

/** A ledger as the cuts of its epochs; badges come in some epoch, whenever they were given. */
function cutsOf(ledger: PlainScoring['ledger'], clock: Clock, late: readonly number[]): Lines[] {
  const cuts = Array.from({ length: EPOCHS }, (): Lines => ({ contributions: [], usage: [], accounts: [] }));
  const put = (kind: CutKind, time: number, line: string, least = 0) => {
    if (time < clock.start && kind !== 'accounts') return;
    const epoch = time < clock.start ? least : Math.max(least, epochAt(clock, time));
    const lines = cuts[epoch]?.[kind];
    if (lines?.includes(line) === false) lines.push(line);
  };
  for (const row of ledger.contributions) put('contributions', row.time, contributionLine(row));
  for (const row of ledger.usage) put('usage', row.time, usageLine(row));
  // Of a contribution that may be long ago, and of one that is in no cut.
  const first = ledger.contributions.find(({ time }) => time >= clock.start);
  const useTime = startOf(clock, 6);
  if (first !== undefined) put('usage', useTime, usageLine({ ...first, contribution: first.id, time: useTime }));
  put(
    'usage',
    startOf(clock, 3),
    usageLine({ contribution: 'none', account: accountOf(1), time: startOf(clock, 3), attributes: {} }),
  );
  const held = new Set<string>();
  for (const [at, row] of ledger.accounts.entries()) {
    if (held.has(`${row.account} ${row.badge}`)) continue;
    held.add(`${row.account} ${row.badge}`);
    put('accounts', row.since, accountLine(row), late[at]);
  }
  return cuts;
}

interface Bend {
  readonly what: string;
  readonly kind: CutKind;
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** Does to cuts what the rule forbids. */
function bend(cuts: readonly Lines[], { what, kind, from, to, at }: Bend): void {
  const source = cuts[from]?.[kind] ?? [];
  const line = source[at % Math.max(1, source.length)];
  if (line === undefined || what === 'nothing') return;
  const target = what === 'double' ? source : (cuts[to]?.[kind] ?? []);
  target.push(what === 'change' ? line.replace(/"units":"\d+"/, '"units":"17"') : line);
  if (what === 'move') source.splice(source.indexOf(line), 1);
}

describe('cuts of which none repeats a row of another', function () {
  this.timeout(isDeep ? 0 : 120_000);
  const folder = temporaryFolder();
  let count = 0;

  /** Writes cuts as they are published. */
  async function write(cuts: readonly Lines[]): Promise<{ data: string; files: CutFile[] }> {
    const data = folder.path(`cuts-${count++}`);
    await mkdir(data);
    const files: CutFile[] = [];
    for (const [epoch, lines] of cuts.entries()) {
      for (const role of CUT_KINDS) {
        if (lines[role].length === 0) continue;
        const path = join(data, `${epoch}-${role}.ndjson`);
        await writeFile(path, lines[role].map((line) => `${line}\n`).join(''));
        files.push({ epoch, role, path });
      }
    }
    return { data, files };
  }

  const upTo = (files: readonly CutFile[], epoch: number): CutLedgerFiles => {
    const of = (kind: CutKind): EpochFile[] =>
      files
        .filter((file) => file.role === kind && file.epoch <= epoch)
        .map((file) => ({
          epoch: file.epoch,
          sha256: null,
          file: { path: file.path, name: `${file.epoch}/${kind}.ndjson` },
        }));
    return { contributions: of('contributions'), usage: of('usage'), accounts: of('accounts') };
  };

  it('give the scores and rejects of an epoch by the rows that its policy looks back to, as by all of them', async () => {
    const seen = { disjoint: 0, others: 0, differ: 0, less: 0, uses: 0 };
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ clock, policy: file, ledger, bend: given, late, asked }) => {
        const policy = parsePolicy(file);
        const cuts = cutsOf(ledger, clock, late);
        bend(cuts, given);
        const { data, files } = await write(cuts);
        const disjoint = new DisjointCuts();
        for (let epoch = 0; epoch < EPOCHS; epoch++) {
          const range = { start: startOf(clock, epoch), end: endOf(clock, epoch) };
          await disjoint.add(
            files.filter((one) => one.epoch === epoch),
            range,
          );
          if (!asked.includes(epoch)) continue;
          const scored = async (rows: LedgerFiles) => {
            const built = buildLedger(rows, {
              ...{ taskMap: TASK_MAP, measures: policyMeasures(policy), ratings: policyRatings(policy) },
              ...{ forbidden: new Set([accountOf(4)]), attributes: policyAttributes(policy, clock) },
              range: { start: clock.start, end: range.end },
            });
            const options = { ledger: built, policy, tasks: TASKS, taskMap: TASK_MAP, clock, threads: 1 };
            const rejects = built.rejects.filter(
              ({ time }) => time !== undefined && time >= range.start && time < range.end,
            );
            return { rejects, scores: await scoreEpochs({ ...options, fromEpoch: epoch, toEpoch: epoch + 1 }) };
          };
          const all = upTo(files, epoch);
          const paths = (list: readonly EpochFile[]) => list.map((one) => one.file);
          const { contributions, usage, accounts } = all;
          const whole = await readLedgerFiles({
            ...{ contributions: paths(contributions), usage: paths(usage), accounts: paths(accounts) },
          });
          const needed = await readNeeded(all, lookBackOf(policy, { epoch, clock, tasks: TASKS }), epoch);
          const [expected, found] = [await scored(whole), await scored(needed)];
          const isSame = JSON.stringify(expected, asText) === JSON.stringify(found, asText);
          if (disjoint.areDisjoint) {
            expect(found).to.deep.equal(expected);
            seen.disjoint++;
            const isLess = rowsOf(needed) < rowsOf(whole);
            if (isLess) seen.less++;
            if (isLess && (found.scores[0]?.uses.length ?? 0) > 0) seen.uses++;
          } else {
            seen.others++;
            if (!isSame) seen.differ++;
          }
        }
        if (given.what === 'nothing') expect(disjoint.areDisjoint).to.equal(true);
        await rm(data, { recursive: true });
      }),
      { seed: seed(), numRuns: runs(15, 600) },
    );
    // Of every kind there was something to see; and cuts that break the rule do need the others, which is seldom seen.
    const { differ, ...often } = seen;
    expect(Math.min(...Object.values(often)), JSON.stringify(seen)).to.be.greaterThan(0);
    if (isDeep) expect(differ).to.be.greaterThan(0);
  });

  it('are all read where the policy asks for the age of accounts, which is that of their first work', async () => {
    const clock = { start: 0, length: 86_400 };
    const lines = (epoch: number) => [
      contributionLine({
        ...{ id: `c${epoch}`, account: accountOf(1), time: epoch * 86_400, task: 'voice', measure: 'units' },
        ...{ units: 1n, attributes: {} },
      }),
    ];
    const { files } = await write(
      Array.from({ length: 4 }, (_, epoch) => ({ contributions: lines(epoch), usage: [], accounts: [lines(9)[0]!] })),
    );
    const task = { minimumScore: '1', measures: { units: { points: '1' } } };
    const needed = async (more: object) => {
      const policy = parsePolicy({ format: 'lode-policy-v1', tasks: { voice: task, text: task }, ...more });
      const rows = await readNeeded(upTo(files, 3), lookBackOf(policy, { epoch: 3, clock, tasks: TASKS }), 3);
      return [rows.contributions.length, rows.accounts?.length];
    };
    expect(await needed({})).to.deep.equal([1, 1]);
    expect(await needed({ eligibility: { badges: ['b'] } })).to.deep.equal([1, 4]);
    expect(await needed({ eligibility: { age: '3' } })).to.deep.equal([4, 4]);
  });

  it('are told from others by a single row', async () => {
    const [start, length] = [1_000_000, 100];
    const work = (id: string, epoch: number, units = 1n) =>
      contributionLine({
        ...{ id, account: accountOf(1), time: start + epoch * length, task: 'voice', measure: 'units', units },
        attributes: {},
      });
    const use = (epoch: number) =>
      usageLine({ contribution: 'a', account: accountOf(1), time: start + epoch * length, attributes: {} });
    const badge = (since: number) => accountLine({ account: accountOf(1), badge: 'b', since });
    const areDisjoint = async (cuts: readonly Partial<Lines>[]) => {
      const whole = cuts.map((lines): Lines => ({ contributions: [], usage: [], accounts: [], ...lines }));
      const { files } = await write(whole);
      const disjoint = new DisjointCuts();
      for (const epoch of cuts.keys()) {
        const own = files.filter((one) => one.epoch === epoch);
        await disjoint.add(own, { start: start + epoch * length, end: start + (epoch + 1) * length });
      }
      return disjoint.areDisjoint;
    };
    const first = { contributions: [work('a', 0)], usage: [use(0)], accounts: [badge(5)] };
    expect(await areDisjoint([first, { contributions: [work('b', 1)], usage: [use(1)] }])).to.equal(true);
    // Twice in one cut is for the ledger to settle, which reads that cut whole.
    expect(await areDisjoint([{ contributions: [work('a', 0), work('a', 0, 2n)] }])).to.equal(true);
    expect(await areDisjoint([first, { contributions: [work('a', 1)] }])).to.equal(false);
    expect(await areDisjoint([first, { contributions: [work('\uff41', 1)] }])).to.equal(false);
    expect(await areDisjoint([first, { contributions: [work('b', 0)] }])).to.equal(false);
    expect(await areDisjoint([{ contributions: [work('b', 1)] }])).to.equal(false);
    expect(await areDisjoint([first, { usage: [use(0)] }])).to.equal(false);
    expect(await areDisjoint([first, { accounts: [badge(6)] }])).to.equal(false);
    expect(await areDisjoint([{ accounts: [badge(start + length)] }])).to.equal(false);
  });

  it('are held against their hashes when they are read', async () => {
    const clock = { start: 0, length: 100 };
    const line = contributionLine({
      ...{ id: 'a', account: accountOf(1), time: 5, task: 'voice', measure: 'units', units: 1n, attributes: {} },
    });
    const { files } = await write([{ contributions: [line], usage: [], accounts: [] }]);
    const all = upTo(files, 0);
    const contributions = all.contributions.map((one) => ({ ...one, sha256: '00'.repeat(32) }));
    const policy = parsePolicy({
      ...{ format: 'lode-policy-v1', decimals: '6' },
      tasks: { voice: { minimumScore: '1', measures: { units: { points: '1' } } } },
    });
    const look = lookBackOf(policy, { epoch: 0, clock, tasks: TASKS });
    expect((await readNeeded(all, look, 0)).contributions[0]?.rows.length).to.equal(1);
    await expectCode(readNeeded({ ...all, contributions }, look, 0), 'CUT_DAMAGED');
  });
});

function rowsOf({ contributions }: LedgerFiles): number {
  return contributions.reduce((sum, { rows }) => sum + rows.length, 0);
}

function asText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}
