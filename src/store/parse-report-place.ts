import { resolve } from 'node:path';

import { listFolder, readWithin } from './report-folder.ts';
import type { FolderFiles, ReportPlace } from './report-place.ts';
import { invalidPlace, parseWebPlace } from './report-place.ts';

const FILES: FolderFiles = { list: listFolder, read: readWithin };

/**
 * Reads where reports are published: a web address as {@link parseWebPlace} does, anything else is a folder of this machine.
 *
 * @throws {InputError} `PLACE_INVALID`
 */
export function parseReportPlace(given: string, cwd: string): ReportPlace {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) return parseWebPlace(given);
  if (given.trim() === '') throw invalidPlace(given);
  return folderPlace(resolve(cwd, given));
}

/** A folder of this machine, by its absolute path. */
export function folderPlace(at: string): ReportPlace {
  return { kind: 'folder', at, files: FILES };
}
