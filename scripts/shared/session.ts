import { readFile } from 'node:fs/promises';

import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { network } from 'hardhat';

import type { DeployConnection } from '../../deploy/deploy.ts';
import { parseAddressBook } from '../../src/chain/address-book.ts';
import type { Connection } from '../../src/chain/connect.ts';
import { connect } from '../../src/chain/connect.ts';
import { chainError } from '../../src/chain/revert-error.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { InputError, ProtocolError, RetryableError } from '../../src/protocol/errors.ts';

/** What a script prints: one JSON document on stdout, amounts as decimal strings. */
export type Result = Readonly<Record<string, unknown>>;

/** An environment variable that a script cannot do without. */
export function required(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new InputError({
    code: 'VARIABLE_MISSING',
    shortMessage: `set ${name}; see the top of the script`,
    details: { name },
  });
}

/** An environment variable that may be left out. */
export function optional(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/** The deployment of `LODE_ADDRESS_BOOK`, and the account that pays: `LODE_FROM`, or the first of the network. */
export interface Session {
  readonly chain: Connection;
  readonly signer: HardhatEthersSigner;
}

/** Runs a script on the network chosen with `--network`, prints its result, and turns a known error into one line and an exit code: 4 where the same may succeed later, else 1. */
export async function runOnNetwork(script: (connection: DeployConnection) => Promise<Result>): Promise<void> {
  const connection = await network.create();
  try {
    const result = await script(connection);
    process.stdout.write(`${JSON.stringify(result, asText, 2)}\n`);
  } catch (error) {
    const known = chainError(error);
    if (!(known instanceof ProtocolError)) throw error;
    process.stderr.write(`${known.message}\n`);
    process.exitCode = known instanceof RetryableError ? EXIT.retry : EXIT.internal;
  } finally {
    await connection.close();
  }
}

/** Runs a script against an existing deployment. */
export async function runOnDeployment(script: (session: Session) => Promise<Result>): Promise<void> {
  await runOnNetwork(async ({ ethers }) => {
    const addressBook = parseAddressBook(await readFile(required('LODE_ADDRESS_BOOK'), 'utf8'));
    const chain = await connect(addressBook, ethers.provider);
    const from = optional('LODE_FROM');
    const signer = from === undefined ? (await ethers.getSigners())[0] : await ethers.getSigner(from);
    if (signer === undefined) {
      throw new InputError({ code: 'SIGNER_MISSING', shortMessage: 'the network has no account to send from' });
    }
    return await script({ chain, signer });
  });
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
