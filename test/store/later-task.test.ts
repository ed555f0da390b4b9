import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import { parse } from 'jsonc-parser';

import { InputError } from '../../src/protocol/errors.ts';
import { checkPreset } from '../../src/settlement/preset/check/check-preset.ts';
import { replay } from '../../src/store/replay.ts';
import type { Replay } from '../../src/store/replay.ts';
import { verify } from '../../src/store/verify.ts';
import { testAddress } from '../support/history.ts';
import { PRESET, smallLedger, START } from '../support/small-replay.ts';

const WEEK = 604_800;
const JOINS = 5;
const NEW = 'images';
/** Somebody who works in the new task alone, a row in each epoch. */
const painter = testAddress(77);

const rules = { minimumScore: '1', measures: { units: { points: '1' } } };

function tables() {
  const given = ['data-contribution', 'data-processing', 'cross-lingual-llm', 'validation', NEW];
  return [{ from: JOINS, tasks: Object.fromEntries(given.map((name) => [name, `2${'0'.repeat(17)}`])) }];
}

describe('a task that joins in epoch 5 and stands in an overlay of the policy', function () {
  this.timeout(120_000);
  let folder: string;
  let everybody: Replay['document']['accounts'] | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lode-later-task-'));
    const rows = Array.from({ length: 9 }, (_, epoch) => {
      const time = new Date((START + epoch * WEEK + 3_600) * 1000).toISOString().replace('.000Z', 'Z');
      return `painted${epoch},${painter},${time},${NEW},10`;
    });
    await writeFile(join(folder, 'ledger.csv'), [smallLedger(), ...rows].join('\n'));
    const added = { format: 'lode-changes-v1', tasks: [{ id: 9, name: NEW }], weights: tables() };
    await writeFile(join(folder, 'changes.json'), JSON.stringify(added));
  });
  after(() => rm(folder, { recursive: true }));

  const presetText = async (overlays: readonly object[]) => {
    const preset = parse(await readFile(PRESET, 'utf8')) as { policy: { overlays?: readonly object[] } };
    preset.policy.overlays = overlays;
    return JSON.stringify(preset);
  };
  const run = async (name: string, overlays: readonly object[]): Promise<Replay> => {
    const preset = join(folder, `${name}.jsonc`);
    await writeFile(preset, await presetText(overlays));
    return replay({
      preset,
      contributions: [join(folder, 'ledger.csv')],
      changes: join(folder, 'changes.json'),
      from: START,
      epochs: 9,
      foundation: testAddress(1000),
      out: join(folder, name),
    });
  };

  for (const from of [0, 2, JOINS]) {
    it(`earns from epoch 5 on, and nothing before, with rules from epoch ${from} on`, async () => {
      const { document, folder: out } = await run(`from-${from}`, [{ from: `${from}`, tasks: { [NEW]: rules } }]);
      const participants = document.epochs.map(({ participantsByTask }) => participantsByTask[NEW]);
      expect(participants).to.deep.equal([...Array<undefined>(JOINS).fill(undefined), 1, 1, 1, 1]);
      const granted = document.accounts!.find(({ account }) => account === painter)?.granted ?? 0n;
      const payout = document.epochs.slice(JOINS).reduce((sum, epoch) => sum + epoch.payout, 0n);
      expect(granted > 0n && granted < payout, `${granted} of ${payout}`).to.equal(true);
      // Rules that stand ready earlier change nothing for anybody.
      everybody ??= document.accounts!;
      expect(document.accounts!).to.deep.equal(everybody);
      expect(document.counts.contributions.accepted).to.equal(169);
      expect(await verify(out)).to.deep.equal({ equal: true, difference: null, epochs: 9 });
    });
  }

  it('is listed as ineligible only in epochs in which it counts', async () => {
    const overlay = { from: '3', tasks: { [NEW]: rules }, eligibility: { allow: [testAddress(1)] } };
    const { folder: out } = await run('ineligible', [overlay]);
    const listed = await Promise.all(
      [3, 4, 5, 6].map(async (epoch) => readFile(join(out, `epochs/00000${epoch}/ineligible.json`), 'utf8')),
    );
    expect(listed.map((text) => text.includes(painter))).to.deep.equal([false, false, true, true]);
  });

  for (const [what, overlays, reason] of [
    [
      'start later',
      [{ from: '7', tasks: { [NEW]: rules } }],
      'it counts from epoch 5 on, but the policy has rules for it only from epoch 7 on',
    ],
    [
      'ended before',
      [{ from: '2', until: '4', tasks: { [NEW]: rules } }],
      'it counts from epoch 5 on, but the policy has rules for it only before epoch 4',
    ],
    [
      'end',
      [{ from: '2', until: '8', tasks: { [NEW]: rules } }],
      'it counts from epoch 5 on, but from epoch 8 on the policy has no rules for it',
    ],
    ['are missing', [], 'the policy has no rules for it'],
  ] as const) {
    it(`is refused when its rules ${what}, with the epochs`, async () => {
      const error: unknown = await run(`refused-${what}`, overlays).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(InputError).with.property('code', 'CHANGES_INVALID');
      expect((error as InputError).details).to.include({ path: '/tasks/0/name', reason });
    });
  }

  it('is told by the check of the preset, with the epoch of its rules', async () => {
    const { findings } = checkPreset(await presetText([{ from: '2', until: '8', tasks: { [NEW]: rules } }]));
    const found = findings.filter(({ about }) => about === 'later-tasks').map(({ message }) => message);
    expect(found).to.deep.equal([`Rules stand ready for tasks that governance may add: ${NEW} (epochs 2 to 7).`]);
  });
});
