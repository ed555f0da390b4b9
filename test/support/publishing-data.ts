import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { inputsPath, ledgerPath, reportPath } from '../../src/operator/data-folder.ts';
import type { OperatorConfig, PublishTarget } from '../../src/operator/operator-config.ts';
import { parseConfig } from '../../src/operator/config.ts';
import { openJournal } from '../../src/operator/journal.ts';
import type { StepContext, StepEvent } from '../../src/operator/steps/step.ts';
import { canonicalBytes } from '../../src/settlement/report/canonical-json.ts';
import { fileContentIdOf } from '../../src/settlement/report/content-id.ts';
import type { ReportInput } from '../../src/settlement/report/inputs-file.ts';
import { inputFileName, INPUTS_FILE, INPUTS_FORMAT } from '../../src/settlement/report/inputs-file.ts';
import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import { readReport } from '../../src/store/report-folder.ts';
import { OLD_REPORTS } from './publication.ts';

const encoder = new TextEncoder();
/** What an epoch was computed from: the rows that it added, and the preset. */
const INPUTS = [
  { role: 'contributions', name: 'contributions.ndjson', content: encoder.encode('{"id":"1"}\n{"id":"2"}\n') },
  { role: 'usage', name: 'usage.ndjson', content: new Uint8Array() },
  { role: 'preset', name: 'langx.json', content: encoder.encode('{"format":"lode-preset-v1"}\n') },
] as const;

/** Puts an old report into a data folder as the settle step leaves one, its inputs beside it; a mistake can be made on purpose. */
export async function settledEpoch(
  data: string,
  epoch: number,
  mistake: (input: ReportInput) => ReportInput = (input) => input,
): Promise<void> {
  const folder = reportPath(data, epoch);
  const report = new Map(await readReport(join(OLD_REPORTS, epoch.toString().padStart(6, '0'))));
  const inputs: ReportInput[] = [];
  for (const { role, name, content } of INPUTS) {
    const [sha256, { cid }] = [sha256Hex(content), await fileContentIdOf(content)];
    inputs.push(mistake({ role, name, sha256, bytes: content.length, cid }));
    const at = role === 'preset' ? inputsPath(data) : ledgerPath(data, epoch);
    await mkdir(at, { recursive: true });
    await writeFile(join(at, role === 'preset' ? inputFileName({ sha256, name }) : name), content);
  }
  const named = canonicalBytes({
    ...{ format: INPUTS_FORMAT, epoch, variant: null, map: {} },
    inputs: inputs.map((input) => ({ ...input })),
  });
  report.set(INPUTS_FILE, named);
  const manifest = JSON.parse(new TextDecoder().decode(report.get('manifest.json'))) as { files: object };
  manifest.files = { ...manifest.files, [INPUTS_FILE]: sha256Hex(named) };
  report.set('manifest.json', encoder.encode(JSON.stringify(manifest)));
  for (const [path, bytes] of report) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** Settings with these targets. */
export function configWith(
  data: string,
  targets: readonly PublishTarget[],
  keepEpochs: number | null = null,
): OperatorConfig {
  const file = {
    format: 'lode-operator-v1',
    addresses: 'addresses.json',
    rpc: ['http://127.0.0.1:8545'],
    ledger: { contributions: ['contributions.csv'] },
    publish: { targets, keepEpochs },
  };
  return parseConfig(JSON.stringify(file), join(data, 'lode.config.json'));
}

/** What the publish step is given; it looks at no chain. */
export async function publishingContext(
  data: string,
  epoch: number,
  config: OperatorConfig,
): Promise<StepContext & { readonly events: StepEvent[] }> {
  const events: StepEvent[] = [];
  const block = { number: 0, hash: `0x${'00'.repeat(32)}`, timestamp: 0 };
  return {
    ...{ data, config, epoch, journal: await openJournal(data, epoch), endpoints: [] },
    ...{ block: block as unknown as StepContext['block'], dryRun: false, events },
    say: (event) => events.push(event),
  };
}
