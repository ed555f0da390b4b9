import { CommanderError } from 'commander';

import {
  InputError,
  InvariantError,
  MissingError,
  ProtocolError,
  RefusedError,
  RetryableError,
} from '../protocol/errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { fromHardhat } from './hardhat-error.ts';
import type { Io } from './io.ts';
import { jsonDocument } from './output/json-document.ts';
import { moment } from '../chain/moment.ts';
import { tokens } from '../protocol/tokens.ts';
import { visibleLines } from './output/visible.ts';

/** An error as the command line tells it. */
export interface ErrorReport {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** What to do now. */
  readonly next: string;
}

/** Codes whose class says "input", although what is wrong is the state of a folder or that something is absent. */
const EXIT_OF_CODE: Readonly<Record<string, ExitCode>> = {
  ACCOUNT_NOT_IN_SHARD: EXIT.missing,
  FILE_UNREADABLE: EXIT.missing,
  FOLDER_EXISTS: EXIT.refused,
  FOLDER_UNUSABLE: EXIT.refused,
  PARENT_MISSING: EXIT.missing,
  REPLAY_MISSING: EXIT.missing,
  REPORT_DIFFERENT: EXIT.difference,
  REPORT_MISSING: EXIT.missing,
};

/** Says an error on `err` in words, and as the one JSON document on `out` when that was asked for. */
export function reportError(error: unknown, { io, json }: { readonly io: Io; readonly json: boolean }): ExitCode {
  const report = describeError(error);
  if (json) io.out(jsonDocument({ error: report }));
  io.err(visibleLines(`lode: ${report.message}\n`));
  const figures = isTold(error) ? [] : Object.entries(report.details);
  for (const [key, value] of figures) io.err(visibleLines(`  ${key}: ${figure(key, value)}\n`));
  io.err(visibleLines(`  next: ${report.next}\n`));
  if (report.exitCode === EXIT.internal && error instanceof Error)
    io.err(`${withoutPayloads(error.stack ?? error.message)}\n`);
  return report.exitCode;
}

/** Says on `err` that the result did not get out; what the command wrote to folders stands. */
export function reportUnwritten(failure: Error, { err }: Pick<Io, 'err'>): void {
  err(`lode: the result could not be written to stdout: ${failure.message}\n`);
  err('  next: make room, or send stdout elsewhere, and run the same command again\n');
}

/** Maps any thrown value to its exit code, words and next step. */
export function describeError(error: unknown): ErrorReport {
  if (error instanceof CommanderError) return fromCommander(error);
  if (error instanceof ProtocolError) return fromProtocol(error);
  const known = fromSystem(error) ?? fromHardhat(error);
  if (known !== null) return known;
  return {
    exitCode: EXIT.internal,
    code: 'INTERNAL',
    message: `internal error: ${withoutPayloads(error instanceof Error ? error.message : String(error))}`,
    details: {},
    next: 'this is a fault of lode, not yours: please report it with the lines below',
  };
}

function fromProtocol(error: ProtocolError): ErrorReport {
  const { next = isTold(error) ? error.next : undefined, ...details } = error.details;
  const [exitCode, generalNext] = classify(error);
  const found = EXIT_OF_CODE[error.code] ?? exitCode;
  return {
    exitCode: found,
    code: error.code,
    message: error.shortMessage,
    details,
    next: typeof next === 'string' ? next : generalNext,
  };
}

/** Whether the words of a refusal by the chain hold its figures already; programs get them with `--json` all the same. */
function isTold(error: unknown): error is ProtocolError & { readonly next: string | null } {
  return error instanceof ProtocolError && 'next' in error && error.next !== undefined;
}

