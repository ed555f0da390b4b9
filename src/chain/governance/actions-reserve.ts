import type { Result } from 'ethers';

import { MedianPriceSource__factory } from '../../../types/typechain/factories/contracts/reserve/MedianPriceSource__factory.ts';
import { InputError, ProtocolError, RetryableError } from '../../protocol/errors.ts';
import { interfaceOf } from '../bindings.ts';
import { onChain } from '../revert-error.ts';
import type { Action, Description, Encoded, Ground } from './action.ts';
import { addressIn, bigintIn, callTo, changed, just, NOTHING, numberIn, someone } from './action.ts';
import type { Facts } from './facts.ts';
import { before, ifKnown } from './past.ts';
import { decimal, part } from './units.ts';
import type { ReserveField, Wishes } from './wishes.ts';
import { RESERVE_FIELDS } from './wishes.ts';

const reserve = interfaceOf('reserve');
const median = MedianPriceSource__factory.createInterface();

/** How each number of the law is shown. */
const SHOWN: Readonly<Record<ReserveField, (value: bigint) => string>> = {
  a: decimal,
  b: decimal,
  c: (value) => `${decimal(value)} participants`,
  alpha: decimal,
  priceRef: decimal,
  smoothing: (value) => `${value} epochs`,
  rho: part,
};

/** The law of the reserve, and whom it asks for the price. */
export const RESERVE_LAW: Action = {
  title: 'law of the reserve and price source',
  contract: 'reserve',
  acts: 'for future epochs',
  bounds:
    'a and alpha at most 1, b at most 10, c at most 1e12, smoothing 2 to 3,650, rho · smoothing at most 1, priceRef above 0',
  wishes: ['reserve', 'law', 'priceSource'],
  functions: { scheduleParameters: describeLaw },
  lastChange: async ({ connection }) => Number(await onChain(() => connection.contracts.reserve.lastChange())),
  encode: encodeLaw,
};

/** Who may pay into the reserve. */
export const POOLS: Action = {
  title: 'pools that pay into the reserve',
  contract: 'reserve',
  acts: 'on execution',
  bounds: 'a pool stays registered',
  wishes: ['registerPool'],
  functions: {
    registerPool: async (args, facts) => {
      const pool = addressIn(args, 'pool');
      const { reserve: chain } = facts.connection.contracts;
      const isPool = await before(
        facts,
        'PoolRegistered',
        () => false,
        () => onChain(() => chain.isPool(pool)),
      );
      const old = ifKnown(isPool, (is) => (is ? 'yes' : 'no'));
      return { words: `${pool} may pay into the reserve`, changes: changed('pool', old, 'yes'), from: null };
    },
  },
  encode: ({ registerPool = [] }, { facts }) =>
    Promise.resolve(
      just(...registerPool.map((pool) => callTo(facts, 'reserve', reserve.encodeFunctionData('registerPool', [pool])))),
    ),
};

/** Who reports prices, where the median of several is asked. */
export const REPORTERS: Action = {
  title: 'reporters of the median price source',
  contract: 'priceSource',
  acts: 'on execution',
  bounds: '15 seats; nobody has two',
  wishes: ['setReporter'],
  functions: { setReporter: describeReporter },
  encode: ({ setReporter = [] }, { facts }) => encodeReporters(setReporter, facts),
};

/** The law of an epoch, its numbers by name. */
async function lawAt({ connection }: Facts, epoch: number) {
  const law = await onChain(() => connection.contracts.reserve.parametersAt(epoch));
  return numbersOf(law as unknown as Result); // the struct of the contract, as ethers gives it
}

function numbersOf(law: Result) {
  const numbers = RESERVE_FIELDS.map((field) => [field, bigintIn(law, field)] as const);
  return {
    hasLaw: law.getValue('hasLaw') === true,
    numbers: Object.fromEntries(numbers) as Readonly<Record<ReserveField, bigint>>, // each of the fields was read
    priceSource: addressIn(law, 'priceSource'),
  };
}

