import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';

import type { AddressBook } from '../chain/address-book.ts';
import { parseAddressBook } from '../chain/address-book.ts';
import { MissingError } from '../protocol/errors.ts';
import { isPresetName, presetFile, presetNames } from '../store/preset-file.ts';
import type { ConfigFile } from './config.ts';
import { CONFIG_FORMAT, parseConfig } from './config.ts';
import { configPath } from './data-folder.ts';

/** What is known of the settings before anybody is asked; paths start from the folder of the command. */
export interface GivenSettings {
  readonly addresses?: string | undefined;
  readonly rpc?: readonly string[] | undefined;
  readonly confirmations?: number | undefined;
  readonly finalized?: boolean | undefined;
  readonly preset?: string | undefined;
  readonly variant?: string | undefined;
  readonly changes?: string | undefined;
  readonly contributions?: readonly string[] | undefined;
  readonly usage?: readonly string[] | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly dropFolder?: string | undefined;
  readonly map?: Readonly<Record<string, string>> | undefined;
  readonly lateRows?: string | undefined;
  readonly grace?: number | undefined;
  readonly recorders?: readonly string[] | undefined;
  readonly ingestPort?: number | undefined;
  readonly publish?: readonly string[] | undefined;
  readonly keystore?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly metricsPort?: number | undefined;
  readonly maxFee?: bigint | undefined;
}

/** Asks one question; an empty answer is the one that is proposed. */
export type Ask = (question: string, proposed: string) => Promise<string>;

/** What settings are made from. */
export interface MakingConfig {
  /** The data folder, absolute. */
  readonly data: string;
  /** Where paths of the command start. */
  readonly cwd: string;
  /** Null: nobody is there to be asked. */
  readonly ask: Ask | null;
  readonly say: (line: string) => void;
}

/**
 * Makes the text of `lode.config.json` from what is given and, where somebody is there, asked; what is neither has the value that is
 * written in the file. The text is held to the rules by which it will be read.
 *
 * @throws {MissingError} `OPTION_MISSING`, `FILE_MISSING`, `PRESET_UNKNOWN`
 * @throws {InputError} `ADDRESS_BOOK_INVALID`, `CONFIG_INVALID`
 */
