import { z } from 'zod';

import { canonicalBytes } from './canonical-json.ts';
import { count, count32, list, sha256 } from './report-fields.ts';

export const INPUTS_FORMAT = 'lode-inputs-v1';
/** The file of a report that names them. */
export const INPUTS_FILE = 'inputs.json';

const input = z.strictObject({
  role: z.string().regex(/^[a-z]{1,32}(-[0-9]{1,6})?$/, 'not the role of an input'),
  name: z.string().min(1).max(255),
  sha256,
  /** Its size. */
  bytes: count,
  /** Its content id as a file by itself. */
  cid: z.string().regex(/^bafy?[a-z2-7]{50,60}$/, 'not a content id'),
});

/** `inputs.json`: the inputs that are new in this epoch, each as it is found by its hash or by its content id. */
export const inputsSchema = z.strictObject({
  format: z.literal(INPUTS_FORMAT),
  epoch: count32,
  /** Which variant of the preset it is; null: none. */
  variant: z.string().max(100).nullable(),
  /** Task names of the ledger that count for another task than the preset says, or that it does not know. */
  map: z.record(z.string().max(100), z.string().max(100)),
  inputs: list(input, 10_000),
});

export type InputsFile = z.output<typeof inputsSchema>;

/** The bytes of `inputs.json`. */
export function inputsBytes(epoch: number, { variant, map, inputs }: Omit<InputsFile, 'format' | 'epoch'>): Uint8Array {
  return canonicalBytes({ format: INPUTS_FORMAT, epoch, variant, map, inputs: inputs.map((one) => ({ ...one })) });
}

/** One input of an epoch as its report names it. */
export type ReportInput = z.output<typeof input>;

/**
 * What an input is called where it is published, below `inputs/`: its hash, and the ending of its name, which tells the format.
 *
 * @example
 * inputFileName({ sha256: '9f…', name: 'contributions.ndjson' }) // '9f….ndjson'
 */
export function inputFileName({ sha256: hash, name }: Pick<ReportInput, 'sha256' | 'name'>): string {
  return `${hash}.${endingOf(name, 'bin')}`;
}

/** The ending of a file's name, `.gz` included; `fallback` where it has none that tells a format. */
export function endingOf(name: string, fallback: string): string {
  return /\.([a-z]{1,8}(?:\.gz)?)$/.exec(name.toLowerCase())?.[1] ?? fallback;
}
