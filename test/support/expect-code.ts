import { expect } from 'chai';

import { ProtocolError } from '../../src/protocol/errors.ts';

/** Expects a call to fail with a {@link ProtocolError} of this code and, where given, exactly these details. */
export async function expectCode(
  call: Promise<unknown>,
  code: string,
  details?: Readonly<Record<string, unknown>>,
): Promise<void> {
  const thrown: unknown = await call.then(
    () => new Error(`expected ${code}, but nothing failed`),
    (error: unknown) => error,
  );
  if (!(thrown instanceof ProtocolError)) throw thrown instanceof Error ? thrown : new Error(String(thrown));
  expect(thrown.code).to.equal(code);
  if (details !== undefined) expect(thrown.details).to.deep.equal(details);
}
