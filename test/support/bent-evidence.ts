import type { Evidence } from '../../src/settlement/faults/evidence.ts';
import type { Random } from './effort.ts';

/** Evidence with one thing in it changed at random: a byte, a length, a position, a level, a list, a part. It may still be right. */
export function bentEvidence(evidence: Evidence, numbers: Random): Evidence {
  const copy = structuredClone(evidence);
  const places = [...placesIn(copy, numbers)];
  places[numbers.index(places.length)]?.();
  return copy;
}

/** What can be left out of evidence, by the part that holds it. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = { neighbours: ['left', 'right'], sum: ['before'] };

/** Every way to change one thing below a value. */
function* placesIn(holder: object, numbers: Random): Generator<() => void> {
  const { kind, by } = holder as { kind?: string; by?: string };
  for (const key of OPTIONAL[by ?? kind ?? ''] ?? []) yield () => void Reflect.set(holder, key, null);
  for (const [key, value] of Object.entries(holder) as [string, unknown][]) {
    const set = (changed: unknown): void => void Reflect.set(holder, key, changed);
    if (value instanceof Uint8Array) {
      yield () => flip(value, numbers);
      // Hashes have one length only.
      if (key === 'node') continue;
      yield () => set(value.subarray(1));
      yield () => set(Uint8Array.of(...value, 0));
    } else if (key === 'siblings') {
      yield* listPlaces(value as Uint8Array[], numbers);
    } else if (Array.isArray(value)) {
      yield* listPlaces(value as Uint8Array[], numbers);
      yield* placesIn(value, numbers);
    } else if (typeof value === 'number') {
      yield () => set(value + 1);
      yield () => set(Math.max(0, value - 1));
      yield () => set(numbers.index(40));
    } else if (typeof value === 'object' && value !== null) {
      yield* placesIn(value, numbers);
    } else if (key === 'part') {
      yield () => set(value === 'curve' ? 'audit' : 'curve');
    }
  }
}

function* listPlaces(list: Uint8Array[], numbers: Random): Generator<() => void> {
  yield () => void list.pop();
  yield () => void list.push(list.at(-1) ?? new Uint8Array(32));
  yield () => void list.reverse();
  yield () => {
    for (const bytes of list) flip(bytes, numbers);
  };
}

function flip(bytes: Uint8Array, numbers: Random): void {
  const at = numbers.index(bytes.length + 1);
  if (at < bytes.length) bytes[at]! ^= 1 << numbers.index(8);
}
