/**
 * Makes the pending settlement final once its window is over; anyone may. Record and settlement are taken from the chain.
 *
 *   LODE_ADDRESS_BOOK=… npx hardhat run scripts/finalise.ts --network localhost
 *
 * LODE_ADDRESS_BOOK  the deployment
 * LODE_FROM          who pays; default: the network's first account
 */
import { finaliseEpoch } from '../src/chain/epoch-steps.ts';
import { readClosed, readPendingProposal, readProposed } from '../src/chain/epoch-state.ts';
import { RevertError } from '../src/chain/revert-error.ts';
import { runOnDeployment } from './shared/session.ts';

await runOnDeployment(async ({ chain, signer }) => {
  const pending = await readPendingProposal(chain);
  const closed = pending === null ? null : await readClosed(chain, pending.epoch);
  const proposed = pending === null ? null : await readProposed(chain, pending.epoch);
  if (closed === null || proposed === null) {
    throw new RevertError({ code: 'NOTHING_PROPOSED', shortMessage: 'no settlement waits to become final' });
  }
  const { record } = closed;
  const { receipt, ...final } = await finaliseEpoch(chain, signer, { record, settlement: proposed.settlement });
  return { ...final, transaction: receipt?.hash ?? null };
});
