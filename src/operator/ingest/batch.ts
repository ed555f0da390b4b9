import { recoverAddress, TypedDataEncoder } from 'ethers';
import { z } from 'zod';

import { keccak256 } from '../../protocol/keccak.ts';
import { bytesToHex, hexToBytes } from '../../protocol/words.ts';
import type { Hex } from '../../protocol/words.ts';
import { tooDeepAt } from '../../settlement/json-depth.ts';
import { buildPlainLedger } from '../../settlement/ledger/plain-ledger.ts';
import { readNdjson } from '../../settlement/ledger/read-ndjson.ts';
import { RequestFault } from './request-fault.ts';
import type { IngestDomain } from './segment-format.ts';

/** What EIP-712 signs: the rows as they stand, so that what is stored is what was signed, to the byte. */
export const BATCH_TYPES = {
  Batch: [
    { name: 'recorder', type: 'address' },
    { name: 'sequence', type: 'uint64' },
    { name: 'rows', type: 'string[]' },
  ],
};

/** The domain of EIP-712: a batch that was signed for another chain or deployment is nothing here. */
export function typedDataDomain({ chainId, distributor }: IngestDomain) {
  return { name: 'Lode ingest', version: '1', chainId, verifyingContract: distributor };
}

/** What is signed of a batch. */
export interface Batch {
  /** In small letters. */
  readonly recorder: string;
  /** From 0 to 2^53 - 1; higher than that of the recorder's batch before. */
  readonly sequence: number;
  /** Each a contribution as a line of NDJSON. */
  readonly rows: readonly string[];
}

/** A batch, its signature, and what was signed: `digest` names the batch. */
export interface SignedBatch extends Batch {
  readonly signature: string;
  readonly digest: Hex;
}

const encoder = new TextEncoder();
const word = (hex: string) => hexToBytes(`0x${hex.padStart(64, '0')}`);
const TYPE = keccak256(encoder.encode('Batch(address recorder,uint64 sequence,string[] rows)'));

/** Makes the hash that a batch's signature is over (EIP-712), for batches of one domain. */
export function digestsIn(domain: IngestDomain): (batch: Batch) => Hex {
  const separator = hexToBytes(TypedDataEncoder.hashDomain(typedDataDomain(domain)));
  return ({ recorder, sequence, rows }) => {
    const rowHashes = keccak256(joined(rows.map((row) => keccak256(encoder.encode(row)))));
    const message = [TYPE, word(recorder.slice(2)), word(sequence.toString(16)), rowHashes];
    return bytesToHex(keccak256(joined([Uint8Array.of(0x19, 0x01), separator, keccak256(joined(message))])));
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** What a batch is held to. */
export interface BatchRules {
  readonly domain: IngestDomain;
  /** Who may send, in small letters. */
  readonly recorders: ReadonlySet<string>;
  /** Addresses in small letters that can never earn: the deployment's own contracts. */
  readonly forbidden: ReadonlySet<string>;
  readonly maxRows: number;
}

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'not 0x and 40 hexadecimal digits')
  .transform((text) => text.toLowerCase());

const bodySchema = z.strictObject({
  chainId: z.int().positive(),
  distributor: address,
  recorder: address,
  sequence: z.int().nonnegative(),
  rows: z.array(z.string()),
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/, 'not 0x and 130 hexadecimal digits: r, s and v'),
});

/** A batch as it is sent. */
export type BatchBody = z.input<typeof bodySchema>;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the body of a request and holds it against the rules, the cheap ones first, and its rows against the ledger's own parser.
 * Whether its sequence can be taken is not looked at.
 *
 * @throws {RequestFault} with the status and the code of the answer
 */
