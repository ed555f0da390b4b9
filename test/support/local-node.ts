import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HARDHAT = fileURLToPath(new URL('../../node_modules/hardhat/dist/src/cli.js', import.meta.url));

/** What a program left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Hardhat node in a process of its own, on the loopback address. */
export interface LocalNode {
  readonly url: string;
  /** Time of the newest block, unix seconds. */
  readonly time: () => Promise<number>;
  /** Mines a block at this time. */
  readonly travelTo: (time: number) => Promise<void>;
  /** Waits until the chain has that many blocks. */
  readonly blockReached: (block: number) => Promise<void>;
  readonly request: (method: string, ...parameters: readonly unknown[]) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** Starts a node on a free port and waits until it answers. */
export async function startNode({ chainId = 31_337 }: { readonly chainId?: number } = {}): Promise<LocalNode> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['node', '--hostname', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId)];
  const child = spawn(process.execPath, [HARDHAT, ...args], { cwd: ROOT, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const request = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const answer = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (answer.error !== undefined) throw new Error(answer.error.message);
    return answer.result;
  };
  const deadline = Date.now() + 90_000;
  for (;;) {
    const answers = await request('eth_chainId').then(
      () => true,
      () => false,
    );
    if (answers) break;
    if (Date.now() > deadline || child.exitCode !== null) throw new Error('the node did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    request,
    time: async () => {
      const block = (await request('eth_getBlockByNumber', 'latest', false)) as { timestamp: string };
      return Number(block.timestamp);
    },
    travelTo: async (time) => {
      await request('evm_setNextBlockTimestamp', time);
      await request('evm_mine');
    },
    blockReached: async (block) => {
      while (Number(await request('eth_blockNumber')) < block) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** A script that runs. */
export interface RunningScript {
  readonly outcome: Promise<Outcome>;
  /** Ends it at once, without a chance to tidy up. */
  readonly kill: () => void;
}

/** Starts a script of the repository by `hardhat run`, as a user would. */
export function startScript(
  script: string,
  { url }: LocalNode,
  environment: Readonly<Record<string, string>>,
): RunningScript {
  const child = spawn(process.execPath, [HARDHAT, 'run', '--no-compile', script, '--network', 'localhost'], {
    cwd: ROOT,
    env: { ...process.env, ...environment, LODE_RPC_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const outcome = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { outcome, kill: () => child.kill('SIGKILL') };
}

/** Runs a script to its end. */
export async function runScript(
  script: string,
  node: LocalNode,
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return await startScript(script, node, environment).outcome;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
