import { InputError } from '../protocol/errors.ts';

/** An option or argument of the command line that cannot be read: what was given, what is expected. */
export function optionFault(option: string, given: string, expected: string): InputError {
  return new InputError({
    code: 'OPTION_INVALID',
    shortMessage: `${option} does not take '${given}'`,
    details: { option, given, expected },
  });
}

/** An option or argument that something cannot be done without: what it would say. */
export function optionMissing(option: string, expected: string): InputError {
  return new InputError({
    code: 'OPTION_INVALID',
    shortMessage: `${option} is missing: ${expected}`,
    details: { option, expected },
  });
}
