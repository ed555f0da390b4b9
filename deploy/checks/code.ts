import type { Provider } from 'ethers';
import { keccak256 } from 'ethers';

import type { AddressBook } from '../../src/chain/address-book.ts';
import { listContracts } from '../../src/chain/address-book.ts';
import type { ContractKey } from '../../src/chain/bindings.ts';
import { EpochDistributor__factory } from '../../types/typechain/factories/contracts/distribution/EpochDistributor__factory.ts';
import type { Findings } from './findings.ts';

/** What the compiler says of a contract's code as it stands on chain. */
export interface CompiledCode {
  /** With zeros where the constructor writes immutables. */
  readonly deployedBytecode: string;
  readonly immutableReferences?: Readonly<
    Record<string, readonly { readonly start: number; readonly length: number }[]>
  >;
}

/** One contract of a deployment and the hash of its code, immutables left out. */
export interface CodeHash {
  readonly name: string;
  readonly contract: string;
  readonly address: string;
  readonly hash: string;
  readonly expected: string;
}

/** The contract behind each name of an address book. */
export const CONTRACT_NAMES: Readonly<Record<ContractKey, string>> = {
  authority: 'MiningAuthority',
  timelock: 'MiningTimelock',
  token: 'MiningToken',
  curve: 'EmissionCurve',
  registry: 'TaskRegistry',
  reserve: 'StabilizationReserve',
  vault: 'VestingVault',
  parameters: 'EpochParameters',
  verifier: 'SettlementVerifier',
  distributor: 'EpochDistributor',
  governor: 'MiningGovernor',
  handover: 'Handover',
  canceller: 'GuardianCanceller',
  unitPool: 'UnitPool',
};

export interface CheckCode {
  readonly addressBook: AddressBook;
  readonly provider: Provider;
  /** The compiler's output for a contract of this repository. */
  readonly compiled: (contract: string) => Promise<CompiledCode>;
}

/**
 * Compares the code at every address with what this repository compiles to. Immutables are left out here: the links and
 * figures that they hold are compared one by one in the other checks.
 */
export async function checkCode(findings: Findings, check: CheckCode): Promise<readonly CodeHash[]> {
  const { addressBook, provider, compiled } = check;
  const compare = async (name: string, contract: string, address: string): Promise<CodeHash> => {
    const { hash, expected } = await compareCode({ provider, compiled }, contract, address);
    findings.equal(`code of ${name}`, hash, expected);
    return { name, contract, address, hash, expected };
  };
  const hashes: CodeHash[] = [];
  for (const [name, address] of listContracts(addressBook.contracts)) {
    hashes.push(await compare(name, CONTRACT_NAMES[name as ContractKey], address)); // the names are those of the file's schema
  }
  // The distributor creates this one itself; asked only when the code that answers is known.
  if (hashes.every(({ hash, expected }) => hash === expected)) {
    const distributor = EpochDistributor__factory.connect(addressBook.contracts.distributor, provider);
    hashes.push(await compare('arithmetic', 'SettlementArithmetic', await distributor.ARITHMETIC()));
  }
  return hashes;
}

/** The hash of the code at an address, and that of a contract of this repository, immutables left out of both. */
export async function compareCode(
  { provider, compiled }: Pick<CheckCode, 'provider' | 'compiled'>,
  contract: string,
  address: string,
): Promise<Pick<CodeHash, 'hash' | 'expected'>> {
  const { deployedBytecode, immutableReferences = {} } = await compiled(contract);
  const code = await provider.getCode(address);
  const hash = code === '0x' ? 'no code' : keccak256(withoutImmutables(code, immutableReferences));
  return { hash, expected: keccak256(withoutImmutables(deployedBytecode, immutableReferences)) };
}

/** The code with zeros in place of every immutable. */
export function withoutImmutables(code: string, references: NonNullable<CompiledCode['immutableReferences']>): string {
  let masked = code;
  for (const { start, length } of Object.values(references).flat()) {
    const [from, to] = [2 + 2 * start, 2 + 2 * (start + length)];
    if (to <= masked.length) masked = masked.slice(0, from) + '0'.repeat(to - from) + masked.slice(to);
  }
  return masked;
}
