import type { Finding, Unit } from '../../../deploy/checks/findings.ts';
import { coins, decimal, part, span } from '../../chain/governance/units.ts';
import { counted } from '../../protocol/tokens.ts';

const NUMBERS: Readonly<Record<Exclude<Unit, 'tasks' | 'terms'>, (figure: bigint) => string>> = {
  coin: coins,
  part,
  decimal,
  seconds: (figure) => span(Number(figure)),
};

/** Parameters are looked at in the first epoch and in the last one that there can be. */
const IN_LAST_EPOCH = ` in epoch ${2 ** 32 - 1}`;

/** What the contracts call their changes, in words. */
const CHANGES: Readonly<Record<string, string>> = {
  WeightScheduled: 'weights of tasks',
  PolicyScheduled: 'scoring policy',
  ParametersScheduled: 'law of the reserve',
  TermsScheduled: 'terms of release',
  FoundationScheduled: 'foundation',
  AccountCapScheduled: 'cap of an account',
  AccelerationBoundScheduled: 'bound of acceleration',
  ChallengeScheduled: 'window and bond',
};

/** A difference between a deployment and what it was made from, for reading. */
export function findingText({ what, expected, found, unit }: Finding): string {
  const subject = what.replace(IN_LAST_EPOCH, ' once every change acts');
  if (expected === '[]') return `${subject}: ${changes(found.slice(1, -1))}`;
  return `${subject}: expected ${figure(expected, unit)}, found ${figure(found, unit)}`;
}

function figure(text: string, unit: Unit | undefined): string {
  if (unit === undefined) return text;
  const numbers = [...text.matchAll(/\d+/g)].map(([digits]) => BigInt(digits));
  const [first = 0n, second = 0n, third = 0n] = numbers;
  switch (unit) {
    case 'tasks':
      return tasks(numbers);
    case 'terms':
      return `cohorts of ${counted(second, 'epoch')} over ${span(Number(third))}, since epoch ${first}`;
    default:
      return /^\d+$/.test(text) ? NUMBERS[unit](first) : text;
  }
}

function tasks([task, weight, minimum, ...others]: readonly bigint[]): string {
  if (task === undefined || weight === undefined || minimum === undefined) return 'none';
  const one = `task ${task} ${part(weight)} from a score of ${minimum} on`;
  return others.length === 0 ? one : `${one}; ${tasks(others)}`;
}

function changes(list: string): string {
  return list.replaceAll(
    /(\w+Scheduled) from (\d+)/g,
    (_, name: string, epoch) => `${CHANGES[name] ?? name} from epoch ${epoch}`,
  );
}
