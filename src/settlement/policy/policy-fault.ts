import { InputError } from '../../protocol/errors.ts';

/** Makes the error for a place in the policy. */
export type FaultAt = (path: readonly (string | number)[], reason: string) => Error;

/** A fault at a place of the policy; `at` is what messages call the place of the policy in its file. */
export function policyFault(at: string, path: readonly PropertyKey[], reason: string): InputError {
  const steps = path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const shown = steps.reduce<string>((text, step) => text + shownStep(step), at);
  return new InputError({
    code: 'POLICY_INVALID',
    shortMessage: `${shown}: ${reason}`,
    details: { path: shown, steps, reason },
  });
}

/** `.tasks`, `[0]`, or `["a badge"]` where a dot would mislead. */
function shownStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[A-Za-z0-9_-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
