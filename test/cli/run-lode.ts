import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { isDeep } from '../support/effort.ts';
import { runHere } from '../support/run-here.ts';

/** The command as it is started on every machine. */
export const LODE = fileURLToPath(new URL('../../bin/lode.mjs', import.meta.url));

/** How one run of the command line ended. */
export interface LodeRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `lode` as a user does, from any folder and without this process's loaders; `program` is another copy of it. */
export function startLode(
  args: readonly string[],
  cwd = tmpdir(),
  environment: Readonly<Record<string, string>> = {},
  program = LODE,
) {
  const env = { ...process.env, NODE_OPTIONS: '', ...environment };
  return spawn(process.execPath, [program, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/**
 * Runs `lode` as a user does, by default in a folder that has nothing to do with the project: in a process of its own where the tests
 * run at full counts; else in this process, which has loaded everything already.
 */
export async function lode(
  args: readonly string[],
  cwd = tmpdir(),
  environment: Readonly<Record<string, string>> = {},
): Promise<LodeRun> {
  if (isDeep) return await lodeApart(args, cwd, environment);
  const { code, out, err } = await runHere(args, cwd, environment);
  return { code, stdout: out, stderr: err };
}

/** Runs `lode` in a process of its own, at any counts. */
async function lodeApart(
  args: readonly string[],
  cwd = tmpdir(),
  environment: Readonly<Record<string, string>> = {},
): Promise<LodeRun> {
  return await new Promise((resolve, reject) => {
    const child = startLode(args, cwd, environment);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

/** The same with `--json`: whatever happened, stdout holds exactly one JSON document. */
export async function lodeJson(args: readonly string[], cwd?: string): Promise<LodeRun & { readonly json: unknown }> {
  const run = await lode([...args, '--json'], cwd);
  try {
    return { ...run, json: JSON.parse(run.stdout) };
  } catch (error) {
    throw new Error(`not one JSON document: ${run.stdout.slice(0, 500)}\n${run.stderr.slice(0, 2000)}`, {
      cause: error,
    });
  }
}

/** What an error looks like with `--json`. */
export interface ErrorDocument {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly next: string;
}

/** Runs a command line that must fail with this exit code, and gives its error; the words on stderr say the same. */
export async function lodeError(exitCode: number, args: readonly string[], cwd?: string): Promise<ErrorDocument> {
  const { code, json, stderr } = await lodeJson(args, cwd);
  const { error } = json as { readonly error: ErrorDocument };
  expect({ code, exitCode: error.exitCode }, stderr).to.deep.equal({ code: exitCode, exitCode });
  expect(stderr).to.contain(`lode: ${error.message}\n`).and.contain(`next: ${error.next}\n`);
  return error;
}
