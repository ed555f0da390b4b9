import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { agreedBlock } from '../../src/chain/agreement.ts';
import { finaliseEpoch, proposeSettlement, readBasis } from '../../src/chain/epoch-steps.ts';
import { moment } from '../../src/chain/moment.ts';
import type { ConfigFile } from '../../src/operator/config.ts';
import { parseConfig } from '../../src/operator/config.ts';
import { configPath, reportPath } from '../../src/operator/data-folder.ts';
import { openJournal } from '../../src/operator/journal.ts';
import { ingestStep } from '../../src/operator/steps/ingest.ts';
import { scoreStep } from '../../src/operator/steps/score.ts';
import { settleStep } from '../../src/operator/steps/settle.ts';
import type { StepContext, StepOutcome } from '../../src/operator/steps/step.ts';
import { parseHash32 } from '../../src/protocol/brands.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import { contentIdOf } from '../../src/settlement/report/content-id.ts';
import { manifestSchema, parseReportFile } from '../../src/settlement/report/report-schema.ts';
import { readReport } from '../../src/store/report-folder.ts';
import type { World } from './world.ts';
import { accountOf, travelTo } from './world.ts';

const TASKS = ['corpus', 'curation', 'translation', 'validation'];

/** A contribution of one of four miners as a line of CSV; its columns are `COLUMNS`. */
export const COLUMNS = 'id,account,time,task,language,units';

/** The data folder of an operator, worked on step by step in this process. */
export class SteppedOperator {
  readonly data: string;
  readonly world: World;
  settings: Omit<ConfigFile, 'format' | 'addresses' | 'rpc'>;

  constructor(data: string, world: World) {
    this.data = data;
    this.world = world;
    this.settings = { ledger: { contributions: ['rows.csv'] } };
  }

  /** Writes the ledger: everything that is known by now. */
  async write(lines: readonly string[], file = 'rows.csv'): Promise<void> {
    await mkdir(this.data, { recursive: true });
    await writeFile(join(this.data, file), `${[COLUMNS, ...lines].join('\n')}\n`);
  }

  /** A line of the ledger: work of the nth miner in an epoch. */
  line(id: string, epoch: number, n = 0, units = 5): string {
    const { start, epochLength } = this.world.parameters.economy;
    const { alice, bob, carol, dave } = this.world.actors;
    const miners = [alice, bob, carol, dave];
    const time = moment(start + epoch * epochLength + (n + 1) * 3_600);
    return `${id},${accountOf(miners[n % 4] ?? alice)},${time},${TASKS[n % 4] ?? ''},en,${units}`;
  }

  /** What a step of an epoch is given now: everything is read at the newest block. */
  async context(epoch: number, dryRun = false): Promise<StepContext> {
    const text = JSON.stringify({
      ...{ format: 'lode-operator-v1', addresses: 'addresses.json', rpc: ['http://127.0.0.1:1'] },
      ...this.settings,
    });
    const endpoints = [{ name: 'node', connection: this.world.chain }];
    return {
      ...{ data: this.data, config: parseConfig(text, configPath(this.data)), epoch, endpoints, dryRun },
      journal: await openJournal(this.data, epoch),
      block: await agreedBlock(endpoints, 0),
      say: () => undefined,
    };
  }

  readonly ingest = async (epoch: number, dryRun = false): Promise<StepOutcome> =>
    await ingestStep(await this.context(epoch, dryRun));

  readonly score = async (epoch: number, { dryRun = false, again = false } = {}): Promise<StepOutcome> =>
    await scoreStep(await this.context(epoch, dryRun), { again });

  readonly settle = async (epoch: number, { dryRun = false, again = false } = {}): Promise<StepOutcome> =>
    await settleStep(await this.context(epoch, dryRun), { again });

  /** Waits until the grace of an epoch is over. */
  async passGrace(epoch: number, seconds = 3_600): Promise<void> {
    const { start, epochLength } = this.world.parameters.economy;
    const until = start + (epoch + 1) * epochLength + seconds;
    if ((await this.world.hardhat.networkHelpers.time.latest()) < until) await travelTo(this.world, until);
  }

  /** Brings the report of an epoch to the chain and makes it final. */
  async makeFinal(epoch: number): Promise<void> {
    const { chain, actors } = this.world;
    const files = await readReport(reportPath(this.data, epoch));
    const { record, settlement } = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
    const reportCid = parseHash32(bytesToHex((await contentIdOf(files)).digest));
    const declared = { ...settlement, reportCid };
    const basis = await readBasis(chain, record);
    const { until } = await proposeSettlement(chain, actors.oscar, { record, settlement: declared, basis });
    await travelTo(this.world, until);
    await finaliseEpoch(chain, actors.alice, { record, settlement: declared });
  }
}