async function describeLaw(args: Result, facts: Facts): Promise<Description> {
  const from = numberIn(args, 'from');
  const ofEvent = (event: Result) => numbersOf(event.getValue('oldParameters') as Result);
  const old = await before(facts, 'ParametersScheduled', ofEvent, () => lawAt(facts, from));
  const next = numbersOf(args.getValue('newParameters') as Result);
  const onOff = (hasLaw: boolean): string => (hasLaw ? 'on' : 'off');
  const changes = [
    ...changed(
      'law',
      ifKnown(old, (one) => onOff(one.hasLaw)),
      onOff(next.hasLaw),
    ),
    ...RESERVE_FIELDS.flatMap((field) => {
      const show = SHOWN[field];
      const was = ifKnown(old, ({ numbers }) => show(numbers[field]));
      return changed(field, was, show(next.numbers[field]));
    }),
    ...changed(
      'price source',
      ifKnown(old, (one) => someone(one.priceSource)),
      someone(next.priceSource),
    ),
  ];
  return { words: `the law of the reserve from epoch ${from} on`, changes, from };
}

async function encodeLaw({ reserve: given = [], law, priceSource }: Wishes, ground: Ground): Promise<Encoded> {
  if (given.length === 0 && law === undefined && priceSource === undefined) return NOTHING;
  const { facts, from } = ground;
  const old = await lawAt(facts, from);
  const numbers = { ...old.numbers, ...Object.fromEntries(given.map(({ name, value }) => [name, value])) };
  const next = { ...numbers, hasLaw: law ?? old.hasLaw, priceSource: priceSource ?? old.priceSource };
  const notes = next.hasLaw ? [] : ['the law is off: participation and price do not move what an epoch pays'];
  return { calls: [callTo(facts, 'reserve', reserve.encodeFunctionData('scheduleParameters', [from, next]))], notes };
}

async function describeReporter(args: Result, facts: Facts): Promise<Description> {
  const { connection, target } = facts;
  const seat = numberIn(args, 'seat');
  const next = addressIn(args, 'reporter');
  const old = await before(
    facts,
    'ReporterSet',
    (event): string | null => addressIn(event, 'oldReporter'),
    async () => {
      // The source can be whatever was voted for, be it no contract at all.
      if (target === undefined || (await onChain(() => connection.provider.getCode(target))) === '0x') return null;
      return await onChain(() => MedianPriceSource__factory.connect(target, connection.provider).reporterOf(seat));
    },
  );
  const changes = changed(`seat ${seat}`, ifKnown(old, someone), someone(next));
  return { words: 'who reports to the median price source', changes, from: null };
}

async function encodeReporters(wishes: NonNullable<Wishes['setReporter']>, facts: Facts): Promise<Encoded> {
  if (wishes.length === 0) return NOTHING;
  const { connection, priceSources: sources } = facts;
  const [to, another] = sources;
  if (to === undefined || another !== undefined) {
    const shortMessage =
      to === undefined ? 'nobody is asked for the price' : 'the price source is about to be replaced';
    throw unclear('PRICE_SOURCE_UNCLEAR', shortMessage, sources);
  }
  try {
    await onChain(() => MedianPriceSource__factory.connect(to, connection.provider).SEATS());
  } catch (error) {
    if (!(error instanceof ProtocolError) || error instanceof RetryableError) throw error;
    throw unclear('PRICE_SOURCE_OTHER', 'the price source is no median of reporters', sources);
  }
  const calls = wishes.map(({ seat, account }) => ({
    to,
    data: median.encodeFunctionData('setReporter', [seat, account]),
    value: 0n,
  }));
  return just(...calls);
}

function unclear(code: string, shortMessage: string, sources: Facts['priceSources']): InputError {
  const next = 'set a median price source first; its reporters once it is asked';
  return new InputError({ code, shortMessage, details: { sources, next } });
}
