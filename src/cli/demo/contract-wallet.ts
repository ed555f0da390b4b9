import { SignatureWallet__factory } from '../../../types/typechain/factories/contracts/mocks/wallet/SignatureWallet__factory.ts';
import type { Claim } from '../../chain/convert.ts';
import { claimToChain } from '../../chain/convert.ts';
import { parseEvents, type ClaimedEvent } from '../../chain/events.ts';
import { CLAIM_TO, claimDomain, claimMessage, claimNonce } from '../../chain/signed-claim.ts';
import { parseAddress } from '../../protocol/brands.ts';
import { InvariantError } from '../../protocol/errors.ts';
import { sendAndWait, type Stage } from './stage.ts';

const A_DAY = 86_400;

/**
 * A miner signs, and somebody else sends: `claimToBySig` pays the holder's address.
 *
 * The accounts of the ledger are hashes, so nobody has their keys. The demo puts a contract wallet at the miner's address
 * on its local chain (ERC-1271), whose key is the holder's: the vault asks the wallet whether the signature is good.
 */
export async function claimBySignature(stage: Stage, claim: Claim): Promise<ClaimedEvent> {
  const { chain, connection, actors, gas, now } = stage;
  const { vault } = connection.contracts;
  const { holder } = actors;
  const wallet = await new SignatureWallet__factory(holder).deploy(holder.address);
  const code = await wallet.getDeployedCode();
  await chain.connection.provider.request({ method: 'hardhat_setCode', params: [claim.account, code] });

  const deadline = (await now()) + A_DAY;
  const nonce = await claimNonce(connection, claim.account);
  const message = claimMessage(claim, { to: parseAddress(holder.address), nonce, deadline });
  const signature = await holder.signTypedData(claimDomain(connection.addressBook), CLAIM_TO, message);
  const keeper = vault.connect(actors.keeper);
  const receipt = await sendAndWait(() =>
    keeper.claimToBySig(claimToChain(claim), holder.address, deadline, signature),
  );
  gas.note('claim by signature', receipt.gasUsed);
  const { claimed } = parseEvents(receipt.logs, connection.addresses);
  const [event] = claimed;
  if (event === undefined || event.to !== holder.address.toLowerCase()) {
    throw new InvariantError({
      code: 'DEMO_PAID',
      shortMessage: 'a signed claim was not paid to the address it names',
    });
  }
  return event;
}
