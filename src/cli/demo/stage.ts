import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import type { ContractTransactionResponse, TransactionReceipt } from 'ethers';

import { deployProtocol } from '../../../deploy/deploy.ts';
import type { SettablePriceSource } from '../../../types/typechain/contracts/mocks/SettablePriceSource.ts';
import { SettablePriceSource__factory } from '../../../types/typechain/factories/contracts/mocks/SettablePriceSource__factory.ts';
import type { Connection } from '../../chain/connect.ts';
import { connect } from '../../chain/connect.ts';
import { onChain } from '../../chain/revert-error.ts';
import { parseAddress } from '../../protocol/brands.ts';
import { InvariantError } from '../../protocol/errors.ts';
import type { Preset } from '../../settlement/preset/load-preset.ts';
import type { PresetParameters } from '../../settlement/preset/preset-parameters.ts';
import { presetParameters } from '../../settlement/preset/preset-parameters.ts';
import type { GasBook } from './gas-book.ts';
import type { LocalChain } from './local-chain.ts';

/** Who acts in the demo, each with an account of its own. */
export interface Actors {
  readonly operator: HardhatEthersSigner;
  readonly guardian: HardhatEthersSigner;
  readonly council: HardhatEthersSigner;
  /** Anybody: closes, finalises, and brings other people's claims. */
  readonly keeper: HardhatEthersSigner;
  /** Holds the key of a contract wallet, and the account that is paid to. */
  readonly holder: HardhatEthersSigner;
  /** The foundation, where a preset has one and leaves its address open. */
  readonly foundation: HardhatEthersSigner;
}

/** A deployed protocol on a local chain, with everybody in place. */
export interface Stage {
  readonly chain: LocalChain;
  readonly parameters: PresetParameters;
  /** To read by; a sender is named with each step. */
  readonly connection: Connection;
  readonly actors: Actors;
  readonly prices: SettablePriceSource;
  /** Who was named as the foundation; null: the preset has none, or names it itself. */
  readonly foundation: string | null;
  readonly gas: GasBook;
  /** The time of the newest block. */
  readonly now: () => Promise<number>;
}

/** Deploys a preset through the modules of `deploy/`, with a price source that the demo sets. */
export async function setStage(chain: LocalChain, preset: Preset, start: number, gas: GasBook): Promise<Stage> {
  const { ethers } = chain.connection;
  const [deployer, operator, guardian, council, keeper, holder, foundation] = await ethers.getSigners();
  if (!deployer || !operator || !guardian || !council || !keeper || !holder || !foundation) {
    throw new InvariantError({ code: 'DEMO_ACCOUNTS', shortMessage: 'the local chain has too few accounts' });
  }
  const prices = await new SettablePriceSource__factory(keeper).deploy();
  const priceSource = parseAddress((await prices.getAddress()).toLowerCase());
  const named = preset.foundation.share > 0n && preset.foundation.account === null;
  const address = parseAddress(foundation.address.toLowerCase());
  const parameters = presetParameters(preset, start, { priceSource, ...(named ? { foundation: address } : {}) });
  const people = { council: council.address, operators: [operator.address], guardians: [guardian.address] };
  const { addressBook } = await deployProtocol(chain.connection, parameters, people);
  return {
    chain,
    parameters,
    connection: await connect(addressBook, ethers.provider),
    actors: { operator, guardian, council, keeper, holder, foundation },
    prices,
    foundation: named ? address : null,
    gas,
    now: async () => (await ethers.provider.getBlock('latest'))?.timestamp ?? 0,
  };
}

/** Sends a transaction that no step of `src/chain` sends, and waits for it. */
export async function sendAndWait(call: () => Promise<ContractTransactionResponse>): Promise<TransactionReceipt> {
  const receipt = await onChain(async () => await (await call()).wait());
  if (receipt === null) throw new InvariantError({ code: 'DEMO_RECEIPT', shortMessage: 'a transaction got lost' });
  return receipt;
}
