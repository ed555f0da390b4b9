import type { Hash32 } from '../protocol/brands.ts';
import { parseHash32 } from '../protocol/brands.ts';
import type { EpochRecord } from '../protocol/epoch-record.ts';
import { basisHash, recordHash } from '../protocol/epoch-record.ts';
import { curveHash } from '../protocol/vesting-curve.ts';
import { bytesToHex } from '../protocol/words.ts';
import type { State } from './state.ts';

/** What a proposal on top of `parent` stands on: one hash over record, parent root, S and the total curve. */
export function basisOf(record: EpochRecord, parent: Pick<State, 'root' | 'reserve' | 'totalCurve'>): Hash32 {
  return basisHash({
    recordHash: recordHash(record),
    parentRoot: parent.root,
    reserve: parent.reserve,
    totalCurveHash: parseHash32(bytesToHex(curveHash(parent.totalCurve))),
  });
}
