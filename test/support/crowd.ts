import { createHash } from 'node:crypto';

import fc from 'fast-check';

import { parseAddress, type Address } from '../../src/protocol/brands.ts';
import { advance } from '../../src/settlement/economy.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { GENESIS, type State } from '../../src/settlement/state.ts';
import { histories, testAddress } from './history.ts';

/** A settlement of many accounts, so that there are several shards; `parent` is the state before it. */
export function crowd(
  accounts: number,
  addressOf: (n: number) => Address = testAddress,
  parent: State = GENESIS,
): EpochSettlement {
  const [{ parameters }] = fc.sample(histories({ maxEpochs: 1, maxAccounts: 1 }), { numRuns: 1, seed: 7 }) as [never];
  const tasks = (parameters as { tasks: { value: { task: number }[] }[] }).tasks[0]!.value;
  const scores = Array.from({ length: accounts }, (_, n) => ({
    account: addressOf(n),
    task: tasks[n % tasks.length]!.task,
    score: BigInt(n + 1),
  }));
  return advance(parameters, parent, { scores, uses: [], price: 0n });
}

/** An address like those of real accounts: anywhere among all that there are. */
export function scatteredAddress(n: number): Address {
  return parseAddress(`0x${createHash('sha256').update(`account ${n}`).digest('hex').slice(0, 40)}`);
}
