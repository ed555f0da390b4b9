import { InputError } from '../../protocol/errors.ts';

/** What is wrong with a preset file, and where. */
export interface PresetProblem {
  /** `/curve/phases/0/shares`; empty for the file as a whole. */
  readonly path: string;
  /** null: it stands nowhere in the file. */
  readonly line: number | null;
  readonly reason: string;
}

/** The one way in which a preset file is refused: where it stands, and why. */
export function presetFault({ path, line, reason }: PresetProblem, more = 0): InputError {
  const others = more === 0 ? '' : ` (and ${more} more; \`lode preset check\` lists them)`;
  return new InputError({
    code: 'PRESET_INVALID',
    shortMessage: `preset${line === null ? '' : `, line ${line}, ${path === '' ? 'the file' : path}`}: ${reason}${others}`,
    details: { path, line, reason },
  });
}
