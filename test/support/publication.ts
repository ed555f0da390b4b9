import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { InputFile, Publication, PublishLimits } from '../../src/operator/publish/target.ts';
import { PUBLISH_LIMITS } from '../../src/operator/publish/target.ts';
import { contentIdOf, fileContentIdOf } from '../../src/settlement/report/content-id.ts';
import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import { readReport } from '../../src/store/report-folder.ts';

/** Reports that were published long ago. */
export const OLD_REPORTS = new URL('../dumps/report-v1/epochs/', import.meta.url).pathname;

/** Waits that a test can afford. */
export const QUICK: PublishLimits = { ...PUBLISH_LIMITS, attempts: 3, firstWait: 5, answerWithin: 2_000 };

/** Writes an input beside others and says what it is. */
export async function inputFile(folder: string, ending: string, content: Uint8Array): Promise<InputFile> {
  const sha256 = sha256Hex(content);
  const from = join(folder, `${sha256}.${ending}`);
  await mkdir(dirname(from), { recursive: true });
  await writeFile(from, content);
  const { cid } = await fileContentIdOf(content);
  return { name: `${sha256}.${ending}`, from, sha256, bytes: content.length, cid };
}

/** An old report with two inputs, of which one takes several blocks. */
export async function oldPublication(folder: string, epoch = 4): Promise<Publication> {
  const report = await readReport(join(OLD_REPORTS, epoch.toString().padStart(6, '0')));
  const small = new TextEncoder().encode('{"id":"1"}\n');
  const large = new Uint8Array(2_500_000).map((_, i) => (i * 7 + (i >> 8)) & 0xff);
  const inputs = [await inputFile(folder, 'ndjson', small), await inputFile(folder, 'ndjson', large)];
  return { epoch, cid: (await contentIdOf(report)).cid, report, inputs };
}
