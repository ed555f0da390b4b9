import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import type { Connection } from '../../chain/connect.ts';
import type { Io } from '../io.ts';
import { inputFile } from '../options/input-file.ts';
import type { NodeFlags, Sender, SignerFlags } from '../options/signer.ts';
import { addNodeOptions, addSignerOptions, openSender } from '../options/signer.ts';
import { progressOn } from '../output/progress.ts';

/** Options of every command that looks at a deployment. */
export interface ReadingFlags extends NodeFlags {
  readonly addresses: string;
  readonly json?: true;
}

/** Options of every command that sends to a deployment. */
export interface SendingFlags extends ReadingFlags, SignerFlags {
  readonly safeJson?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** A deployment within reach, and in whose name something is sent to it. */
export interface Session {
  readonly connection: Connection;
  readonly sender: Sender;
  readonly io: Io;
}

/** Gives a command the options of {@link ReadingFlags}. */
export function addReadingOptions(command: Command): Command {
  const withBook = command.requiredOption('--addresses <file>', 'the address book of the deployment');
  return addNodeOptions(withBook).option('--json', 'print one JSON document on stdout');
}

/** Gives a command the options of {@link SendingFlags}. */
export function addSendingOptions(command: Command): Command {
  const withBook = command.requiredOption('--addresses <file>', 'the address book of the deployment');
  return addSignerOptions(withBook)
    .option('--safe-json <file>', 'write the transactions for the Safe Transaction Builder and send nothing')
    .option('--dry-run', 'show what would be sent, try it out, and send nothing')
    .option('--yes', 'send without asking')
    .option('--json', 'print one JSON document on stdout');
}

/**
 * Connects to the deployment of an address book, runs a task with it, and closes the connection. A key is only unlocked when
 * something is really to be sent.
 */
export async function withSession<T>(
  flags: ReadingFlags | SendingFlags,
  io: Io,
  { sends }: { readonly sends: boolean },
  task: (session: Session) => Promise<T>,
): Promise<T> {
  const path = await inputFile('--addresses', flags.addresses, io.cwd);
  const { ensureBuilt } = await import('../demo/project-hardhat.ts');
  await ensureBuilt(progressOn(io).say);
  const { parseAddressBook } = await import('../../chain/address-book.ts');
  const addressBook = parseAddressBook(await readFile(path, 'utf8'));
  const isQuiet = 'dryRun' in flags || 'safeJson' in flags;
  const opened = await openSender(flags, io.cwd, { sends: sends && !isQuiet });
  // A Safe is nobody's account here: it is the one that is named, or still unknown.
  const sender = 'safeJson' in flags ? { ...opened, account: flags.as ?? null } : opened;
  try {
    const { connect } = await import('../../chain/connect.ts');
    const connection = await connect(addressBook, sender.provider);
    return await task({ connection, sender, io });
  } finally {
    await sender.close();
  }
}
