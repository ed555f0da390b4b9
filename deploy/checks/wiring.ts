import { dataLength } from 'ethers';

import { listContracts } from '../../src/chain/address-book.ts';
import type { Contracts } from '../../src/chain/bindings.ts';
import type { CheckDeployment } from '../check-deployment.ts';
import type { Findings } from './findings.ts';

/** The largest code that a chain accepts (EIP-170), in bytes. */
const MAX_CODE_SIZE = 24_576;

/** Code at every address, small enough, and every contract linked to the others of the same address book. */
export async function checkWiring(
  findings: Findings,
  contracts: Contracts,
  { addressBook, provider }: CheckDeployment,
): Promise<void> {
  const at = addressBook.contracts;
  findings.equal('chain id', (await provider.getNetwork()).chainId, addressBook.chainId);
  const created = ['arithmetic', await contracts.distributor.ARITHMETIC()] as const;
  for (const [name, address] of [...listContracts(at), created]) {
    const size = dataLength(await provider.getCode(address));
    findings.equal(`${name} has code`, size > 0, true);
    findings.equal(`${name} fits ${MAX_CODE_SIZE} bytes`, size <= MAX_CODE_SIZE, true);
  }
  if (findings.list.length > 0) return;

  const { token, registry, reserve, vault, parameters, distributor, canceller, unitPool } = contracts;
  for (const gated of [token, registry, reserve, vault, parameters, distributor, canceller, unitPool]) {
    if (gated === null) continue;
    findings.equal(`authority of ${await gated.getAddress()}`, await gated.authority(), at.authority);
  }
  findings.equal('token.minter', await token.minter(), at.distributor);
  findings.equal('reserve.distributor', await reserve.distributor(), at.distributor);
  findings.equal('vault.distributor', await vault.distributor(), at.distributor);
  findings.equal('registry.CURVE', await registry.CURVE(), at.curve);
  findings.equal('reserve.TOKEN', await reserve.TOKEN(), at.token);
  findings.equal('reserve.CURVE', await reserve.CURVE(), at.curve);
  findings.equal('vault.TOKEN', await vault.TOKEN(), at.token);
  findings.equal('vault.CURVE', await vault.CURVE(), at.curve);
  findings.equal('parameters.CURVE', await parameters.CURVE(), at.curve);
  findings.equal('parameters.REGISTRY', await parameters.REGISTRY(), at.registry);
  findings.equal('parameters.RESERVE', await parameters.RESERVE(), at.reserve);
  findings.equal('parameters.VAULT', await parameters.VAULT(), at.vault);
  findings.equal('distributor.TOKEN', await distributor.TOKEN(), at.token);
  findings.equal('distributor.PARAMETERS', await distributor.PARAMETERS(), at.parameters);
  findings.equal('distributor.RESERVE', await distributor.RESERVE(), at.reserve);
  findings.equal('distributor.VAULT', await distributor.VAULT(), at.vault);
  findings.equal('distributor.TREASURY', await distributor.TREASURY(), at.timelock);
  findings.governed('distributor.verifier', await distributor.verifier(), at.verifier);
  findings.governed('distributor.nextVerifier', (await distributor.nextVerifier()).newVerifier, at.verifier);
  if (unitPool === null) return;
  findings.equal('unitPool.reserve', await unitPool.reserve(), at.reserve);
  findings.equal('unitPool.token', await unitPool.token(), at.token);
}
