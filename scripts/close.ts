/**
 * Closes the next epoch that is over; anyone may.
 *
 *   LODE_ADDRESS_BOOK=… npx hardhat run scripts/close.ts --network localhost
 *
 * LODE_ADDRESS_BOOK  the deployment
 * LODE_FROM          who pays; default: the network's first account
 */
import { closeEpoch } from '../src/chain/epoch-steps.ts';
import { runOnDeployment } from './shared/session.ts';

await runOnDeployment(async ({ chain, signer }) => {
  const { epoch, recordHash, priceReason, record, receipt } = await closeEpoch(chain, signer);
  return { epoch, recordHash, priceReason, record, transaction: receipt?.hash ?? null };
});
