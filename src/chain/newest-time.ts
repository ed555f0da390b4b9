import type { Provider } from 'ethers';

/** The time of the newest block, unix seconds; 0 where a node has none. */
export async function newestTime(provider: Pick<Provider, 'getBlock'>): Promise<number> {
  return (await provider.getBlock('latest'))?.timestamp ?? 0;
}
