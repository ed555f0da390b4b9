import { spawn } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isDeep } from './effort.ts';
import { runHere } from './run-here.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** No command of a page takes longer, in milliseconds. */
const PATIENCE = 180_000;
const UNITS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

/** One line of a page that is to be done, in its order. */
export type Step =
  | { readonly kind: 'command'; readonly text: string; readonly exitCode: number }
  | { readonly kind: 'set'; readonly name: string; readonly text: string }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'council'; readonly file: string }
  | { readonly kind: 'seen'; readonly lines: readonly string[] };

/**
 * What a page tells its reader to do. Every `sh` block is run, line by line; a `text` block is what is seen after the one before it.
 * Three comments are more than words: `# wait 7 days`, `# the council sends FILE` and `# ends with 5`, about the command below it.
 *
 * @throws {Error} for any other kind of block, and for a comment that almost is one of the three
 */
export function stepsOf(page: string): readonly Step[] {
  const steps: Step[] = [];
  for (const [, kind = '', body = ''] of page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)) {
    if (kind === 'sh') steps.push(...commandsOf(body));
    else if (kind === 'text')
      steps.push({ kind: 'seen', lines: body.split('\n').filter((line) => line.trim() !== '') });
    else throw new Error(`a block of kind '${kind}' is neither run nor compared`);
  }
  return steps;
}

function commandsOf(block: string): readonly Step[] {
  const steps: Step[] = [];
  let exitCode = 0;
  for (const line of block.replace(/\\\n\s*/g, '').split('\n')) {
    const text = line.trim();
    if (text === '') continue;
    if (text.startsWith('#')) {
      const ends = /^# ends with (\d+)\b/.exec(text);
      if (ends !== null) exitCode = Number(ends[1]);
      else steps.push(...directive(text));
      continue;
    }
    const [, name] = /^([A-Z_]+)=/.exec(text) ?? [];
    if (name === undefined) steps.push({ kind: 'command', text, exitCode });
    else steps.push({ kind: 'set', name, text });
    exitCode = 0;
  }
  return steps;
}

function directive(comment: string): readonly Step[] {
  const [, count, unit = ''] = /^# wait (\d+) (second|minute|hour|day)s?\b/.exec(comment) ?? [];
  if (count !== undefined) return [{ kind: 'wait', seconds: Number(count) * (UNITS[unit] ?? 0) }];
  const [, file] = /^# the council sends (\S+)$/.exec(comment) ?? [];
  if (file !== undefined) return [{ kind: 'council', file }];
  if (/^# (?:wait|the council|ends)\b/.test(comment)) throw new Error(`not understood: ${comment}`);
  return [];
}

/** The world in which a page is followed. */
export interface Follower {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly wait: (seconds: number) => Promise<void>;
  /** Sends, as the council, what stands in a file for its Safe. */
  readonly council: (file: string) => Promise<void>;
  /** What a person types when a program asks. */
  readonly answer?: (question: string, command: string) => string;
}

/** Something that was run, and what it said. */
export interface Done {
  readonly command: string;
  readonly output: string;
}

/**
 * Does what a page says, every command in a process of its own, and holds exit codes and what is seen against the page.
 *
 * @throws {Error} with the command and its output when an exit code or something seen is another
 */
export async function followPage(page: string, follower: Follower): Promise<readonly Done[]> {
  const bin = await npxWithoutNpm(follower.folder);
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_OPTIONS: '',
    ...follower.environment,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
  };
  const done: Done[] = [];
  let output = '';
  let wasSeen = false;
  for (const step of stepsOf(page)) {
    if (wasSeen && step.kind !== 'seen') [output, wasSeen] = ['', false];
    switch (step.kind) {
      case 'wait':
        await follower.wait(step.seconds);
        break;
      case 'council':
        await follower.council(expand(step.file, environment));
        break;
      case 'set': {
        // What is looked for may stand in the output of a command that ends with another code than 0.
        const text = await withoutCall(step.text, environment, follower);
        const shell = `set +o pipefail\n${text}\nprintf %s "$${step.name}"`;
        const { stdout, code, all } = await bash(shell, environment, follower);
        if (code !== 0 || stdout === '') throw new Error(`${step.text}\ngave nothing (${code})\n${all}`);
        environment[step.name] = stdout;
        break;
      }
      case 'command': {
        const { code, all } = await shell(step.text, environment, follower);
        if (code !== step.exitCode) {
          throw new Error(`${step.text}\nended with ${code} in place of ${step.exitCode}\n${all}`);
        }
        output += all;
        done.push({ command: step.text, output: all });
        break;
      }
      case 'seen':
        for (const line of step.lines) expectSeen(line, output);
        wasSeen = true;
    }
  }
  return done;
}

