import type { Result } from 'ethers';

import type { Facts } from './facts.ts';

/** What a contract said while a call to it was executed. */
export interface PastEvent {
  readonly name: string;
  readonly args: Result;
}

/**
 * What a call found when it acted. One that was executed is described by the events of its contract, which say what was there before:
 * the chain as it is now has long had the new value, and a node keeps older states for a while only. One that was not is compared with
 * the chain as it is.
 *
 * @param read what is there now
 * @returns null where an executed call left no such event, so that nobody knows
 */
export async function before<T>(
  facts: Pick<Facts, 'past'>,
  event: string,
  ofEvent: (args: Result) => T,
  read: () => Promise<T>,
): Promise<T | null> {
  const events = pastEvents(facts, event);
  if (events === null) return await read();
  const [first] = events;
  return first === undefined ? null : ofEvent(first);
}

/** All events of this name that an executed call left, in their order; null for a call that was not executed. */
export function pastEvents({ past }: Pick<Facts, 'past'>, event: string): readonly Result[] | null {
  if (past === undefined) return null;
  return past.filter(({ name }) => name === event).map(({ args }) => args);
}

/** A value as people are shown it, if it is known. */
export function ifKnown<T>(value: T | null, show: (value: T) => string): string | null {
  return value === null ? null : show(value);
}
