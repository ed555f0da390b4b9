import type { Provider } from 'ethers';

import { roleHolders, timelockHolders } from '../../../deploy/checks/authority.ts';
import { ROLE_IDS, TIMELOCK_ROLES } from '../../../deploy/roles.ts';
import type { AddressBook } from '../../chain/address-book.ts';
import type { Contracts } from '../../chain/bindings.ts';
import { holderKind } from '../../chain/pending.ts';
import type { SuspendedOperator } from '../../chain/vetoes.ts';
import { ZERO_ADDRESS } from '../../protocol/brands.ts';
import { suspensionText } from '../output/veto-text.ts';
import type { Power, PriceHealth } from './diagnosis.ts';

const HOUR = 3600n;

export interface FindPowers {
  readonly addressBook: AddressBook;
  readonly contracts: Contracts;
  readonly provider: Provider;
  readonly price: PriceHealth;
  readonly suspended: readonly SuspendedOperator[];
}

/** Everybody who could still do harm, as the chain has it now and not as the deployment left it, and how much. */
export async function findPowers({ addressBook, contracts, provider, price, suspended }: FindPowers): Promise<Power[]> {
  const { timelock, parameters } = contracts;
  const wait = `${(await timelock.getMinDelay()) / HOUR} hours`;
  const { window } = await challengeNow(contracts);
  const roles = await roleHolders(contracts, addressBook.startBlock);
  const inTimelock = await timelockHolders(contracts, addressBook.startBlock);
  const { governor, canceller, handover, timelock: own } = addressBook.contracts;
  const ours = new Map<string, string>([
    [governor.toLowerCase(), 'the holders, by the governor'],
    [canceller.toLowerCase(), 'the guardians, by their canceller'],
    [handover.toLowerCase(), 'the hand-over'],
    [own.toLowerCase(), 'the timelock'],
  ]);
  const powers: Power[] = [];
  const add = async (role: string, accounts: Iterable<string> | undefined, can: string): Promise<void> => {
    for (const address of [...(accounts ?? [])].sort()) {
      if (address === ZERO_ADDRESS) continue;
      powers.push({ role: ours.get(address) ?? role, address, held: await holderKind(provider, address), can });
    }
  };
  await add(
    'council',
    inTimelock.get(TIMELOCK_ROLES.PROPOSER),
    `schedules any change that governance may make; it acts ${wait} later at the earliest, within the bounds in code`,
  );
  const cancellers = new Set(inTimelock.get(TIMELOCK_ROLES.CANCELLER));
  for (const known of [canceller, ...(inTimelock.get(TIMELOCK_ROLES.PROPOSER) ?? [])])
    cancellers.delete(known.toLowerCase());
  await add('canceller', cancellers, 'cancels what waits in the timelock');
  const admins = new Set(inTimelock.get(TIMELOCK_ROLES.ADMIN));
  for (const known of [handover, own]) admins.delete(known.toLowerCase());
  await add('administrator of the timelock', admins, 'gives and takes every role of the timelock at once');
  const held = new Map(suspended.map((one) => [one.operator as string, suspensionText(one)]));
  const operators = [...(roles.get(ROLE_IDS.OPERATOR) ?? [])];
  for (const operator of operators) {
    const why = held.get(operator);
    if (why !== undefined) await add('operator', [operator], why);
  }
  await add(
    'operator',
    operators.filter((operator) => !held.has(operator)),
    `proposes a false settlement, with a bond; false sums anyone can disprove and false scores a guardian can veto, within ${window / HOUR} hours`,
  );
  await add(
    'guardian',
    roles.get(ROLE_IDS.GUARDIAN),
    'holds up settlements by vetoes and pauses, and cancels what waits in the timelock; moves no funds',
  );
  const { source, feed, median } = price;
  const falsePrice = 'a false price; what an epoch pays moves within the bounds of the law';
  // A median says only what its reporters say, an adapter what its feed says.
  if (median !== null) {
    const reporters = median.seats.map(({ reporter }) => reporter.toLowerCase());
    await add('reporter', reporters, `reports a price; more than half of those who report make ${falsePrice}`);
    const naming = median.authority === null ? [] : [median.authority.toLowerCase()];
    await add('names reporters', naming, `names who reports the price, and so makes ${falsePrice}`);
  } else if (feed !== null) await add('price feed', [feed.feed.toLowerCase()], `says ${falsePrice}`);
  else if (source !== null) await add('price source', [source.toLowerCase()], `says ${falsePrice}`);
  await add(
    'foundation',
    [(await foundationNow(parameters, contracts)).toLowerCase()],
    'is paid its share; decides nothing',
  );
  return powers;
}

/** The terms of the epoch that runs, or of the first one while none does. */
async function challengeNow(contracts: Contracts): Promise<{ readonly window: bigint }> {
  const [window] = await contracts.parameters.challengeAt(await contracts.distributor.nextToClose());
  return { window };
}

async function foundationNow(parameters: Contracts['parameters'], { distributor }: Contracts): Promise<string> {
  const [foundation] = await parameters.foundationAt(await distributor.nextToClose());
  return foundation;
}
