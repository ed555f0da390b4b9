import { join } from 'node:path';

import { RetryableError } from '../protocol/errors.ts';
import type { ReportInput } from '../settlement/report/inputs-file.ts';
import { inputFileName } from '../settlement/report/inputs-file.ts';
import { sha256Hex } from '../settlement/report/sha256.ts';
import { fetchFile } from './fetch-file.ts';
import type { PlaceAnswer, ReportLimits } from './fetch-report.ts';
import { REPORT_LIMITS } from './fetch-report.ts';
import { readWithin } from './report-folder.ts';
import type { ReportPlace } from './report-place.ts';
import { placeName } from './report-place.ts';

/** A file that an epoch was computed from, as the epoch's report names it. */
export type WantedInput = Pick<ReportInput, 'name' | 'sha256' | 'cid'>;

/** Nobody gave the input. It may be there later. */
export class InputUnavailableError extends RetryableError {
  override readonly name: string = 'InputUnavailableError';

  constructor({ name, sha256 }: WantedInput, answers: readonly PlaceAnswer[]) {
    super({
      code: 'INPUT_UNAVAILABLE',
      shortMessage: `no place has the input ${name} (sha-256 ${sha256})`,
      details: {
        name,
        sha256,
        answers,
        next: 'name a place with --reports that has it, or ask whoever published the report',
      },
    });
  }
}

/** Something else stands where the input should be: the fault of whoever keeps the place, which another place, or this one later, may have. */
export class InputDifferentError extends RetryableError {
  override readonly name: string = 'InputDifferentError';

  constructor({ name, sha256 }: WantedInput, answers: readonly PlaceAnswer[]) {
    super({
      code: 'INPUT_DIFFERENT',
      shortMessage: `what is published is not the input ${name} (sha-256 ${sha256})`,
      details: {
        name,
        sha256,
        answers,
        next: 'name another place that has it with --reports, and tell who keeps these',
      },
    });
  }
}

/** Where an input stands below a folder or an address: `inputs/<sha256>.<ending>`. */
export function inputPath(input: WantedInput): string {
  return `inputs/${inputFileName(input)}`;
}

/**
 * Fetches an input from the first place that has it: what comes back has the wanted hash, whatever the places say.
 *
 * @throws {InputUnavailableError} `INPUT_UNAVAILABLE` when no place gave anything
 * @throws {InputDifferentError} `INPUT_DIFFERENT` when a place gave something else, and none the right one
 */
export async function fetchInput(
  places: readonly ReportPlace[],
  wanted: WantedInput,
  limits: ReportLimits = REPORT_LIMITS,
): Promise<Uint8Array> {
  const answers: PlaceAnswer[] = [];
  for (const place of places) {
    const path = place.kind === 'gateway' ? wanted.cid : inputPath(wanted);
    const found = await fromPlace(place, path, limits);
    const name = `${placeName(place)}/${path}`;
    if (typeof found === 'string') {
      answers.push({ place: name, outcome: 'unavailable', reason: found });
    } else if (sha256Hex(found) === wanted.sha256) {
      return found;
    } else {
      answers.push({ place: name, outcome: 'different', reason: `its sha-256 is ${sha256Hex(found)}` });
    }
  }
  throw answers.some(({ outcome }) => outcome === 'different')
    ? new InputDifferentError(wanted, answers)
    : new InputUnavailableError(wanted, answers);
}

/** The bytes, or why there are none. */
async function fromPlace(place: ReportPlace, path: string, limits: ReportLimits): Promise<Uint8Array | string> {
  if (place.kind === 'folder') {
    const bytes = await readWithin(join(place.at, path), limits.maxBytes);
    return bytes ?? `it is not there, or larger than ${limits.maxBytes} bytes`;
  }
  const fetched = await fetchFile(`${place.at}/${path}`, limits, AbortSignal.timeout(limits.within));
  return fetched.kind === 'bytes' ? fetched.bytes : fetched.reason;
}
