import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';
import type { Signer } from 'ethers';

import type { Address } from '../../protocol/brands.ts';
import { parseAddress } from '../../protocol/brands.ts';
import { InputError, MissingError, ProtocolError } from '../../protocol/errors.ts';
import { accountOption } from './account.ts';
import { inputFile } from './input-file.ts';
import type { LiveNetwork } from './live-network.ts';

/** What a command line says about the chain. */
export interface NodeFlags {
  readonly network?: string;
  readonly rpc?: string;
}

/** The same, and who signs. */
export interface SignerFlags extends NodeFlags {
  readonly keystore?: string;
  readonly passwordFile?: string;
  readonly as?: Address;
}

/** A node, and in whose name something is to be sent there. */
export interface Sender extends LiveNetwork {
  /** Null when nobody was named and nothing is to be sent. */
  readonly account: Address | null;
  /** Null when nothing is to be sent. */
  readonly signer: Signer | null;
}

/** Gives a command the options of {@link NodeFlags}. */
export function addNodeOptions(command: Command): Command {
  return command
    .option('--network <name>', 'a network of hardhat.config.ts')
    .option('--rpc <url>', 'or the address of a node');
}

/** Gives a command the options of {@link SignerFlags}. */
export function addSignerOptions(command: Command): Command {
  return addKeyOptions(addNodeOptions(command));
}

/** Gives a command the options that say who signs. */
export function addKeyOptions(command: Command): Command {
  return command
    .option('--keystore <file>', 'with --rpc: the encrypted key that signs (JSON, version 3)')
    .option('--password-file <file>', 'the file with its password')
    .option(
      '--as <address>',
      "in whose name; without it the keystore's, or the network's first account",
      accountOption('--as'),
    );
}

/**
 * The node and the key of a command that sends: the accounts of `--network`, whose keys Hardhat keeps in its keystore, or the
 * `--keystore` file with `--rpc`. A password comes from a file, never from the command line. Where nothing is to be
 * sent no key is asked for: only the account is told, for a preview, and a password that is given is tried.
 *
 * @throws {InputError} `NETWORK_MISSING`, `OPTION_INVALID`, `SIGNER_MISSING`, `SIGNER_UNKNOWN`, `KEYSTORE_INVALID`, `PASSWORD_WRONG`
 * @throws {MissingError} `FILE_MISSING`
 * @throws {RetryableError} `NODE_UNAVAILABLE`
 */
export async function openSender(flags: SignerFlags, cwd: string, { sends }: { sends: boolean }): Promise<Sender> {
  const { keystore, passwordFile } = flags;
  if (keystore !== undefined && flags.rpc === undefined) throw misplaced('--keystore', 'goes with --rpc');
  if (passwordFile !== undefined && keystore === undefined) throw misplaced('--password-file', 'goes with --keystore');
  const key = keystore === undefined ? null : await readKeystore(await inputFile('--keystore', keystore, cwd));
  const password = passwordFile === undefined ? null : await inputFile('--password-file', passwordFile, cwd);
  // Hardhat and ethers are loaded only by what needs a node.
  const { liveNetwork } = await import('./live-network.ts');
  const node = await liveNetwork(flags.network, flags.rpc);
  try {
    return { ...node, ...(await whoSends(node, flags, { key, password, sends })) };
  } catch (error) {
    await node.close();
    throw error;
  }
}

interface Keys {
  readonly key: Keystore | null;
  readonly password: string | null;
  readonly sends: boolean;
}

async function whoSends(
  node: LiveNetwork,
  { as }: SignerFlags,
  { key, password, sends }: Keys,
): Promise<Pick<Sender, 'account' | 'signer'>> {
  // A password that is given is tried, so that a preview does not promise what then fails.
  if (!sends && key !== null && password !== null) await unlock(key, password);
  if (!sends && (as !== undefined || key !== null)) return { account: as ?? key?.account ?? null, signer: null };
  if (key !== null) {
    if (as !== undefined && as !== key.account) throw unknownSigner(as, [key.account]);
    if (password === null) throw missingSigner('give --password-file with the password of the keystore');
    const signer = (await unlock(key, password)).connect(node.provider);
    return { account: key.account, signer };
  }
  const signers = await node.signers();
  const accounts = await Promise.all(signers.map(async (signer) => parseAddress(await signer.getAddress())));
  const at = as === undefined ? 0 : accounts.indexOf(as);
  const [account, signer] = [accounts[at], signers[at]];
  if (!sends) return { account: account ?? null, signer: null };
  if (account !== undefined && signer !== undefined) return { account, signer };
  if (as !== undefined && accounts.length > 0) throw unknownSigner(as, accounts);
  throw missingSigner('give --keystore and --password-file with --rpc, or a --network that has an account');
}

interface Keystore {
  readonly path: string;
  readonly text: string;
  readonly account: Address;
}

async function readKeystore(path: string): Promise<Keystore> {
  const { getAddress, isKeystoreJson } = await import('ethers');
  const text = await readFile(path, 'utf8');
  if (isKeystoreJson(text)) {
    const { address } = JSON.parse(text) as { address?: unknown };
    if (typeof address === 'string') return { path, text, account: parseAddress(getAddress(address)) };
  }
  throw new InputError({
    code: 'KEYSTORE_INVALID',
    shortMessage: 'this is no encrypted key that names its address (JSON, version 3)',
    details: { path, next: 'make one with a wallet, or by `encrypt` of ethers, geth or foundry' },
  });
}

async function unlock({ path, text }: Keystore, passwordFile: string) {
  const { Wallet } = await import('ethers');
  const password = (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '');
  try {
    return await Wallet.fromEncryptedJson(text, password);
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    // Without its cause, which may quote what it was given.
    throw new InputError({
      code: 'PASSWORD_WRONG',
      shortMessage: 'the password does not open this keystore',
      details: { keystore: path, passwordFile, next: 'see that the file holds the password and nothing else' },
    });
  }
}

function misplaced(option: string, rule: string): InputError {
  return new InputError({ code: 'OPTION_INVALID', shortMessage: `${option} ${rule}`, details: { option } });
}

function missingSigner(next: string): MissingError {
  return new MissingError({ code: 'SIGNER_MISSING', shortMessage: 'nobody is there to sign', details: { next } });
}

function unknownSigner(given: Address, known: readonly Address[]): InputError {
  return new InputError({
    code: 'SIGNER_UNKNOWN',
    shortMessage: `no key of ${given} is at hand`,
    details: { given, known: known.slice(0, 20) },
  });
}
