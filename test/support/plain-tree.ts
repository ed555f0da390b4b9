import { parentOf } from '../../src/protocol/positional-merkle.ts';
import { WORD } from '../../src/protocol/words.ts';

/** The nodes of each level, leaves first, made one by one as the format describes it: what every faster way is held against. */
export function plainLevels(leaves: Uint8Array): readonly (readonly Uint8Array[])[] {
  const zero = new Uint8Array(WORD);
  let level: Uint8Array[] = Array.from({ length: leaves.length / WORD }, (_, index) =>
    leaves.slice(index * WORD, (index + 1) * WORD),
  );
  const levels = [level];
  while (level.length > 1) {
    const below = level;
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, index) =>
      parentOf(below[2 * index]!, below[2 * index + 1] ?? zero),
    );
    levels.push(level);
  }
  return levels;
}
