import { formatEther, formatUnits } from 'ethers';

import type { AddressBook } from '../../chain/address-book.ts';
import { listContracts } from '../../chain/address-book.ts';
import type { Rehearsal } from '../deploy/rehearse.ts';
import { table } from './table.ts';
import { grouped } from '../../protocol/tokens.ts';

const COLUMNS = [{ title: 'contract' }, { title: 'address' }];

/** What a deployment would do, for reading. */
export function rehearsalText(rehearsal: Rehearsal, network: string): string {
  const { deployer, balance, transactions, gas, gasPrice, cost, addresses } = rehearsal;
  return [
    table(COLUMNS, Object.entries(addresses)),
    `\n${transactions} transactions on ${network}, ${grouped(gas)} gas at ${formatUnits(gasPrice, 'gwei')} gwei: ${formatEther(cost)} ETH\n`,
    `deployer ${deployer} has ${formatEther(balance)} ETH\n`,
  ].join('');
}

/** A deployment that stands, for reading, and what to do next. */
export function deployedText(book: AddressBook, path: string, commands: readonly string[]): string {
  return [
    table(COLUMNS, listContracts(book.contracts)),
    `\nchain ${book.chainId}, from block ${book.startBlock}; compared with the preset and the role table: no difference\n`,
    `address book: ${path}\n`,
    `next:\n${commands.map((command) => `  ${command}\n`).join('')}`,
  ].join('');
}