export function readBatch(bytes: Uint8Array, rules: BatchRules, digestOf: (batch: Batch) => Hex): SignedBatch {
  const body = parsedBody(bytes);
  const { domain, recorders, maxRows } = rules;
  if (body.chainId !== domain.chainId) {
    throw new RequestFault(400, 'CHAIN_DIFFERS', {
      message: `the batch is for chain ${body.chainId}, this endpoint for chain ${domain.chainId}`,
      next: 'sign and send it for the chain of this endpoint, or send it to that of the other chain',
    });
  }
  if (body.distributor !== domain.distributor) {
    throw new RequestFault(400, 'DISTRIBUTOR_DIFFERS', {
      message: `the batch is for the distributor ${body.distributor}, this endpoint for ${domain.distributor}`,
      next: 'sign and send it for the deployment of this endpoint',
    });
  }
  const { recorder, sequence, rows, signature } = body;
  if (!recorders.has(recorder)) {
    throw new RequestFault(403, 'RECORDER_UNKNOWN', {
      message: `${recorder} is not registered here`,
      next: 'ask the operator to name the address among `ingest.recorders` of the configuration',
    });
  }
  if (rows.length === 0 || rows.length > maxRows) {
    throw new RequestFault(400, 'ROWS_COUNT', {
      message: `the batch has ${rows.length} rows; 1 to ${maxRows} are taken at once`,
      next: 'send the rows in batches of that size',
    });
  }
  assertRows(rows, rules);
  const batch = { recorder, sequence, rows };
  const digest = digestOf(batch);
  assertSigned(digest, signature, recorder, domain);
  return { ...batch, signature, digest };
}

function parsedBody(bytes: Uint8Array) {
  let data: unknown;
  try {
    const text = strict.decode(bytes);
    if (tooDeepAt(text) >= 0) throw bodyInvalid('it has too many brackets inside each other');
    data = JSON.parse(text);
  } catch (error) {
    if (error instanceof RequestFault) throw error;
    throw bodyInvalid(error instanceof SyntaxError ? 'it is not JSON' : 'it is not UTF-8');
  }
  const result = bodySchema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw bodyInvalid(`${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'is wrong'}`);
}

function bodyInvalid(what: string): RequestFault {
  return new RequestFault(400, 'BODY_INVALID', {
    message: `the body is not a batch: ${what}`,
    next: 'send one JSON object with chainId, distributor, recorder, sequence, rows and signature',
  });
}

/** The first row that cannot be used refuses the batch: half a batch would be one that nobody signed. */
function assertRows(rows: readonly string[], { forbidden }: BatchRules): void {
  const broken = rows.findIndex((text) => !/^\{.*\}$/u.test(text) || /[\p{Cc}\p{Cs}]/u.test(text));
  if (broken >= 0) throw rowInvalid(broken + 1, 'json', 'json: a row is one JSON object on one line, from { to }');
  const raw = readNdjson(rows.map((text, index) => ({ line: index + 1, text })));
  const { rejects } = buildPlainLedger({ contributions: [{ file: 'row', rows: raw }] }, forbidden);
  const [first] = rejects;
  if (first !== undefined) throw rowInvalid(first.line, first.code, first.reason);
}

function rowInvalid(row: number, code: string, reason: string): RequestFault {
  return new RequestFault(400, 'ROW_INVALID', {
    message: `row ${row} cannot be used: ${reason}`,
    details: { row, reason: code },
    next: 'correct or leave out the row, sign the batch anew and send it; nothing of it was taken',
  });
}

function assertSigned(digest: Hex, signature: string, recorder: string, domain: IngestDomain): void {
  let signer = 'nobody';
  try {
    signer = recoverAddress(digest, signature).toLowerCase();
  } catch {
    // A signature that leads to no key at all.
  }
  if (signer === recorder) return;
  throw new RequestFault(401, 'SIGNATURE_INVALID', {
    message: `the signature is not that of ${recorder} over this batch for chain ${domain.chainId} and ${domain.distributor}`,
    next: 'sign recorder, sequence and rows just as they are sent, by EIP-712, for the domain of this endpoint (GET /v1)',
  });
}
