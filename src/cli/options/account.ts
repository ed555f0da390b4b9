import { parseAddress, type Address } from '../../protocol/brands.ts';
import { InputError, ProtocolError } from '../../protocol/errors.ts';

/**
 * Reads an account's address: lower case, or mixed case with a correct checksum.
 *
 * @throws {InputError} `ADDRESS_MALFORMED` or `ADDRESS_CHECKSUM`, naming the option
 */
export function accountOption(option: string): (text: string) => Address {
  return (text) => {
    try {
      return parseAddress(text);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new InputError({
        code: error.code,
        shortMessage: `${option}: ${error.shortMessage}`,
        details: {
          option,
          given: text,
          expected: '0x and 40 hexadecimal digits, lower case or with the EIP-55 checksum',
        },
        cause: error,
      });
    }
  };
}

/** The same for an option that takes several accounts; one that is named twice counts once. */
export function accountsOption(option: string): (text: string, before?: readonly Address[]) => readonly Address[] {
  const read = accountOption(option);
  return (text, before = []) => [...new Set([...before, read(text)])];
}
