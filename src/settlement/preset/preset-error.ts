import { InputError } from '../../protocol/errors.ts';

/** The one way in which a preset file is refused: where it stands, and why. */
export function presetFault(path: string, line: number, reason: string, cause?: unknown): InputError {
  return new InputError({
    code: 'PRESET_INVALID',
    shortMessage: `preset, line ${line}, ${path === '' ? 'the file' : path}: ${reason}`,
    details: { path, line, reason },
    cause,
  });
}
