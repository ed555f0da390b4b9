import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';

import { configPath } from '../../operator/data-folder.ts';
import type { Ask, GivenSettings } from '../../operator/init-config.ts';
import { makeConfig } from '../../operator/init-config.ts';
import { RefusedError } from '../../protocol/errors.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { writeWhole } from '../../store/write-whole.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../output/json-document.ts';

/** Options of `lode init`. */
export interface InitFlags extends GivenSettings {
  readonly data: string;
  readonly yes?: true;
  readonly json?: true;
}

/** Options have 18 decimals, of which a gwei takes 9 for its wei. */
const GWEI = 1_000_000_000n;

/**
 * Writes the settings of a data folder: from the options, and on a terminal from answers. Settings that are there are left alone.
 *
 * @throws {RefusedError} `CONFIG_EXISTS`
 * @throws {MissingError} `OPTION_MISSING`, `FILE_MISSING`
 * @throws {InputError} `ADDRESS_BOOK_INVALID`, `CONFIG_INVALID`
 */
export async function runInit({ data: given, yes, json, maxFee, ...flags }: InitFlags, io: Io): Promise<void> {
  const settings = { ...flags, maxFee: maxFee === undefined ? undefined : maxFee / GWEI };
  const data = resolve(io.cwd, given);
  const path = configPath(data);
  if ((await lstat(path).catch(() => null)) !== null) {
    throw new RefusedError({
      code: 'CONFIG_EXISTS',
      shortMessage: `${path} is there already`,
      details: { path, next: 'edit that file, or name another folder with --data' },
    });
  }
  const terminal =
    yes === undefined && process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stderr }) : null;
  const ask: Ask | null =
    terminal === null
      ? null
      : async (question, proposed) =>
          await terminal.question(`${question}${proposed === '' ? '' : ` [${proposed}]`}: `);
  try {
    const text = await makeConfig(settings, { data, cwd: io.cwd, ask, say: (line) => io.err(`${line}\n`) });
    await makeFolder(data);
    await writeWhole(path, new TextEncoder().encode(text));
    io.out(
      json === true
        ? jsonDocument({ config: path, settings: JSON.parse(text) as unknown })
        : `wrote ${path}\nnext: lode epoch status --data ${given}, then lode keeper --data ${given} --dry-run\n`,
    );
  } finally {
    terminal?.close();
  }
}
