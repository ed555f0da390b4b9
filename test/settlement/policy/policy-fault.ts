import { InputError } from '../../../src/protocol/errors.ts';
import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';

/** Where in a policy the first fault is. */
export function faultOf(data: unknown): string {
  try {
    parsePolicy(data);
  } catch (error) {
    if (error instanceof InputError && error.code === 'POLICY_INVALID') return String(error.details['path']);
    throw error;
  }
  throw new Error('the policy was taken');
}
