import { tmpdir } from 'node:os';

import { run } from '../../src/cli/run.ts';

let turn: Promise<unknown> = Promise.resolve();

/** Runs a command line in this process, which has loaded everything already; by turns, where one has an environment of its own. */
export async function runHere(
  args: readonly string[],
  cwd = tmpdir(),
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  if (Object.keys(environment).length === 0) return await runNow(args, cwd);
  const before = turn;
  const mine = (async () => {
    await before;
    const usual = { ...process.env };
    Object.assign(process.env, environment);
    try {
      return await runNow(args, cwd);
    } finally {
      for (const name of Object.keys(environment)) {
        if (usual[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = usual[name];
      }
    }
  })();
  turn = mine.catch(() => undefined);
  return await mine;
}

async function runNow(args: readonly string[], cwd: string) {
  const written = { out: '', err: '' };
  const code = await run(args, {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    ...{ isTerminal: false, columns: 80, cwd },
  });
  return { code, ...written };
}
