/** What a {@link ProtocolError} says: a stable code for programs, one sentence for people, the values it is about. */
export interface ProtocolErrorParameters {
  readonly code: string;
  readonly shortMessage: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The base of every error thrown on purpose. Its subclasses say what to do next. */
export class ProtocolError extends Error {
  override readonly name: string = 'ProtocolError';
  readonly code: string;
  readonly shortMessage: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor({ code, shortMessage, details = {}, cause }: ProtocolErrorParameters) {
    super(`${code}: ${shortMessage}`, cause === undefined ? {} : { cause });
    this.code = code;
    this.shortMessage = shortMessage;
    this.details = details;
  }
}

/** Something given from outside is wrong: fix the input and try again. */
export class InputError extends ProtocolError {
  override readonly name: string = 'InputError';
}

/** Something outside did not answer as it should: the same call may succeed later. */
export class RetryableError extends ProtocolError {
  override readonly name: string = 'RetryableError';
}

/** Our own fault: a promise of this code did not hold. Stop and report it. */
export class InvariantError extends ProtocolError {
  override readonly name: string = 'InvariantError';
}

/** The request is well formed, but the present state does not allow it; doing it would lose or overwrite something. */
export class RefusedError extends ProtocolError {
  override readonly name: string = 'RefusedError';
}

/** A file, folder or account that the command needs is not there. */
export class MissingError extends ProtocolError {
  override readonly name: string = 'MissingError';
}

/** Throws an {@link InputError} unless `condition` holds. */
export function assertInput(
  condition: boolean,
  code: string,
  shortMessage: string,
  details: Readonly<Record<string, unknown>> = {},
): asserts condition {
  if (!condition) throw new InputError({ code, shortMessage, details });
}

/** Throws an {@link InvariantError} unless `condition` holds. */
export function assertInvariant(
  condition: boolean,
  code: string,
  shortMessage: string,
  details: Readonly<Record<string, unknown>> = {},
): asserts condition {
  if (!condition) throw new InvariantError({ code, shortMessage, details });
}