function classify(error: ProtocolError): [ExitCode, string] {
  // The chain's own refusals; their class is not imported, since it would load every contract's interface.
  if (error.name === 'RevertError')
    return [EXIT.refused, 'see what the contract asks for, and try again when it holds'];
  if (error instanceof InputError) return [EXIT.input, 'correct what is named above and run the command again'];
  if (error instanceof RetryableError) return [EXIT.retry, 'run the same command again in a while'];
  if (error instanceof RefusedError) return [EXIT.refused, 'change the state named above, or choose another target'];
  if (error instanceof MissingError) return [EXIT.missing, 'provide what is named above and run the command again'];
  if (error instanceof InvariantError) {
    return [EXIT.internal, 'this is a fault of lode, not yours: please report it with the lines below'];
  }
  return [EXIT.internal, 'please report this with the lines below'];
}

function fromCommander(error: CommanderError): ErrorReport {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const hint = rest
    .join(' ')
    .replace(/^\(|\)$/g, '')
    .trim();
  return {
    exitCode: EXIT.input,
    code: error.code === 'commander.unknownCommand' ? 'COMMAND_UNKNOWN' : 'USAGE',
    message: first,
    details: hint === '' ? {} : { hint },
    next: '`lode --help` lists the commands, `lode COMMAND --help` their options',
  };
}

/** Errors of the operating system: exit code, what they mean, what to do next. */
export const SYSTEM_WORDS: Readonly<Record<string, readonly [ExitCode, string, string]>> = {
  ENOENT: [EXIT.missing, 'there is no such file or folder', 'check the path'],
  ENOTDIR: [EXIT.input, 'a part of this path is not a folder', 'check the path'],
  EISDIR: [EXIT.input, 'this is a folder, not a file', 'name a file'],
  EACCES: [EXIT.refused, 'this may not be read or written by you', 'check the permissions'],
  EPERM: [EXIT.refused, 'this may not be read or written by you', 'check the permissions'],
  EROFS: [EXIT.refused, 'this file system is read-only', 'choose another folder'],
  ENOSPC: [EXIT.retry, 'the disk is full', 'make room and run the same command again: it goes on where it stopped'],
  EMFILE: [EXIT.retry, 'too many files are open', 'close other programs and run the same command again'],
  ELOOP: [EXIT.input, 'this link leads back to itself', 'check the path'],
  ENAMETOOLONG: [EXIT.input, 'this name is longer than a file may have', 'check the path'],
};

function fromSystem(error: unknown): ErrorReport | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  const words = SYSTEM_WORDS[error.code];
  if (words === undefined) return null;
  const [exitCode, message, next] = words;
  const path = 'path' in error && typeof error.path === 'string' ? { path: error.path } : {};
  return { exitCode, code: error.code, message, details: path, next };
}

/** Details that are moments, in unix seconds, and amounts of the native coin, in wei; with `--json` they stay what they are. */
const MOMENTS = new Set(['deadline', 'demandUntil', 'now', 'readyAt', 'start', 'time', 'until']);
const AMOUNTS = new Set(['balance', 'cost', 'deposit', 'needed']);

function figure(key: string, value: unknown): string {
  if (MOMENTS.has(key) && typeof value === 'number') return moment(value);
  if (AMOUNTS.has(key) && typeof value === 'bigint') return `${tokens(value, 6)} of the native coin`;
  return inWords(value);
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return value.includes('\n') ? JSON.stringify(value) : value;
  if (Array.isArray(value) && value.length > 0 && value.every(isReject)) {
    return value.map(({ file, line, reason }) => `\n    ${file}:${line}: ${reason}`).join('');
  }
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  if (typeof value === 'object' && value !== null) return jsonDocument(value, 0).trim();
  return String(value);
}

/** Errors of libraries quote what was sent, signed transactions included: that is for nobody's report. */
function withoutPayloads(text: string): string {
  return text.replace(/0x[0-9a-f]{65,}/gi, '0x…');
}

function isReject(value: unknown): value is { readonly file: string; readonly line: number; readonly reason: string } {
  return typeof value === 'object' && value !== null && 'file' in value && 'line' in value && 'reason' in value;
}
