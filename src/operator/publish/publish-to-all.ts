import { InputError, InvariantError, ProtocolError, RefusedError, RetryableError } from '../../protocol/errors.ts';
import type { Confirmation, Publication, Target } from './target.ts';

/** What one target came to. */
export type TargetResult =
  | ({ readonly target: string; readonly state: 'confirmed' } & Confirmation)
  | { readonly target: string; readonly state: 'failed'; readonly code: string; readonly reason: string };

/**
 * Publishes to one target after the other and goes on after one that fails: what a target confirmed stays confirmed, and
 * `onConfirmed` has it written down before the next is begun.
 *
 * @throws {RetryableError | RefusedError} `PUBLISH_INCOMPLETE` with what every target came to; it is worth another attempt unless
 * one of them refuses
 */
export async function publishToAll(
  targets: readonly Target[],
  publication: Publication,
  onResult: (result: TargetResult) => Promise<void>,
  until: AbortSignal = new AbortController().signal,
): Promise<TargetResult[]> {
  const results: TargetResult[] = [];
  const failures: Error[] = [];
  for (const target of targets) {
    const result = await target.publish(publication, until).then(
      (confirmation): TargetResult => ({ target: target.name, state: 'confirmed', ...confirmation }),
      (error: unknown): TargetResult => {
        failures.push(error instanceof Error ? error : new Error(String(error)));
        return { target: target.name, state: 'failed', ...inWords(error) };
      },
    );
    results.push(result);
    await onResult(result);
  }
  const [first, ...others] = failures;
  if (first === undefined) return results;
  // Our own fault, or one of this machine such as a full disk, is told before those of others.
  const own = failures.find((error) => !(error instanceof ProtocolError) || error instanceof InvariantError);
  throw own ?? (others.length === 0 ? first : incomplete(publication, results, failures));
}

function incomplete({ epoch }: Publication, results: readonly TargetResult[], failures: readonly Error[]): Error {
  const failed = results.filter(({ state }) => state === 'failed');
  const words = {
    code: 'PUBLISH_INCOMPLETE',
    shortMessage: `${failed.length} of ${results.length} targets do not hold the report of epoch ${epoch}`,
    details: {
      epoch,
      failed: failed.map((result) => `${result.target}: ${result.state === 'failed' ? result.reason : ''}`),
      next: 'nothing is proposed before every target holds it; see what each says, and run the same command again',
    },
  };
  const isFinal = failures.some((error) => error instanceof RefusedError || error instanceof InputError);
  return isFinal ? new RefusedError(words) : new RetryableError(words);
}

function inWords(error: unknown): { readonly code: string; readonly reason: string } {
  if (error instanceof ProtocolError) return { code: error.code, reason: error.shortMessage };
  if (error instanceof Error) return { code: 'code' in error ? String(error.code) : 'INTERNAL', reason: error.message };
  return { code: 'INTERNAL', reason: String(error) };
}