/** A line of a page is there when its pieces between the ellipses stand on one line of the output, in their order. */
function expectSeen(line: string, output: string): void {
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  const pieces = line.split('…').map(plain);
  const isSeen = output.split('\n').some((candidate) => {
    let rest = plain(candidate);
    return pieces.every((piece) => {
      const at = rest.indexOf(piece);
      rest = rest.slice(at + piece.length);
      return at !== -1;
    });
  });
  if (!isSeen) throw new Error(`the page promises\n${line}\nseen was\n${output}`);
}

/** A plain call of `lode` on the node of `$RPC`: nothing in it but words, in quotes or not, and variables. */
const PLAIN_CALL = /npx lode((?: +(?:"[^"`\\]*"|'[^'$]*'|[^\s"'`\\|&;<>()*?!#~]+))+)/;
const WHOLE_CALL = new RegExp(`^${PLAIN_CALL.source}$`);
const CALL_INTO_PIPE = new RegExp(`(?<=^[A-Z_]+=\\$\\()${PLAIN_CALL.source}(?= +\\|)`);

/** Runs a line of a page: by a shell, or in this process where it is a plain call and the tests do not run at full counts. */
async function shell(text: string, environment: NodeJS.ProcessEnv, follower: Follower): Promise<Omit<Ended, 'stdout'>> {
  const called = await callHere(WHOLE_CALL.exec(text)?.[1], environment);
  if (called === null) return await bash(text, environment, follower);
  return { code: called.code, all: `${called.out}${called.err}` };
}

/** A line that looks for something in what a plain call prints, with what it printed in place of the call; else the line as it is. */
async function withoutCall(text: string, environment: NodeJS.ProcessEnv, { folder }: Follower): Promise<string> {
  const called = await callHere(CALL_INTO_PIPE.exec(text)?.[1], environment);
  if (called === null) return text;
  const path = join(folder, 'printed.txt');
  await writeFile(path, called.out);
  return text.replace(CALL_INTO_PIPE, `cat "${path}"`);
}

async function callHere(words: string | undefined, environment: NodeJS.ProcessEnv) {
  if (isDeep || words?.includes('--rpc') !== true) return null;
  const args = [...words.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain = '']) =>
    expand(double ?? single ?? plain, environment),
  );
  return await runHere(args, ROOT);
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly all: string;
}

async function bash(text: string, env: NodeJS.ProcessEnv, { answer }: Follower): Promise<Ended> {
  return await new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', `set -o pipefail\n${text}`], { cwd: ROOT, env, stdio: 'pipe' });
    let [stdout, all, answered] = ['', '', 0];
    let silence: NodeJS.Timeout | undefined;
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    child.stdin.on('error', () => undefined);
    if (answer === undefined) child.stdin.end();
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      stdout += piece;
      all += piece;
      clearTimeout(silence);
      // A program that has asked goes on listening, and so does not end by itself where nobody hangs up.
      if (answered > 0 && piece.endsWith('\n')) silence = setTimeout(() => child.stdin.end(), 1_000);
      // Whoever asks stops at the end of its question.
      const [, question] = /\[hardhat-keystore\]\S* ([^\n]*): $/.exec(stdout.slice(answered)) ?? [];
      if (question === undefined || answer === undefined) return;
      answered = stdout.length;
      child.stdin.write(`${answer(question, text)}\n`);
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (all += piece));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(silence);
      clearTimeout(patience);
      resolve({ code, stdout, all });
    });
  });
}

function expand(text: string, environment: NodeJS.ProcessEnv): string {
  return text.replace(/\$([A-Z_]+)/g, (_whole, name: string) => environment[name] ?? '');
}

/** A folder with an `npx` that starts the programs of this repository, as npm's own does after a second of thought. */
async function npxWithoutNpm(folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const programs = `lode) exec "${process.execPath}" "${ROOT}bin/lode.mjs" "$@";;
hardhat) exec "${process.execPath}" "${ROOT}node_modules/hardhat/dist/src/cli.js" "$@";;`;
  const script = `#!/bin/sh\nprogram="$1"\nshift\ncase "$program" in\n${programs}\n*) echo "no $program here" >&2; exit 127;;\nesac\n`;
  await writeFile(join(bin, 'npx'), script);
  await chmod(join(bin, 'npx'), 0o755);
  await writeFile(join(bin, 'node'), `#!/bin/sh\nexec "${process.execPath}" "$@"\n`);
  await chmod(join(bin, 'node'), 0o755);
  return bin;
}
