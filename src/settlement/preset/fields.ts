import { z } from 'zod';

import type { Address } from '../../protocol/brands.ts';
import { parseAddress, ZERO_ADDRESS } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { duration } from './quantity.ts';

/** A name that stands in file names, reports and commands. */
export const name = () =>
  z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'expected a name in small letters, digits and hyphens');

/** Words for people. */
export const text = () => z.string().min(1).max(2000);

/** An account, in lower case or with the right checksum; or `instead`, a word that stands for one. */
export function address(): z.ZodType<Address, string>;
export function address<W extends string>(instead: W): z.ZodType<Address | W, string>;
export function address<W extends string>(instead?: W) {
  return z.string().transform((written, context): Address | W => {
    if (written === instead) return instead;
    try {
      const account = parseAddress(written);
      if (account !== ZERO_ADDRESS) return account;
      context.addIssue({ code: 'custom', message: 'the zero address is nobody' });
      return z.NEVER;
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: error instanceof InputError ? error.shortMessage : 'not an address',
      });
      return z.NEVER;
    }
  });
}

/** A length of time within bounds (seconds, both included). */
export const durationWithin = ({ min, max }: { min: number; max: number }, message: string) =>
  duration().refine((seconds) => seconds >= min && seconds <= max, message);
