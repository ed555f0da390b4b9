import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Wallet } from 'ethers';

import { formatAddressBook } from '../../../src/chain/address-book.ts';
import type { ConfigFile } from '../../../src/operator/config.ts';
import { parseAddress } from '../../../src/protocol/brands.ts';

/** A contract of no deployment: the endpoint asks no chain. */
const contract = (number: number) => parseAddress(`0x${(0xc0de00 + number).toString(16).padStart(40, '0')}`);

const NAMES = [
  ...(['authority', 'timelock', 'token', 'curve', 'registry', 'reserve', 'vault', 'parameters', 'verifier'] as const),
  ...(['distributor', 'governor', 'handover', 'canceller'] as const),
];

/** The deployment that the endpoint's folder is for. */
export const BENCH_DOMAIN = { chainId: 31337, distributor: contract(NAMES.indexOf('distributor')).toLowerCase() };

/** A recorder with a key of its own, the same for the same number. */
export function benchRecorder(number: number): Wallet {
  return new Wallet(`0x${(number + 1).toString(16).padStart(64, '2')}`);
}

/** Writes the settings and the address book of an operator with an ingest endpoint and so many recorders; port 0 is any free one. */
export async function writeIngestData(
  data: string,
  recorders: number,
  changes: Partial<NonNullable<ConfigFile['ingest']>> = {},
): Promise<void> {
  await mkdir(data, { recursive: true });
  const contracts = Object.fromEntries(NAMES.map((name, index) => [name, contract(index)]));
  const book = formatAddressBook({
    ...{ format: 'lode-addresses-v1', chainId: BENCH_DOMAIN.chainId, startBlock: 0 },
    preset: { name: 'langx', variant: null, hash: `0x${'0'.repeat(64)}` },
    contracts: contracts as Parameters<typeof formatAddressBook>[0]['contracts'], // all of them are named above
  });
  const config: ConfigFile = {
    ...{ format: 'lode-operator-v1', addresses: 'addresses.json', rpc: ['http://127.0.0.1:8545'], ledger: {} },
    ingest: {
      port: 0,
      recorders: Array.from({ length: recorders }, (_, number) => benchRecorder(number).address),
      ...changes,
    },
  };
  await writeFile(join(data, 'addresses.json'), book);
  await writeFile(join(data, 'lode.config.json'), `${JSON.stringify(config, null, 2)}\n`);
}
