import type { Command } from 'commander';

import type { Endpoint } from '../../chain/agreement.ts';
import type { SenderEvent } from '../../operator/chain/sender-event.ts';
import type { Actor } from '../../operator/chain/take.ts';
import type { OperatorConfig } from '../../operator/operator-config.ts';
import type { Io } from '../io.ts';
import type { OpenData } from './open-data.ts';
import { withData } from './open-data.ts';

/** Options of every command of an operator that works on the chain. */
export interface OperatorFlags {
  readonly data: string;
  readonly keystore?: string;
  readonly passwordFile?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** A data folder that is this process's alone, the chain within reach, and in whose name something is sent. */
export interface Operator {
  /** Absolute. */
  readonly data: string;
  readonly config: OperatorConfig;
  readonly endpoints: readonly Endpoint[];
  readonly actor: Actor;
  readonly checkAlone: OpenData['checkAlone'];
}

/** Gives a command the options of {@link OperatorFlags}. */
export function addOperatorOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'the data folder, with its lode.config.json', '.')
    .option('--keystore <file>', 'the encrypted key that signs, in place of the one that the settings name')
    .option('--password-file <file>', 'the file with its password')
    .option('--dry-run', 'show what would be done and what it would cost; write and send nothing')
    .option('--yes', 'send without asking')
    .option('--json', 'print JSON on stdout');
}

/**
 * Opens a data folder, runs a task with it, and closes it. In a dry run neither the folder is locked nor the key unlocked.
 *
 * @throws {MissingError} `CONFIG_MISSING`, `SIGNER_MISSING`, `FILE_MISSING`
 * @throws {InputError} `CONFIG_INVALID`, `ADDRESS_BOOK_INVALID`, `CHAIN_DIFFERS`, `CONTRACT_MISSING`, `KEYSTORE_INVALID`, `PASSWORD_WRONG`
 * @throws {RefusedError} `DATA_FOLDER_BUSY`, `SENT_INVALID`, `SENT_DIFFERS`
 * @throws {RetryableError} `NODE_UNAVAILABLE`
 */
export async function withOperator<T>(
  flags: OperatorFlags,
  io: Io,
  say: (event: SenderEvent) => void,
  task: (operator: Operator) => Promise<T>,
): Promise<T> {
  const sends = flags.dryRun === undefined;
  return await withData({ data: flags.data, writes: sends }, io, async (open) => {
    const { addressBook, ...own } = open;
    const { data, config, endpoints } = own;
    const signer = await signerOf(flags, config, io, sends);
    if (signer === null) return await task({ ...own, actor: { account: null, sender: null } });
    try {
      const { account } = signer;
      if (signer.signer === null || account === null) return await task({ ...own, actor: { account, sender: null } });
      const [{ openSent }, { Sender }] = await Promise.all([
        import('../../operator/sent-file.ts'),
        import('../../operator/chain/sender.ts'),
      ]);
      const { chainId, contracts } = addressBook;
      const { maxFeePerGas, pollSeconds } = config.keeper;
      const sender = new Sender({
        ...{ endpoints, signer: signer.signer, account, maxFeePerGas, say },
        memory: await openSent(data, { chainId, distributor: contracts.distributor, account }),
        wait: Math.min(LONGEST_WAIT, pollSeconds * 1000),
      });
      return await task({ ...own, actor: { account, sender } });
    } finally {
      await signer.close();
    }
  });
}

/** A transaction is waited for no longer before the next look, in milliseconds. */
const LONGEST_WAIT = 30_000;

async function signerOf(
  { keystore, passwordFile }: OperatorFlags,
  { rpc, signer }: OperatorConfig,
  io: Io,
  sends: boolean,
) {
  const [first] = rpc;
  // What the command line names counts from where it was typed, what the settings name is absolute.
  const key = keystore ?? signer?.keystore;
  const password = passwordFile ?? signer?.passwordFile ?? undefined;
  if (key === undefined || first === undefined) return null;
  const { openSender } = await import('../options/signer.ts');
  const files = { keystore: key, ...(password === undefined ? {} : { passwordFile: password }) };
  return await openSender({ rpc: first, ...files }, io.cwd, { sends });
}
