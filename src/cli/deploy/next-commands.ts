import type { AddressBook } from '../../chain/address-book.ts';
import { shellLine } from '../output/shell-line.ts';

/** What a deployment was told, as far as the commands behind it need it. */
export interface Deployed {
  readonly addressBook: Pick<AddressBook, 'chainId'>;
  /** Where the address book was written. */
  readonly path: string;
  readonly network: string;
  /** The preset's file if it is one of one's own; null: it comes with lode, and the address book names it. */
  readonly ownPreset: string | null;
  /** Of the journal. */
  readonly name: string;
}

/** The chain of a node of one's own, which no explorer shows. */
const OWN_CHAIN = 31_337;

/** What to run when a deployment stands, ready for a shell. */
export function nextCommands({ addressBook, path, network, ownPreset, name }: Deployed): readonly string[] {
  const preset = ownPreset === null ? [] : ['--preset', ownPreset];
  const check = ['npx', 'lode', 'doctor', '--network', network, '--addresses', path, ...preset];
  const publish = ['npx', 'hardhat', 'ignition', 'verify', name, '--network', network];
  const operate = ['npx', 'lode', 'init', '--addresses', path, ...preset];
  return (addressBook.chainId === OWN_CHAIN ? [check, operate] : [check, publish, operate]).map(shellLine);
}
