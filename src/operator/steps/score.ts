import { join } from 'node:path';

import { z } from 'zod';

import { agreed } from '../../chain/agreement.ts';
import { readClosedRecord } from '../../chain/closed-epoch.ts';
import { canonicalBytes } from '../../settlement/report/canonical-json.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import { presetFile } from '../../store/preset-file.ts';
import { engineOf } from '../../store/engine-setting.ts';
import { scoreCuts } from '../../store/recompute-from-cuts.ts';
import { hashFile, hashIfThere, keepInput } from '../../store/replay-inputs.ts';
import { syncFolders } from '../../store/report-folder.ts';
import { writeWhole } from '../../store/write-whole.ts';
import { epochPath, inputsPath, scoresPath } from '../data-folder.ts';
import { sameHashes } from '../journal.ts';
import type { OwnCuts } from '../ledger/cuts-source.ts';
import { readOwnCuts } from '../ledger/cuts-source.ts';
import { scoresBytes } from '../scores-file.ts';
import { protocolContracts } from './ingest.ts';
import type { Facts, StepContext, StepOutcome } from './step.ts';

const OUTPUT = 'scores.json';

/** A day on which everybody worked and nobody earns is more likely a wrong file or a wrong mapping than the truth. */
const NOBODY = 'this epoch has rows, and nobody scores: see its rejects, and `lode score` with the same files';

/** What the score step is given beside what every step is. */
export interface ScoreOptions {
  /** Scores by the settings of now, also where the epoch is settled. */
  readonly again?: boolean;
}

/** By what an epoch is scored: files, by their paths, and settings. */
interface Rules {
  readonly preset: string;
  readonly changes: string | null;
  readonly variant: string | null;
  readonly map: Readonly<Record<string, string>>;
  readonly explanations: boolean;
}

/**
 * Scores an epoch from the cuts of the epochs up to it, by the preset and the changes of the settings, which are kept by their
 * hashes. It waits for the cut and for the record with which the chain closed the epoch. Once the epoch is settled, what the
 * settings say is for later epochs: a policy that was voted for since does not move what is being proposed.
 *
 * @throws {MissingError} `PRESET_UNKNOWN`
 * @throws {InputError} `POLICY_DIFFERS`, `PRESET_DIFFERS`, `TASK_UNKNOWN`, or what preset and changes are refused for
 * @throws {RefusedError} `CUT_DAMAGED`
 */
export async function scoreStep(context: StepContext, { again = false }: ScoreOptions = {}): Promise<StepOutcome> {
  const { data, epoch, journal, endpoints, block, dryRun } = context;
  const own = await readOwnCuts(data, epoch);
  if (own === null) return { state: 'waiting', reason: `epoch ${epoch} is not cut`, facts: {} };
  const closed = await agreed(endpoints, `the record of epoch ${epoch}`, (connection) =>
    readClosedRecord(connection, epoch, block.number),
  );
  if (closed === null) return { state: 'waiting', reason: `epoch ${epoch} is not closed`, facts: {} };
  const rules = (again ? null : settledBy(context)) ?? (await rulesOf(context));
  const { variant, map, explanations } = rules;
  const inputs = {
    ...{ cuts: own.hash, preset: await hashFile(rules.preset), record: closed.recordHash },
    ...(rules.changes === null ? {} : { changes: await hashFile(rules.changes) }),
    rules: sha256Hex(canonicalBytes({ variant, map, ...(explanations ? { explanations } : {}) })),
  };
  const done = journal.last('score', 'done');
  if (
    done !== null &&
    sameHashes(done.inputs, inputs) &&
    done.outputs[OUTPUT] === (await hashIfThere(scoresPath(data, epoch)))
  ) {
    return { state: 'skipped', facts: done.facts };
  }
  if (!dryRun) await journal.begin('score', inputs);
  // Scored by the copies: nobody can change those between the scoring and the publishing.
  const kept = dryRun ? null : await keptInputs(data, rules);
  const source = {
    ...{ cuts: own.cuts, areDisjoint: true, variant, map, explanations, contracts: [...protocolContracts(context)] },
    preset: kept === null ? rules.preset : join(inputsPath(data), kept.preset),
    changes: kept === null ? rules.changes : kept.changes === null ? null : join(inputsPath(data), kept.changes),
  };
  const engine = await engineOf(context.config.engine);
  const scored = await scoreCuts({ ...source, engine }, closed.record);
  const facts: Facts = {
    ...{ accounts: new Set(scored.scores.map(({ account }) => account)).size, scores: scored.scores.length },
    ...{ rejects: scored.rejects.length, ineligible: scored.ineligible?.length ?? 0 },
    ...{ preset: kept?.preset ?? null, changes: kept?.changes ?? null, variant, map: JSON.stringify(map) },
    ...(explanations ? { explained: scored.explanations?.accounts.length ?? null } : {}),
    ...(scored.scores.length === 0 && hasRows(own, epoch) ? { warning: NOBODY } : {}),
  };
  if (kept === null) return { state: 'done', facts };
  const bytes = scoresBytes({ ...scored, ...kept, variant, map });
  await writeWhole(scoresPath(data, epoch), bytes);
  await syncFolders(epochPath(data, epoch));
  await journal.finish('score', { inputs, outputs: { [OUTPUT]: sha256Hex(bytes) }, facts });
  return { state: 'done', facts };
}

/** By which preset, variant and changes an operator scores: those of the settings, else those that the address book names. */
async function rulesOf({ data, config, endpoints }: StepContext): Promise<Rules> {
  const { preset } = endpoints[0]?.connection.addressBook ?? {};
  return {
    preset: await presetFile(config.preset ?? preset?.name ?? '', data),
    variant: config.variant ?? (config.preset === null ? (preset?.variant ?? null) : null),
    ...{ changes: config.changes, map: config.ledger.map, explanations: config.explanations },
  };
}

/** By what an epoch was scored that is settled: the files that were kept; null where it is not settled. */
function settledBy({ data, journal }: StepContext): Rules | null {
  if (journal.last('settle', 'done') === null) return null;
  const { preset, changes, variant, map, explained } = journal.last('score', 'done')?.facts ?? {};
  if (typeof preset !== 'string' || typeof map !== 'string') return null;
  return {
    preset: join(inputsPath(data), preset),
    changes: typeof changes === 'string' ? join(inputsPath(data), changes) : null,
    variant: typeof variant === 'string' ? variant : null,
    map: z.record(z.string(), z.string()).parse(JSON.parse(map)),
    explanations: explained !== undefined,
  };
}

async function keptInputs(data: string, rules: { readonly preset: string; readonly changes: string | null }) {
  const folder = inputsPath(data);
  const preset = await keepInput(rules.preset, folder, 'jsonc');
  const changes = rules.changes === null ? null : await keepInput(rules.changes, folder, 'json');
  await syncFolders(folder);
  return { preset, changes };
}

function hasRows({ cuts }: OwnCuts, epoch: number): boolean {
  return cuts.some(({ epoch: of, role }) => of === epoch && role === 'contributions');
}
