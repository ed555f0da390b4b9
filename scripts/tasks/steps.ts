import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** How many tests a step ran; a step that runs none has no counts. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export interface Outcome {
  readonly ok: boolean;
  readonly counts?: Counts;
}

export interface Step {
  readonly name: string;
  /** The step is left out, and counts as not done, when one of these failed. */
  readonly needs?: readonly string[];
  readonly run: () => Promise<Outcome>;
}

/**
 * Steps one after another, beside those of other lanes: no lane may write what another one reads. The first lane goes first where there is
 * not enough of the machine for all.
 */
export type Lanes = readonly (readonly Step[])[];

export interface StepResult extends Outcome {
  readonly name: string;
  readonly skipped: boolean;
  /** When it began, in milliseconds of the system's clock. */
  readonly start: number;
  readonly milliseconds: number;
}

/** Programs that run. */
const children = new Set<ChildProcess>();

/** True in lanes behind the first. */
const isBehind = new AsyncLocalStorage<boolean>();

/** From now on whoever is asked to end passes it on, and ends when the program that it runs has: that may have something to put away. */
export function passSignals(): void {
  // A terminal tells the whole group by itself.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      for (const child of children) child.kill(signal);
    });
  }
}

/** Runs a program to its end with this process's terminal and returns its exit code (1 if a signal ended it). */
export async function execute(command: string, args: readonly string[], env = process.env): Promise<number> {
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    children.add(child);
    if (isBehind.getStore() === true && child.pid !== undefined)
      setPriority(child.pid, constants.priority.PRIORITY_LOW);
    child.on('error', reject);
    child.on('exit', (code) => {
      children.delete(child);
      resolve(code ?? 1);
    });
  });
}

/** Runs the command line tool that an installed package declares, under the running Node. */
export async function executeTool(
  name: string,
  packageName: string,
  args: readonly string[],
  env = process.env,
): Promise<number> {
  return await execute(process.execPath, [toolPath(name, packageName), ...args], env);
}

/** Runs a TypeScript file of this repository. */
export async function executeScript(path: string, args: readonly string[], env = process.env): Promise<number> {
  return await execute(process.execPath, ['--import', 'tsx', path, ...args], env);
}

function toolPath(name: string, packageName: string): string {
  const manifestPath = join(root, 'node_modules', packageName, 'package.json');
  const manifest: unknown = createRequire(import.meta.url)(manifestPath);
  const { bin } = manifest as { bin: string | Record<string, string> };
  const relative = typeof bin === 'string' ? bin : bin[name];
  if (relative === undefined) throw new Error(`${packageName} declares no tool named ${name}`);
  return join(dirname(manifestPath), relative);
}

/** A step that passes exactly if every one of its programs exits with 0; all of them run. */
export function programs(
  name: string,
  commands: readonly (() => Promise<number>)[],
  needs: readonly string[] = [],
): Step {
  return {
    name,
    needs,
    run: async () => {
      let ok = true;
      for (const command of commands) ok = (await command()) === 0 && ok;
      return { ok };
    },
  };
}

/** Runs the steps in order, lanes beside each other, says what is going on and how long it took. */
export async function runSteps(plan: readonly (Step | Lanes)[]): Promise<readonly StepResult[]> {
  const steps = plan.flatMap((part) => ('name' in part ? [part] : part.flat()));
  const results = new Map<string, StepResult>();
  for (const part of plan) {
    const lanes = 'name' in part ? [[part]] : part;
    await Promise.all(
      lanes.map(async (lane, at) => {
        await isBehind.run(at > 0, async () => {
          for (const step of lane) {
            const title = `[${steps.indexOf(step) + 1}/${steps.length}] ${step.name}`;
            results.set(step.name, await runStep(step, title, results));
          }
        });
      }),
    );
  }
  return steps.flatMap(({ name }) => results.get(name) ?? []);
}

async function runStep(step: Step, title: string, results: ReadonlyMap<string, StepResult>): Promise<StepResult> {
  const start = Date.now();
  const missing = (step.needs ?? []).filter((name) => results.get(name)?.ok === false);
  if (missing.length > 0) {
    console.log(`\n${title}: left out, since it needs ${missing.join(', ')}`);
    return { name: step.name, ok: false, skipped: true, start, milliseconds: 0 };
  }
  console.log(`\n${title}`);
  const outcome = await step.run();
  const milliseconds = Date.now() - start;
  console.log(`${outcome.ok ? 'ok' : 'FAILED'}: ${step.name}, ${seconds(milliseconds)}`);
  return { name: step.name, ...outcome, skipped: false, start, milliseconds };
}

/**
 * The figures of the last line. A failed step that counted no failed test counts as one failure, so that the line
 * never says "0 failed" of a run that failed.
 */
export function totals(results: readonly StepResult[]): Counts {
  let passed = 0;
  let failed = 0;
  for (const { ok, counts } of results) {
    passed += counts?.passed ?? 0;
    failed += ok ? 0 : Math.max(1, counts?.failed ?? 0);
  }
  return { passed, failed };
}

/** Prints one line a step and the totals; the very last line is `N passed, N failed`. Returns the exit code. */
export function summarise(results: readonly StepResult[]): number {
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log('\nSummary');
  for (const { name, ok, skipped, counts, milliseconds } of results) {
    const verdict = skipped ? 'left out' : ok ? 'ok' : 'FAILED';
    const figures = counts ? `  ${counts.passed} passed, ${counts.failed} failed` : '';
    console.log(`  ${name.padEnd(width)}  ${verdict.padEnd(8)}  ${seconds(milliseconds).padStart(8)}${figures}`);
  }
  const { passed, failed } = totals(results);
  const ends = results.map(({ start, milliseconds }) => start + milliseconds);
  const time = Math.max(...ends) - Math.min(...results.map(({ start }) => start));
  console.log(`  ${'total'.padEnd(width)}  ${' '.repeat(8)}  ${seconds(time).padStart(8)}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Reads the counts that a test program wrote; a program that died before writing them has failed. */
export function readCounts(path: string): Counts | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const { passed, failed } = JSON.parse(text) as Counts;
  return { passed, failed };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
