import { setTimeout as sleep } from 'node:timers/promises';

import type { Random } from './effort.ts';
import type { RawAnswer, RpcAnswer, RpcCall, RpcProxy } from './rpc-proxy.ts';

/** What the node of a proxy is asked when a fault needs to know more. */
export type AskNode = (method: string, ...params: readonly unknown[]) => Promise<unknown>;

/** One way in which a node, or the way to it, fails. */
export interface RpcFault {
  readonly name: string;
  /** Makes a proxy fail in this way, again and again, until it is made honest again. */
  readonly strike: (proxy: RpcProxy, given: { readonly numbers: Random; readonly ask: AskNode }) => void;
}

/** Makes a proxy honest again. */
export function heal(proxy: RpcProxy): void {
  proxy.status = null;
  proxy.meet = () => Promise.resolve();
  proxy.turn = (call) => call;
  proxy.bend = (_, answer) => answer;
  proxy.answer = () => null;
}

const HTML = '<!doctype html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** Every way in which a node fails by itself or on the way; each strikes about every third answer, so that some work gets done. */
export const RPC_FAULTS: readonly RpcFault[] = [
  {
    name: 'answers come late',
    strike: (proxy, { numbers }) => {
      proxy.meet = async () => {
        await sleep(numbers.index(120));
      };
    },
  },
  {
    name: 'questions are never answered',
    strike: (proxy, { numbers }) => {
      proxy.meet = () =>
        numbers.index(3) === 0 ? Promise.reject(new Error('the connection is closed')) : Promise.resolve();
    },
  },
  { name: 'answers are lost on their way back', strike: (proxy, { numbers }) => lose(proxy, numbers) },
  sometimes('429', () => ({ status: 429, type: 'text/plain', body: 'too many requests' })),
  sometimes('429 in JSON', () => ({ status: 429, body: refusal(-32_005, 'rate limited') })),
  sometimes('503', () => ({ status: 503, type: 'text/html', body: HTML })),
  sometimes('a page of HTML with status 200', () => ({ status: 200, type: 'text/html', body: HTML })),
  sometimes('an empty body', () => ({ status: 200, body: '' })),
  sometimes('an answer without a result', () => ({ status: 200, body: '{"jsonrpc":"2.0","id":1}' })),
  sometimes('an answer cut in the middle', (text) => ({
    status: 200,
    body: text.slice(0, Math.ceil(text.length / 2)),
    cut: true,
  })),
  sometimes('half an answer as if it were whole', (text) => ({
    status: 200,
    body: text.slice(0, Math.ceil(text.length / 2)),
  })),
  {
    name: 'null receipts',
    strike: (proxy) => bendOnly(proxy, ['eth_getTransactionReceipt'], (answer) => ({ ...answer, result: null })),
  },
  {
    name: 'a head that lags by four blocks',
    strike: (proxy, { ask }) => {
      lag(proxy, ask, 4);
    },
  },
];

/** What only one of two endpoints says, so that the other one can contradict it: a node that answers in form, but not the truth. */
export const RPC_LIES: readonly RpcFault[] = [
  {
    name: 'no logs',
    strike: (proxy) => bendOnly(proxy, ['eth_getLogs'], (answer) => ({ ...answer, result: [] })),
  },
  {
    name: 'logs without the last one',
    strike: (proxy) =>
      bendOnly(proxy, ['eth_getLogs'], (answer) =>
        Array.isArray(answer.result) ? { ...answer, result: answer.result.slice(0, -1) as unknown[] } : answer,
      ),
  },
  {
    name: 'words of zeros',
    strike: (proxy) =>
      bendOnly(proxy, ['eth_call'], (answer) =>
        typeof answer.result === 'string' ? { ...answer, result: answer.result.replaceAll(/[1-9a-f]/g, '0') } : answer,
      ),
  },
  {
    name: 'other hashes of blocks',
    strike: (proxy) =>
      bendOnly(proxy, ['eth_getBlockByNumber'], (answer) => {
        const block = answer.result;
        if (typeof block !== 'object' || block === null || !('hash' in block)) return answer;
        return { ...answer, result: { ...block, hash: `0x${'ab'.repeat(32)}` } };
      }),
  },
  {
    name: 'a head that stands still',
    strike: (proxy, { ask }) => {
      lag(proxy, ask, Number.POSITIVE_INFINITY);
    },
  },
];

/** Shows a chain whose newest block is `depth` blocks old; an endless depth: a chain that stands still where it is now. */
export function lag(proxy: RpcProxy, ask: AskNode, depth: number): void {
  let still: number | null = null;
  const height = async (): Promise<number> => {
    const now = Number(await ask('eth_blockNumber'));
    still ??= now;
    return Number.isFinite(depth) ? Math.max(0, now - depth) : still;
  };
  proxy.turn = async (call) => await atHeight(call, height, ['latest', 'finalized', 'safe', 'pending']);
  proxy.bend = async ({ method }, answer) =>
    method === 'eth_blockNumber' ? { ...answer, result: `0x${(await height()).toString(16)}` } : answer;
}

/** Serves the tag `finalized` that many blocks behind the head, as a real chain does. */
export function finalizedBehind(proxy: RpcProxy, ask: AskNode, depth: number): void {
  const height = async (): Promise<number> => Math.max(0, Number(await ask('eth_blockNumber')) - depth);
  proxy.turn = async (call) => await atHeight(call, height, ['finalized']);
}

async function atHeight(call: RpcCall, height: () => Promise<number>, tags: readonly string[]): Promise<RpcCall> {
  if (!call.params.some((one) => typeof one === 'string' && tags.includes(one))) return call;
  const tag = `0x${(await height()).toString(16)}`;
  return {
    ...call,
    params: call.params.map((one) => (typeof one === 'string' && tags.includes(one) ? tag : one)),
  };
}

function sometimes(name: string, answer: (text: string) => RawAnswer): RpcFault {
  return {
    name,
    strike: (proxy, { numbers }) => {
      proxy.answer = (_, text) => (numbers.index(3) === 0 ? answer(text) : null);
    },
  };
}

function lose(proxy: RpcProxy, numbers: Random): void {
  proxy.answer = () => {
    if (numbers.index(3) === 0) throw new Error('the connection is closed');
    return null;
  };
}

function bendOnly(proxy: RpcProxy, methods: readonly string[], bent: (answer: RpcAnswer) => RpcAnswer): void {
  proxy.bend = ({ method }, answer) => (methods.includes(method) ? bent(answer) : answer);
}

function refusal(code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code, message } });
}
