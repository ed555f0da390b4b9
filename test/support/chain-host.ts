/** A process that runs chains of Hardhat's for a test process: one after another, or several at a time. */
import type { ChainAnswer, ChainRequest } from './local-node.ts';
import { projectHardhat } from '../../src/cli/demo/project-hardhat.ts';

const HOST = '127.0.0.1';
const hre = await projectHardhat();
const servers = new Map<number, Awaited<ReturnType<typeof hre.network.createServer>>>();

async function answer({ id, chainId }: ChainRequest): Promise<string | null> {
  if (chainId === null) {
    // Connections that are kept open would hold it.
    void servers.get(id)?.close();
    servers.delete(id);
    return null;
  }
  const server = await hre.network.createServer({ network: 'node', override: { chainId } }, HOST, 0);
  servers.set(id, server);
  const { port } = await server.listen();
  return `http://${HOST}:${port}`;
}

process.on('message', (request: ChainRequest) => {
  answer(request).then(
    (url) => process.send?.({ id: request.id, url } satisfies ChainAnswer),
    (error: unknown) => process.send?.({ id: request.id, fault: String(error) } satisfies ChainAnswer),
  );
});
// Nobody needs a chain any more.
process.on('disconnect', () => process.exit());
