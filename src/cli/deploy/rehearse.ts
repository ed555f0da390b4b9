import { getCreateAddress, type Provider } from 'ethers';

import { deployProtocol } from '../../../deploy/deploy.ts';
import { foreseeAddresses } from '../../../deploy/deterministic.ts';
import { deploymentInputs } from '../../../deploy/inputs.ts';
import { lodeModule } from '../../../deploy/modules/lode.ts';
import type { People } from '../../../deploy/roles.ts';
import { listContracts } from '../../chain/address-book.ts';
import type { PresetParameters } from '../../settlement/preset/preset-parameters.ts';
import { projectHardhat } from '../demo/project-hardhat.ts';

export interface Rehearse {
  readonly parameters: PresetParameters;
  readonly people: People;
  readonly policyUri: string;
  /** Words that the addresses follow from; null: they follow from the deployer's nonces. */
  readonly salt: string | null;
  /** Who will deploy, and the chain where. */
  readonly deployer: string;
  readonly provider: Provider;
}

/** What a deployment would do. */
export interface Rehearsal {
  readonly deployer: string;
  /** What the deployer has, in wei. */
  readonly balance: bigint;
  readonly transactions: number;
  readonly gas: bigint;
  /** What the chain asks for a unit of gas now, in wei. */
  readonly gasPrice: bigint;
  /** `gas · gasPrice`; what a layer 2 adds for its data on layer 1 is not in it. */
  readonly cost: bigint;
  /** By name, given the salt, or else the deployer's next nonce. */
  readonly addresses: Readonly<Record<string, string>>;
}

/**
 * Deploys the same thing on a chain of its own in this process, asserts the outcome as a deployment does, and tells which addresses
 * it would have on the chain meant, and what it would cost there. Sends nothing.
 */
export async function rehearse(request: Rehearse): Promise<Rehearsal> {
  const { parameters, people, policyUri, salt, deployer, provider } = request;
  const { gasPrice } = await provider.getFeeData();
  const hre = await projectHardhat();
  const connection = await hre.network.create('default');
  try {
    const options = { policyUri, ...(salt === null ? {} : { salt }) };
    const { addressBook, inputs } = await deployProtocol(connection, parameters, people, options);
    const names = listContracts(addressBook.contracts).map(([name, address]) => [address.toLowerCase(), name] as const);
    const sent = await transactionsOf(connection.ethers.provider, inputs.deployer);
    const gas = sent.reduce((sum, { gasUsed }) => sum + gasUsed, 0n);
    let addresses: Readonly<Record<string, string>>;
    if (salt === null) {
      // Ignition sends the same steps in the same order, so only the sender and the first nonce are others.
      const first = await provider.getTransactionCount(deployer);
      const nonces = new Map(sent.map(({ contract, nonce }) => [contract, nonce]));
      addresses = Object.fromEntries(
        names.map(([at, name]) => [name, getCreateAddress({ from: deployer, nonce: first + (nonces.get(at) ?? 0) })]),
      );
    } else {
      const asked = lodeModule(deploymentInputs(parameters, people, deployer, policyUri));
      const compiled = (contract: string) => hre.artifacts.readArtifact(contract);
      addresses = await foreseeAddresses(asked, { deployer, words: salt, compiled });
    }
    const price = gasPrice ?? 0n;
    const balance = await provider.getBalance(deployer);
    return { deployer, balance, transactions: sent.length, gas, gasPrice: price, cost: gas * price, addresses };
  } finally {
    await connection.close();
  }
}

interface Sent {
  readonly nonce: number;
  readonly gasUsed: bigint;
  /** In lower case; what it made itself, not through a factory. */
  readonly contract: string;
}

/** Everything that an account has sent on a chain. */
async function transactionsOf(provider: Provider, sender: string): Promise<Sent[]> {
  const found: Sent[] = [];
  for (let block = await provider.getBlockNumber(); block > 0; block -= 1) {
    for (const hash of (await provider.getBlock(block))?.transactions ?? []) {
      const [sent, receipt] = [await provider.getTransaction(hash), await provider.getTransactionReceipt(hash)];
      if (sent === null || receipt === null || sent.from !== sender) continue;
      const contract = receipt.contractAddress?.toLowerCase() ?? '';
      found.push({ nonce: sent.nonce, gasUsed: receipt.gasUsed, contract });
    }
  }
  return found;
}
