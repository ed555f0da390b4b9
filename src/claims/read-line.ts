import type { z } from 'zod';

/** A longer line is none: a claim of 26 cohorts and 32 hashes has some 5,000 characters. */
const LONGEST = 64 * 1024;

/**
 * Reads a line of JSON of any origin.
 *
 * @param invalid makes the error of what is wrong
 * @throws what `invalid` makes
 */
export function readLine<T>(text: string, schema: z.ZodType<T>, invalid: (reason: string) => Error): T {
  if (text.length > LONGEST) throw invalid(`longer than ${LONGEST} characters`);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw invalid('not JSON');
  }
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(`${['$', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'wrong'}`);
}
