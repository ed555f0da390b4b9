import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { z } from 'zod';

import type { Address } from '../protocol/brands.ts';
import { parseAddress } from '../protocol/brands.ts';
import { InputError, MissingError } from '../protocol/errors.ts';
import { DEFAULT_ENGINE, ENGINE_FORM, parseEngine } from '../store/engine-setting.ts';
import type { EngineSetting } from '../store/engine-setting.ts';
import { ifThere } from '../store/if-there.ts';
import { isPresetName } from '../store/preset-file.ts';
import { configPath } from './data-folder.ts';
import type { OperatorConfig } from './operator-config.ts';

export const CONFIG_FORMAT = 'lode-operator-v1';

const text = (expected: string) => z.string({ error: expected }).min(1, expected);
const whole = (least: number, most: number) => {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int({ error: expected }).min(least, expected).max(most, expected);
};
const yesOrNo = z.boolean({ error: 'true or false' });
const listOf = <T extends z.ZodType>(entry: T, expected: string) => z.array(entry, { error: expected });

const file = text('the path of a file');
const files = listOf(file, 'a list of paths');
const webAddress = z
  .string({ error: 'an address (http:// or https://)' })
  .refine(
    (given) => URL.canParse(given) && ['http:', 'https:'].includes(new URL(given).protocol),
    'an address (http:// or https://)',
  );

const recorder = z.string({ error: 'an address (0x…)' }).transform((given, context): Address => {
  try {
    return parseAddress(given);
  } catch {
    context.addIssue({ code: 'custom', message: 'an address (0x and 40 hexadecimal digits)', input: given });
    return z.NEVER;
  }
});

const engine = z.string({ error: ENGINE_FORM }).transform((given, context): EngineSetting => {
  try {
    return parseEngine(given);
  } catch {
    context.addIssue({ code: 'custom', message: ENGINE_FORM, input: given });
    return z.NEVER;
  }
});

const finality = z.union(
  [z.strictObject({ confirmations: whole(0, 10_000) }), z.literal('finalized')],
  '"finalized", or {"confirmations": a whole number from 0 to 10000}',
);

const target = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('directory'), path: text('the path of a folder') }),
    z.strictObject({ kind: z.literal('http'), url: webAddress, headersFile: file.optional() }),
    z.strictObject({ kind: z.literal('ipfs'), api: webAddress }),
  ],
  'a target of the kind directory, http or ipfs',
);

const served = { host: text('a host to listen on, such as 127.0.0.1'), port: whole(0, 65_535) };

const ledger = z.strictObject(
  {
    contributions: files.default([]),
    usage: files.default([]),
    accounts: files.default([]),
    dropFolder: text('the path of a folder, or null').nullable().default(null),
    map: z.record(z.string(), z.string(), { error: 'tasks of the ledger with tasks of the preset' }).default({}),
    lateRows: z.enum(['reject', 'next'], { error: '"reject" or "next"' }).default('reject'),
    graceSeconds: whole(0, 31_536_000).default(3600),
    anyRejects: yesOrNo.default(false),
  },
  { error: 'where the rows come from' },
);

const ingest = z.strictObject({
  host: served.host.default('127.0.0.1'),
  port: served.port.default(8787),
  recorders: listOf(recorder, 'a list of addresses').min(1, 'at least one address that may send rows'),
  maxBatchRows: whole(1, 20).default(20),
  maxBodyBytes: whole(1_024, 16_777_216).default(65_536),
  rowsPerSecond: whole(1, 1_000_000).default(4_000),
  maxWaiting: whole(1, 1_000_000).default(1_000),
});

const keeper = z.strictObject({
  pollSeconds: z
    .number({ error: 'seconds from 0.05 to 86400' })
    .min(0.05, 'seconds from 0.05 to 86400')
    .max(86_400, 'seconds from 0.05 to 86400')
    .default(12),
  metrics: z.strictObject(served).nullable().default(null),
  maxFeePerGas: z
    .string({ error: 'wei as decimal digits in quotes, or null' })
    .regex(/^[1-9][0-9]{0,29}$/, 'wei as decimal digits in quotes, or null')
    .transform(BigInt)
    .nullable()
    .default(null),
  withdrawBonds: yesOrNo.default(true),
});

