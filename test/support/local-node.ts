import type { ChildProcess } from 'node:child_process';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HARDHAT = fileURLToPath(new URL('../../node_modules/hardhat/dist/src/cli.js', import.meta.url));
const CHAIN_HOST = fileURLToPath(new URL('chain-host.ts', import.meta.url));

/** What a program left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Hardhat node in another process, on the loopback address. */
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

/** What is asked of the process that runs the chains: to start one, or, without a chain id, to end it. */
export interface ChainRequest {
  readonly id: number;
  readonly chainId: number | null;
}

/** Where the chain listens; null: it has ended. */
export type ChainAnswer = { readonly id: number } & ({ readonly url: string | null } | { readonly fault: string });

let host: ChildProcess | undefined;
let chains = 0;

/** The process of this process's chains, which ends with it: to start one for every chain takes longer than most of what is done on it. */
function chainHost(): ChildProcess {
  if (host?.connected === true) return host;
  host = fork(CHAIN_HOST, [], {
    cwd: ROOT,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  host.setMaxListeners(0);
  host.unref();
  host.channel?.unref();
  return host;
}

async function askHost(request: ChainRequest): Promise<string | null> {
  const process = chainHost();
  return await new Promise((resolve, reject) => {
    const heard = (answer: ChainAnswer): void => {
      if (answer.id !== request.id) return;
      process.off('message', heard).off('exit', ended);
      process.channel?.unref();
      if ('fault' in answer) reject(new Error(answer.fault));
      else resolve(answer.url);
    };
    const ended = (): void => {
      reject(new Error('the process of the chains has ended'));
    };
    process.on('message', heard).on('exit', ended);
    process.channel?.ref();
    process.send(request);
  });
}

/** Starts a node on a free port. */
export async function startNode({ chainId = 31_337 }: { readonly chainId?: number } = {}): Promise<LocalNode> {
  const id = ++chains;
  const url = await askHost({ id, chainId });
  if (url === null) throw new Error('the node did not start');
  const request = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    // Each over a connection of its own: one that is kept may be closed at the other end just when it is used again.
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const response = await fetch(url, { method: 'POST', headers, body });
    const answer = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (answer.error !== undefined) throw new Error(answer.error.message);
    return answer.result;
  };
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
      await askHost({ id, chainId: null });
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
