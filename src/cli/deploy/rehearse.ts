import { getCreateAddress, type Provider } from 'ethers';

import { deployProtocol } from '../../../deploy/deploy.ts';
import type { People } from '../../../deploy/roles.ts';
import { listContracts } from '../../chain/address-book.ts';
import type { PresetParameters } from '../../settlement/preset/preset-parameters.ts';
import { projectHardhat } from '../demo/project-hardhat.ts';

export interface Rehearse {
  readonly parameters: PresetParameters;
  readonly people: People;
  readonly policyUri: string;
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
  /** By name, given the deployer's next nonce. */
  readonly addresses: Readonly<Record<string, string>>;
}

/**
 * Deploys the same thing on a chain of its own in this process, asserts the outcome as a deployment does, and tells which addresses
 * it would have on the chain meant, and what it would cost there. Sends nothing.
 */
export async function rehearse({ parameters, people, policyUri, deployer, provider }: Rehearse): Promise<Rehearsal> {
  const nonce = await provider.getTransactionCount(deployer);
  const { gasPrice } = await provider.getFeeData();
  const hre = await projectHardhat();
  const connection = await hre.network.create('default');
  try {
    const { addressBook } = await deployProtocol(connection, parameters, people, { policyUri });
    const names = new Map(listContracts(addressBook.contracts).map(([name, address]) => [address.toLowerCase(), name]));
    const { provider: own } = connection.ethers;
    const addresses: Record<string, string> = {};
    let [gas, transactions] = [0n, 0];
    for (let block = await own.getBlockNumber(); block > 0; block -= 1) {
      for (const hash of (await own.getBlock(block))?.transactions ?? []) {
        const [sent, receipt] = [await own.getTransaction(hash), await own.getTransactionReceipt(hash)];
        if (sent === null || receipt === null) continue;
        transactions += 1;
        gas += receipt.gasUsed;
        const name = names.get(receipt.contractAddress?.toLowerCase() ?? '');
        // Ignition sends the same steps in the same order, so only the sender and the first nonce are others.
        if (name !== undefined) addresses[name] = getCreateAddress({ from: deployer, nonce: nonce + sent.nonce });
      }
    }
    const price = gasPrice ?? 0n;
    const balance = await provider.getBalance(deployer);
    const ordered = Object.fromEntries([...names.values()].map((name) => [name, addresses[name] ?? '']));
    return { deployer, balance, transactions, gas, gasPrice: price, cost: gas * price, addresses: ordered };
  } finally {
    await connection.close();
  }
}
