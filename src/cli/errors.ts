import { InputError, ProtocolError } from '../protocol/errors.ts';

/** The request is well formed, but the present state does not allow it; doing it would lose or overwrite something. */
export class RefusedError extends ProtocolError {
  override readonly name: string = 'RefusedError';
}

/** A file, folder or account that the command needs is not there. */
export class MissingError extends ProtocolError {
  override readonly name: string = 'MissingError';
}

/** An option or argument of the command line that cannot be read: what was given, what is expected. */
export function optionFault(option: string, given: string, expected: string): InputError {
  return new InputError({
    code: 'OPTION_INVALID',
    shortMessage: `${option} does not take '${given}'`,
    details: { option, given, expected },
  });
}
