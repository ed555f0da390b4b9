import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { parseHash32 } from '../../src/protocol/brands.ts';
import type { EpochRecord } from '../../src/protocol/epoch-record.ts';
import { loadState } from '../../src/settlement/report/load-state.ts';
import { manifestSchema, parseReportFile } from '../../src/settlement/report/report-schema.ts';
import type { State } from '../../src/settlement/state.ts';
import { GENESIS } from '../../src/settlement/state.ts';
import { epochFolder } from '../../src/store/epoch-folder.ts';
import type { LedgerSource } from '../../src/store/recompute-epoch.ts';
import { recomputeEpoch } from '../../src/store/recompute-epoch.ts';
import { readReport } from '../../src/store/report-folder.ts';
import { expectCode } from '../support/expect-code.ts';
import { PRESET, runSmallReplay } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('recomputeEpoch', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let source: LedgerSource;
  const records: EpochRecord[] = [];
  const states: State[] = [GENESIS];

  before(async () => {
    const { folder: out } = await runSmallReplay(folder.path('.'));
    for (let epoch = 0; epoch < 9; epoch++) {
      const files = await readReport(join(out, epochFolder(epoch)));
      records.push(parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json')).record);
      states.push(loadState(files));
    }
    source = {
      ...{ preset: PRESET, variant: 'demo', accounts: [], map: {}, anyRejects: false },
      contributions: [folder.path('ledger.csv')],
      usage: [folder.path('usage.csv')],
    };
  });

  it('gives each epoch of a replay from the state before it alone', async () => {
    for (const [epoch, record] of records.entries()) {
      const { settled, taskNames } = await recomputeEpoch(source, record, states[epoch]!);
      expect(settled.next.root, `epoch ${epoch}`).to.equal(states[epoch + 1]!.root);
      expect(settled.next.totalCurve).to.deep.equal(states[epoch + 1]!.totalCurve);
      expect([...taskNames.keys()]).to.include.members([...record.tasks]);
    }
  });

  it('takes weights, caps and prices from the record, and scores only the tasks that it names', async () => {
    const [, record] = records as [EpochRecord, EpochRecord];
    const [first = 0] = record.tasks;
    const narrow = { ...record, tasks: [first], weights: [10n ** 18n], minScores: [record.minScores[0] ?? 1n] };
    const { settled } = await recomputeEpoch(source, narrow, states[1]!);
    expect(settled.settlement.scoreTotals.length).to.equal(1);
    expect(settled.settlement.scoreTotals[0]! > 0n).to.equal(true);
  });

  it('says what it lacks: the policy of the record, a task of it, the preset of these epochs', async () => {
    const [, record] = records as [EpochRecord, EpochRecord];
    const other = { ...record, policyHash: parseHash32(`0x${'77'.repeat(32)}`) };
    await expectCode(recomputeEpoch(source, other, states[1]!), 'POLICY_DIFFERS');
    const more = { ...record, tasks: [...record.tasks, 4711] };
    await expectCode(recomputeEpoch(source, more, states[1]!), 'TASK_UNKNOWN');
    const longer = { ...record, epoch: 0, start: record.start - 86_400 };
    await expectCode(recomputeEpoch(source, longer, states[1]!), 'PRESET_DIFFERS');
    await writeFile(folder.path('broken.csv'), 'id,account,time,task,units\n1,x,y,z,0\n2,x,y,z,0\n');
    const broken = { ...source, contributions: [folder.path('broken.csv')] };
    await expectCode(recomputeEpoch(broken, record, states[1]!), 'LEDGER_REJECTS');
  });
});
