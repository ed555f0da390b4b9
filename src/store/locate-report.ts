import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { InputError } from '../protocol/errors.ts';
import { epochFolder } from './epoch-folder.ts';

const EPOCH_FOLDER = /^\d{6,10}$/;

/**
 * The folder of one epoch's report. `folder` is that folder itself, or one that holds `epochs/`; without `epoch` the newest
 * report in it is meant.
 *
 * @throws InputError `REPORT_MISSING`
 */
export async function locateReport(folder: string, epoch?: number): Promise<string> {
  const names = await namesIn(folder);
  if (names.includes('manifest.json')) {
    const own = basename(resolve(folder));
    if (epoch === undefined || Number(own) === epoch) return resolve(folder);
    return existing(dirname(resolve(folder)), basename(epochFolder(epoch)));
  }
  const epochs = join(folder, 'epochs');
  const all = (await namesIn(epochs)).filter((name) => EPOCH_FOLDER.test(name)).sort();
  const wanted = epoch === undefined ? all.at(-1) : basename(epochFolder(epoch));
  if (wanted === undefined) throw missing(folder, epoch);
  return existing(epochs, wanted);
}

/** The epochs that a folder with `epochs/` holds reports of, rising. */
export async function reportEpochs(folder: string): Promise<number[]> {
  const names = await namesIn(join(folder, 'epochs'));
  return names
    .filter((name) => EPOCH_FOLDER.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

async function existing(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  if ((await namesIn(path)).includes('manifest.json')) return path;
  throw missing(folder, Number(name));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function missing(folder: string, epoch: number | undefined): InputError {
  const which = epoch === undefined ? 'a report' : `the report of epoch ${epoch}`;
  return new InputError({
    code: 'REPORT_MISSING',
    shortMessage: `${folder} does not hold ${which}`,
    details: epoch === undefined ? { folder } : { folder, epoch },
  });
}
