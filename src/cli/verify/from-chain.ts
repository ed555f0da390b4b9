import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseAddressBook } from '../../chain/address-book.ts';
import { agreed, agreedBlock } from '../../chain/agreement.ts';
import { readFinalEpochs } from '../../chain/final-epochs.ts';
import { recomputeFetched } from '../../operator/recompute-fetched.ts';
import type { ChainVerification, EpochVerdict } from '../../operator/verify-from-chain.ts';
import { verifyFromChain } from '../../operator/verify-from-chain.ts';
import type { ReportPlace } from '../../store/report-place.ts';
import { openEndpoints, requireTwo } from '../options/endpoints.ts';

/** What is verified, and by whose word. Paths are absolute. */
export interface FromChainOptions {
  /** The address book's file. */
  readonly addresses: string;
  readonly rpc: readonly string[];
  readonly singleEndpoint: boolean;
  readonly confirmations: number;
  readonly places: readonly ReportPlace[];
  readonly tell: (verdict: EpochVerdict) => void;
}

/** What a deployment came to, as of one block. */
export interface DeploymentVerification extends ChainVerification {
  readonly block: { readonly number: number; readonly hash: string; readonly time: number };
  readonly endpoints: readonly string[];
}

/**
 * Recomputes everything that a deployment made final since genesis, from the chain and what is published alone.
 *
 * @throws {InputError} `ENDPOINTS_TOO_FEW`, `ENDPOINTS_EQUAL`, `CHAIN_DIFFERS`, what the address book is refused for
 * @throws {RetryableError} `NODE_UNAVAILABLE`, `ENDPOINTS_DISAGREE`, `NODE_INCONSISTENT`
 */
export async function verifyDeployment(options: FromChainOptions): Promise<DeploymentVerification> {
  const { rpc, confirmations, places, tell } = options;
  requireTwo(options);
  const addressBook = parseAddressBook(await readFile(options.addresses, 'utf8'));
  const { endpoints, close } = await openEndpoints(addressBook, rpc);
  // What is fetched is gone afterwards, whatever happens: it is somebody else's.
  const folder = await mkdtemp(join(tmpdir(), 'lode-verify-'));
  try {
    const block = await agreedBlock(endpoints, confirmations);
    const epochs = await agreed(endpoints, 'which epochs are final', (connection) =>
      readFinalEpochs(connection, block.number),
    );
    const recompute = recomputeFetched(addressBook);
    const verification = await verifyFromChain({ epochs, places, folder, recompute, tell });
    return { ...verification, block, endpoints: endpoints.map(({ name }) => name) };
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}