/** `lode.config.json`. What is left out has the value that `lode init` would write. */
export const configSchema = z
  .strictObject({
    format: z.literal(CONFIG_FORMAT, `"${CONFIG_FORMAT}"`),
    addresses: file,
    rpc: listOf(webAddress, 'a list of addresses of nodes')
      .min(1, 'at least one node')
      .refine((urls) => new Set(urls).size === urls.length, 'nodes that differ: one agrees with itself'),
    finality: finality.default({ confirmations: 6 }),
    preset: text('the name or the file of a preset, or null').nullable().default(null),
    variant: text('the name of a variant, or null').nullable().default(null),
    changes: text('the path of a file of changes, or null').nullable().default(null),
    explanations: yesOrNo.default(false),
    engine: engine.default(DEFAULT_ENGINE),
    ledger,
    ingest: ingest.nullable().default(null),
    publish: z
      .strictObject({
        targets: listOf(target, 'a list of targets').default([]),
        keepEpochs: whole(1, 1_000_000).nullable().default(null),
      })
      .default({ targets: [], keepEpochs: null }),
    signer: z
      .strictObject({ keystore: file, passwordFile: file.nullable().default(null) })
      .nullable()
      .default(null),
    keeper: keeper.prefault({}),
  })
  .superRefine(({ ledger: { contributions, dropFolder }, ingest: endpoint }, context) => {
    if (contributions.length > 0 || dropFolder !== null || endpoint !== null) return;
    const message = 'at least one file, a drop folder, or an ingest endpoint: else nobody can earn';
    context.addIssue({ code: 'custom', path: ['ledger', 'contributions'], message, input: contributions });
  });

/** The settings as they stand in the file. */
export type ConfigFile = z.input<typeof configSchema>;

/**
 * Reads the settings of a data folder; every path in them is made absolute, from the folder that holds the file.
 *
 * @throws {MissingError} `CONFIG_MISSING`
 * @throws {InputError} `CONFIG_INVALID` with the field, what stands there, and what is expected
 */
export async function readConfig(data: string): Promise<OperatorConfig> {
  const path = configPath(data);
  const content = await ifThere(readFile(path, 'utf8'));
  if (content !== null) return parseConfig(content, path);
  throw new MissingError({
    code: 'CONFIG_MISSING',
    shortMessage: `there is no ${path}`,
    details: { path, next: 'make it with `lode init`, or name the data folder with --data' },
  });
}

/**
 * Reads settings from the text of the file at `path`.
 *
 * @throws {InputError} `CONFIG_INVALID`
 */
export function parseConfig(content: string, path: string): OperatorConfig {
  let given: unknown;
  try {
    given = JSON.parse(content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 200) : '';
    throw invalid(path, { field: '', given: reason, expected: 'JSON' });
  }
  const result = configSchema.safeParse(given, {
    error: (issue) => (issue.code === 'invalid_type' ? `of the type ${issue.expected}` : undefined),
  });
  if (!result.success) {
    const [issue] = result.error.issues;
    const steps = issue === undefined ? [] : [...issue.path];
    const strange = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    if (strange !== undefined) steps.push(strange);
    throw invalid(path, {
      field: steps.map(String).join('.'),
      given: shown(steps.map(String), valueAt(given, steps)),
      expected: strange === undefined ? (issue?.message ?? '') : 'no such field',
    });
  }
  return absolute(result.data, dirname(resolve(path)));
}

function absolute(config: z.output<typeof configSchema>, folder: string): OperatorConfig {
  const { addresses, rpc, finality: final, preset, variant, changes, explanations, signer, publish } = config;
  const at = (path: string) => resolve(folder, path);
  const orNull = (path: string | null) => (path === null ? null : at(path));
  return {
    ...{ addresses: at(addresses), rpc, finality: final, variant, changes: orNull(changes), explanations },
    engine: config.engine,
    preset: preset === null || isPresetName(preset) ? preset : at(preset),
    ledger: {
      ...config.ledger,
      contributions: config.ledger.contributions.map(at),
      usage: config.ledger.usage.map(at),
      accounts: config.ledger.accounts.map(at),
      dropFolder: orNull(config.ledger.dropFolder),
    },
    ingest: config.ingest,
    publish: {
      keepEpochs: publish.keepEpochs,
      targets: publish.targets.map((one) => {
        if (one.kind === 'directory') return { ...one, path: at(one.path) };
        if (one.kind === 'ipfs') return one;
        return { ...one, headersFile: one.headersFile === undefined ? undefined : at(one.headersFile) };
      }),
    },
    signer: signer === null ? null : { keystore: at(signer.keystore), passwordFile: orNull(signer.passwordFile) },
    keeper: config.keeper,
  };
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    given,
  );
}

/** The addresses of nodes, targets and engines can hold a key: those are not quoted. */
function shown(field: readonly string[], value: unknown): string {
  if (value === undefined) return 'nothing';
  if (['rpc', 'targets', 'engine'].some((name) => field.includes(name)))
    return Array.isArray(value) ? 'a list' : typeof value;
  const written = JSON.stringify(value);
  return written.length > 100 ? `${written.slice(0, 100)}…` : written;
}

function invalid(
  path: string,
  fault: { readonly field: string; readonly given: string; readonly expected: string },
): InputError {
  const { field, expected } = fault;
  return new InputError({
    code: 'CONFIG_INVALID',
    shortMessage: field === '' ? `${path} has to be ${expected}` : `${path}: ${field} has to be ${expected}`,
    details: { path, ...fault },
  });
}
