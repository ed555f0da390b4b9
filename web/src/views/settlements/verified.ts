import { useSyncExternalStore } from 'react';

import type { Settlement } from '../../../../src/protocol/epoch-record.ts';
import type { PublishedVerification } from '../../../../src/store/verify-published.ts';

/** What came of computing a settlement anew, and how long it took. */
export interface Verified {
  readonly verification: PublishedVerification;
  readonly milliseconds: number;
}

/** Which settlement: another one of the same epoch has another report or another root. */
export type VerifiedSettlement = Pick<Settlement, 'root' | 'reportCid'>;

let known: ReadonlyMap<string, Verified> = new Map();
const listeners = new Set<() => void>();

/** Keeps what came of a settlement for as long as the page is open. */
export function keepVerified(settlement: VerifiedSettlement, verified: Verified): void {
  known = new Map(known).set(keyOf(settlement), verified);
  for (const hear of listeners) hear();
}

/** What came of settlements that were computed anew since the page was opened, by settlement. */
export function useVerified(): (settlement: VerifiedSettlement) => Verified | null {
  const all = useSyncExternalStore(
    (hear) => {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    () => known,
  );
  return (settlement) => all.get(keyOf(settlement)) ?? null;
}

function keyOf({ root, reportCid }: VerifiedSettlement): string {
  return `${reportCid} ${root}`;
}
