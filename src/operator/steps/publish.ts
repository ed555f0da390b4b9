import { join } from 'node:path';

import { sha256Hex } from '../../settlement/report/sha256.ts';
import { hashIfThere } from '../../store/replay-inputs.ts';
import { reportPath } from '../data-folder.ts';
import type { OperatorConfig } from '../operator-config.ts';
import { readPublication } from '../publish/publication.ts';
import { publishToAll } from '../publish/publish-to-all.ts';
import type { PublishLimits } from '../publish/target.ts';
import { MANIFEST } from '../publish/target.ts';
import { targetName, targetsOf } from '../publish/targets.ts';
import { assertSettledReport } from '../whole-report.ts';
import type { EpochJournal, Facts, Hashes, StepContext, StepOutcome } from './step.ts';

/** The report that a line of the journal is about: its manifest names every other file by its hash. */
const REPORT = 'report/manifest.json';

/** What of a step's context publishing needs: no chain. */
export type PublishContext = Pick<StepContext, 'data' | 'config' | 'epoch' | 'journal' | 'dryRun' | 'say'>;

/** What the publish step is given beside what every step is. */
export interface PublishOptions {
  /** Asks every target again, also those that the journal says hold it. */
  readonly again?: boolean;
  /** How long a target is waited for. */
  readonly limits?: PublishLimits;
}

/**
 * Publishes an epoch's report and inputs to every target of the settings and reads them back. Each target that confirms is
 * written into the journal; the step is done when all of them have.
 *
 * @throws {MissingError} `REPORT_MISSING`, `INPUT_MISSING`
 * @throws {RetryableError} `TARGET_UNAVAILABLE`, `TARGET_UNCONFIRMED`, `PUBLISH_INCOMPLETE`
 * @throws {RefusedError} `TARGET_REFUSED`, `TARGET_DIFFERS`, `REPORT_CHANGED`, `INPUT_CHANGED`, `PUBLISH_INCOMPLETE`
 */
export async function publishStep(
  context: PublishContext,
  { again = false, limits }: PublishOptions = {},
): Promise<StepOutcome> {
  const { data, config, epoch, journal, dryRun, say } = context;
  const manifest = await manifestHash(data, epoch);
  const done = journal.last('publish', 'done');
  if (!again && done !== null && isOf(done.inputs, manifest) && missingTargets(config, done.outputs).length === 0) {
    return { state: 'skipped', facts: done.facts };
  }
  const publication = await readPublication(data, epoch);
  const { cid, report, inputs } = publication;
  assertSettledReport(epoch, journal.last('settle', 'done')?.facts['cid'], cid);
  const held = again ? {} : heldBy(journal, config, manifest);
  const wanted = config.publish.targets.filter((target) => !Object.hasOwn(held, targetName(target)));
  const given = { cid, targets: config.publish.targets.length };
  if (dryRun) {
    const bytes = [...report.values(), ...inputs].reduce(
      (sum, file) => sum + ('length' in file ? file.length : file.bytes),
      0,
    );
    const facts = { ...given, files: report.size + inputs.length, bytes, missing: wanted.map(targetName).join(' ') };
    return { state: 'done', facts };
  }
  const own = { [REPORT]: manifest ?? sha256Hex(report.get(MANIFEST) ?? new Uint8Array()) };
  const confirmed: Record<string, string> = { ...held };
  const begin = (): Promise<void> => journal.begin('publish', { ...own, ...confirmed }, given);
  await begin();
  const results = await publishToAll(await targetsOf(wanted, limits), publication, async (result) => {
    say({ event: 'published', epoch, cid, ...result });
    if (result.state !== 'confirmed') return;
    confirmed[result.target] = cid;
    await begin();
  });
  const sum = (of: 'sent' | 'kept' | 'bytes'): number =>
    results.reduce((total, result) => total + (result.state === 'confirmed' ? result[of] : 0), 0);
  const facts: Facts = { ...given, sent: sum('sent'), kept: sum('kept'), bytes: sum('bytes') };
  await journal.finish('publish', { inputs: own, outputs: confirmed, facts });
  return { state: 'done', facts };
}

/**
 * The targets of the settings that have not confirmed the report which stands in the data folder, by the journal: nothing is
 * proposed before this is empty.
 */
export async function unpublishedTargets(
  data: string,
  epoch: number,
  config: OperatorConfig,
  journal: Pick<EpochJournal, 'last'>,
): Promise<string[]> {
  const done = journal.last('publish', 'done');
  const names = config.publish.targets.map(targetName);
  if (done === null) return names;
  return isOf(done.inputs, await manifestHash(data, epoch)) ? missingTargets(config, done.outputs) : names;
}

function missingTargets({ publish }: OperatorConfig, outputs: Hashes): string[] {
  return publish.targets.map(targetName).filter((name) => !Object.hasOwn(outputs, name));
}

/** Whether a line is about the report that stands in the data folder; one that was removed since was the same. */
function isOf(inputs: Hashes, manifest: string | null): boolean {
  return manifest === null || inputs[REPORT] === manifest;
}

/** Which targets confirmed this very report, in an attempt that was not finished or before others were added. */
function heldBy(journal: EpochJournal, config: OperatorConfig, manifest: string | null): Hashes {
  const [begun, done] = [journal.last('publish', 'begun'), journal.last('publish', 'done')];
  const newest: Hashes = {
    ...(done !== null && isOf(done.inputs, manifest) ? done.outputs : {}),
    ...(begun !== null && isOf(begun.inputs, manifest) ? begun.inputs : {}),
  };
  const names = new Set(config.publish.targets.map(targetName));
  return Object.fromEntries(Object.entries(newest).filter(([name]) => names.has(name)));
}

async function manifestHash(data: string, epoch: number): Promise<string | null> {
  return await hashIfThere(join(reportPath(data, epoch), MANIFEST));
}
