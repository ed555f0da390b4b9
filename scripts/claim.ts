/**
 * Pays accounts what is due to them by a report of a final epoch; anyone may. Of several accounts, those that cannot be
 * paid are reported and do not stop the others.
 *
 *   LODE_ADDRESS_BOOK=… LODE_REPORT=out/epochs/000007 LODE_ACCOUNT=0x…,0x… npx hardhat run scripts/claim.ts --network localhost
 *
 * LODE_ADDRESS_BOOK  the deployment
 * LODE_REPORT        the report folder of a final epoch; the newest pays the most
 * LODE_ACCOUNT       one account or several, with commas between them
 * LODE_FROM          who pays the gas; default: the network's first account
 */
import { claim, claimMany } from '../src/chain/epoch-steps.ts';
import { claimsOf } from './shared/report.ts';
import { required, runOnDeployment } from './shared/session.ts';

await runOnDeployment(async ({ chain, signer }) => {
  const claims = await claimsOf(required('LODE_REPORT'), required('LODE_ACCOUNT').split(','));
  const [first, ...others] = claims;
  if (first !== undefined && others.length === 0) {
    const { receipt, ...paid } = await claim(chain, signer, first);
    return { claimed: [paid], skipped: [], transaction: receipt?.hash ?? null };
  }
  const { receipt, ...result } = await claimMany(chain, signer, claims);
  return { ...result, transaction: receipt?.hash ?? null };
});
