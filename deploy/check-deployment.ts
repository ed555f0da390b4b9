import type { Provider } from 'ethers';

import type { AddressBook } from '../src/chain/address-book.ts';
import { attach } from '../src/chain/bindings.ts';
import { InvariantError } from '../src/protocol/errors.ts';
import { checkAuthority } from './checks/authority.ts';
import { Findings } from './checks/findings.ts';
import { checkGovernance } from './checks/governance.ts';
import { checkProtocol } from './checks/protocol.ts';
import { checkWiring } from './checks/wiring.ts';
import type { DeploymentInputs } from './inputs.ts';
import type { Finding } from './checks/findings.ts';

export interface CheckDeployment {
  readonly addressBook: AddressBook;
  readonly inputs: DeploymentInputs;
  readonly provider: Provider;
  /** Whether the holders have taken over, as they have in no fresh deployment. */
  readonly handedOver?: boolean;
}

/**
 * Compares what stands on chain with what a deployment was made from, and returns every difference: code and its size,
 * links, curve, tasks, parameters now and later, pools, supply, and the role table in both directions. Reads only.
 *
 * A fresh deployment has no difference. Later, what governance and use have changed since shows up here too, and says so.
 */
export async function checkDeployment(check: CheckDeployment): Promise<readonly Finding[]> {
  const contracts = attach(check.addressBook.contracts, check.provider);
  const findings = new Findings();
  await checkWiring(findings, contracts, check);
  await checkProtocol(findings, contracts, check);
  await checkGovernance(findings, contracts, check);
  await checkAuthority(findings, contracts, check);
  return findings.list;
}

/**
 * Throws if a deployment differs in anything from what it was made from.
 *
 * @throws {InvariantError} `DEPLOYMENT_WRONG`; `details.findings` lists every difference
 */
export async function assertDeployment(check: CheckDeployment): Promise<void> {
  const findings = await checkDeployment(check);
  const [first] = findings;
  if (first === undefined) return;
  throw new InvariantError({
    code: 'DEPLOYMENT_WRONG',
    shortMessage: `${first.what}: expected ${first.expected}, found ${first.found} (${findings.length} differences in all)`,
    details: { findings },
  });
}