export async function makeConfig(given: GivenSettings, making: MakingConfig): Promise<string> {
  const { data, cwd, ask, say } = making;
  const answer = async (
    option: string,
    known: string | undefined,
    { question, proposed }: { readonly question: string; readonly proposed: string | null },
  ): Promise<string> => {
    if (known !== undefined) return known;
    const said = ask === null ? '' : (await ask(question, proposed ?? '')).trim();
    const chosen = said === '' ? proposed : said;
    if (chosen === null) throw missing(option);
    return chosen;
  };
  const several = async (option: string, known: readonly string[] | undefined, question: string, proposed = '') =>
    known ?? wordsIn(await answer(option, undefined, { question, proposed }));
  const path = (typed: string) => inside(data, resolve(cwd, typed));
  const optional = (typed: string) => (typed === '' ? null : path(typed));

  const addresses = await answer('--addresses', given.addresses, {
    question: 'Address book of the deployment (a file)',
    proposed: null,
  });
  const { preset: named, chainId } = await bookAt(resolve(cwd, addresses));
  say(`chain ${chainId}, preset ${named.name}${named.variant === null ? '' : `, variant ${named.variant}`}`);
  const preset = await answer('--preset', given.preset, {
    question: `The preset that it was deployed from, ${(await presetNames()).join(', ')}, or a file`,
    proposed: named.name,
  });
  await presetFile(preset, cwd);
  const rpc =
    given.rpc ??
    wordsIn(
      await answer('--rpc', undefined, { question: 'Addresses of nodes, best of two operators', proposed: null }),
    );
  const confirmations =
    given.finalized === true
      ? 'finalized'
      : await answer('--confirmations', given.confirmations?.toString(), {
          question: 'Blocks on top of one that counts, or "finalized" where the chain says so itself',
          proposed: '6',
        });
  const contributions = await several(
    '--contributions',
    given.contributions,
    'Files of contributions, if they are files',
  );
  const usage = given.usage ?? [];
  const accounts = await several(
    '--accounts',
    given.accounts,
    'Files of members and badges, if the policy asks for them',
  );
  const dropFolder = await answer('--drop-folder', given.dropFolder, {
    question: 'A folder into which files of rows are dropped, if there is one',
    proposed: '',
  });
  const recorders = await several('--recorders', given.recorders, 'Accounts of applications that send rows, if any');
  const late = await answer('--late-rows', given.lateRows, {
    question: 'Rows that come after their epoch was cut: "reject", or count them in the "next" one',
    proposed: 'reject',
  });
  const grace = await answer('--grace', given.grace?.toString(), {
    question: 'Seconds after the end of an epoch in which its rows may still come',
    proposed: '3600',
  });
  const targets = await several(
    '--publish',
    given.publish,
    'Where reports are published: folders, addresses, ipfs+http://…',
  );
  const keystore = await answer('--keystore', given.keystore, {
    question: 'The encrypted key that signs, if it is on this machine',
    proposed: '',
  });
  const passwordFile =
    keystore === ''
      ? ''
      : await answer('--password-file', given.passwordFile, {
          question: 'The file with its password, if the keeper is to start by itself',
          proposed: '',
        });
  const port = await answer('--metrics-port', given.metricsPort?.toString(), {
    question: 'A port for metrics and health, on this machine only; 0: none',
    proposed: '0',
  });
  const config: ConfigFile = {
    format: CONFIG_FORMAT,
    ...{ addresses: path(addresses), rpc: [...rpc] },
    finality: confirmations === 'finalized' ? confirmations : { confirmations: Number(confirmations) },
    // What the address book names needs no second name, and follows it.
    preset: given.preset === undefined && preset === named.name ? null : isPresetName(preset) ? preset : path(preset),
    variant: given.variant ?? null,
    changes: optional(given.changes ?? ''),
    explanations: false,
    ledger: {
      ...{ contributions: contributions.map(path), usage: usage.map(path), accounts: accounts.map(path) },
      ...{ dropFolder: optional(dropFolder), map: { ...given.map }, graceSeconds: Number(grace), anyRejects: false },
      lateRows: late as 'reject' | 'next', // held to the rules below
    },
    ingest:
      recorders.length === 0 ? null : { host: '127.0.0.1', port: given.ingestPort ?? 8787, recorders: [...recorders] },
    publish: { targets: targets.map((target) => targetOf(target, path)), keepEpochs: null },
    signer: keystore === '' ? null : { keystore: path(keystore), passwordFile: optional(passwordFile) },
    keeper: {
      pollSeconds: 12,
      metrics: port === '0' ? null : { host: '127.0.0.1', port: Number(port) },
      maxFeePerGas: given.maxFee === undefined ? null : given.maxFee.toString(),
      withdrawBonds: true,
    },
  };
  const text = `${JSON.stringify(config, null, 2)}\n`;
  parseConfig(text, configPath(data));
  return text;
}

/** `ipfs+http://…` is a node's interface, another address takes files by PUT, anything else is a folder. */
function targetOf(
  given: string,
  path: (typed: string) => string,
): NonNullable<ConfigFile['publish']>['targets'] extends readonly (infer T)[] | undefined ? T : never {
  if (given.startsWith('ipfs+')) return { kind: 'ipfs', api: given.slice('ipfs+'.length) };
  if (/^https?:\/\//i.test(given)) return { kind: 'http', url: given };
  return { kind: 'directory', path: path(given) };
}

async function bookAt(path: string): Promise<AddressBook> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MissingError({
      code: 'FILE_MISSING',
      shortMessage: `there is no address book ${path}`,
      details: { path, next: 'name the addresses.json that `lode deploy` wrote with --addresses' },
      cause,
    });
  });
  return parseAddressBook(text);
}

function wordsIn(answer: string): string[] {
  return answer.split(/[\s,]+/).filter((word) => word !== '');
}

/** What lies in the data folder moves with it. */
function inside(data: string, path: string): string {
  const own = relative(data, path);
  return own === '' || own.startsWith('..') || isAbsolute(own) ? path : own;
}

function missing(option: string): MissingError {
  return new MissingError({
    code: 'OPTION_MISSING',
    shortMessage: `nobody is there to be asked for ${option}`,
    details: { option, next: `give ${option}, or run it on a terminal` },
  });
}
