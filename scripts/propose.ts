/**
 * Proposes the settlement of a report folder, with its bond. If exactly it is pending already nothing is sent.
 *
 *   LODE_ADDRESS_BOOK=… LODE_REPORT=out/epochs/000000 LODE_FROM=0x… npx hardhat run scripts/propose.ts --network localhost
 *
 * LODE_ADDRESS_BOOK  the deployment
 * LODE_REPORT        the report folder of the next epoch
 * LODE_FROM          an operator; default: the network's first account
 */
import { proposeSettlement, readBasis } from '../src/chain/epoch-steps.ts';
import { RevertError } from '../src/chain/revert-error.ts';
import { proposalOf } from './shared/report.ts';
import { required, runOnDeployment } from './shared/session.ts';

await runOnDeployment(async ({ chain, signer }) => {
  const proposal = await proposalOf(required('LODE_REPORT'));
  const basis = await readBasis(chain, proposal.record);
  if (basis !== proposal.basis) {
    throw new RevertError({
      code: 'BASIS_DIFFERS',
      shortMessage: 'the report was computed from another state than the one on chain',
      details: { chain: basis, report: proposal.basis },
    });
  }
  const { proposalId, until, receipt } = await proposeSettlement(chain, signer, proposal);
  return {
    epoch: proposal.record.epoch,
    root: proposal.settlement.root,
    proposalId,
    until,
    transaction: receipt?.hash ?? null,
  };
});
