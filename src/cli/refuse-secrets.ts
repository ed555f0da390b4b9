import { InputError } from '../protocol/errors.ts';

const RAW_KEY = /^(?:--?[a-z-]+=)?["']?(?:0x)?[0-9a-f]{64}["']?$/i;
const MNEMONIC = /^(?:[a-z]{3,8}\s+){11,23}[a-z]{3,8}$/;

/**
 * Refuses a command line that carries what looks like a private key or a recovery phrase: it would stay in the shell's
 * history and be visible to every process of the machine. The value itself is not repeated.
 *
 * @throws {InputError} `SECRET_ON_COMMAND_LINE`
 */
export function refuseSecrets(args: readonly string[]): void {
  const position = args.findIndex((arg) => RAW_KEY.test(arg) || MNEMONIC.test(arg.trim()));
  if (position === -1) return;
  throw new InputError({
    code: 'SECRET_ON_COMMAND_LINE',
    shortMessage: `argument ${position + 1} looks like a private key or a recovery phrase; lode never takes one there`,
    details: {
      next: 'treat that key as exposed and move its funds; keep keys in an encrypted keystore or a hardware wallet',
    },
  });
}
