import type { Office } from '../../../deploy/holders.ts';
import { callersOf } from '../../../deploy/holders.ts';
import type { AccessRow } from '../../../deploy/roles.ts';
import { ACCESS_TABLE } from '../../../deploy/roles.ts';
import type { Ending, Walked } from './walk.ts';
import { nameOf } from './walk.ts';

/** How contracts say that somebody is not who may call. Any other error means that the caller got past that. */
const REFUSALS = new Set([
  'AccessManagedUnauthorized',
  'AccessManagerUnauthorizedAccount',
  'AccessManagerUnauthorizedCall',
  'AccessManagerUnauthorizedConsume',
  'AccessControlUnauthorizedAccount',
  'TimelockUnauthorizedCaller',
  'GovernorOnlyExecutor',
  'MiningToken_NotMinter',
  'VestingVault_NotDistributor',
  'StabilizationReserve_NotDistributor',
  'StabilizationReserve_NotPool',
  'MedianPriceSource_NotReporter',
  'Handover_NotOpen',
]);

/** What has no caller at all ends before it comes to that: nothing is scheduled, and no person answers a contract's question. */
const NOTHING_DELAYED = new Set([...REFUSALS, 'AccessManagerNotScheduled', '']);

/** What everybody is told of a thing that is over: neither refused nor let in. */
const CLOSINGS = new Set(ACCESS_TABLE.flatMap(({ closed }) => Object.values(closed?.by ?? {})));

/** Every difference between a table and what the chain did, one sentence each. */
export function differences(table: readonly AccessRow[], walked: readonly Walked[], office: Office): string[] {
  const found: string[] = [];
  const present = new Set(walked.map(({ writable }) => writable.contract.name));
  const functions = new Set(walked.map(({ writable }) => nameOf(writable)));
  const listed = new Map<string, AccessRow>();
  for (const row of table) {
    if (!present.has(row.contract)) continue;
    for (const name of row.functions) {
      const key = `${row.contract}.${name}`;
      if (listed.has(key)) found.push(`${key} stands in two rows`);
      if (!functions.has(key)) found.push(`${key} changes nothing, or is not there`);
      listed.set(key, row);
    }
  }
  for (const { writable, endings } of walked) {
    const name = nameOf(writable);
    const row = listed.get(name);
    if (row === undefined) {
      found.push(`${name} stands in no row: say in deploy/ who may call it`);
      continue;
    }
    found.push(...differencesOf(name, row, writable.name, endings, office));
  }
  return found;
}

function differencesOf(
  name: string,
  row: AccessRow,
  member: string,
  endings: readonly Ending[],
  office: Office,
): string[] {
  const refusals = row.role === 'DELAYED' ? NOTHING_DELAYED : REFUSALS;
  const holders = callersOf(row.role, office);
  const may = ({ by }: Ending) => holders === 'everybody' || holders.some((one) => one.toLowerCase() === by.address);
  const isRefused = ({ error }: Ending) => error !== null && refusals.has(error);
  const isOver = row.closed !== undefined && (row.closed.after === 'set-up' || office.handedOver);
  const closedBy = isOver ? row.closed.by[member] : undefined;
  const names = (list: readonly Ending[]) => [...new Set(list.map(({ by }) => by.name))].join(', ');

  if (closedBy !== undefined) {
    const open = endings.filter((one) => !isRefused(one) && one.error !== closedBy && one.isSilent !== true);
    const told = endings.filter((one) => may(one) && one.error === closedBy);
    return [
      ...(open.length > 0
        ? [`${name} should be over, and works for ${names(open)}: ${open[0]?.error ?? 'success'}`]
        : []),
      ...(told.length === 0 ? [`${name} never says ${closedBy} to ${row.role}`] : []),
    ];
  }
  const passed = endings.filter((one) => !isRefused(one));
  const intruders = passed.filter((one) => !may(one));
  const isClear = ({ error }: Ending) => error === null || !(NOTHING_DELAYED.has(error) || CLOSINGS.has(error));
  const lucky = new Set(passed.filter(isClear).map(({ by }) => by.name));
  const shutOut = endings.filter((one) => may(one) && !lucky.has(one.by.name));
  return [
    ...(intruders.length > 0
      ? [`${name} is for ${row.role}, and does not refuse ${names(intruders)}: ${intruders[0]?.error ?? 'success'}`]
      : []),
    ...(shutOut.length > 0
      ? [`${name} is for ${row.role}, and always refuses ${names(shutOut)}: ${shutOut[0]?.error}`]
      : []),
  ];
}
