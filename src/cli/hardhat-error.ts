import { EXIT, type ExitCode } from './exit-codes.ts';
import type { ErrorReport } from './report-error.ts';

type Values = Readonly<Record<string, unknown>>;

interface Words {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: (values: Values) => string;
  readonly next: (values: Values) => string;
}

const UNREACHABLE = {
  exitCode: EXIT.retry,
  code: 'NODE_UNAVAILABLE',
  next: () => 'see that the node runs and its address is right, and run the same command again',
};

/** What Hardhat's own errors mean to whoever named a network, by its numbers. */
const WORDS: Readonly<Record<string, Words>> = {
  HHE7: {
    exitCode: EXIT.missing,
    code: 'VARIABLE_MISSING',
    message: ({ name }) => `${text(name)} is not set, and the network asks for it`,
    next: ({ name }) => `npx hardhat keystore set ${text(name)}, or set it in the environment`,
  },
  HHE28: {
    exitCode: EXIT.input,
    code: 'VARIABLE_INVALID',
    message: ({ configVariable }) => `what is set as ${variable(configVariable)} is no address of a node`,
    next: ({ configVariable }) => `npx hardhat keystore set --force ${variable(configVariable)}`,
  },
  HHE30: {
    exitCode: EXIT.input,
    code: 'VARIABLE_INVALID',
    message: ({ configVariable }) => `what is set as ${variable(configVariable)} is no hexadecimal number`,
    next: ({ configVariable }) => `npx hardhat keystore set --force ${variable(configVariable)}`,
  },
  HHE700: {
    exitCode: EXIT.input,
    code: 'NETWORK_ADDRESS_INVALID',
    message: ({ networkName }) => `the address of the network ${text(networkName)} is none`,
    next: () => 'set it anew, beginning with http:// or https://',
  },
  // Without what it answered, which can be a whole page.
  HHE702: { ...UNREACHABLE, message: () => 'the node answers with something else than JSON' },
  HHE703: {
    ...UNREACHABLE,
    message: ({ network }) => `no node answers at the address of the network ${text(network)}`,
  },
  HHE704: { ...UNREACHABLE, message: () => 'the node does not answer in time' },
  HHE708: {
    exitCode: EXIT.input,
    code: 'CHAIN_DIFFERS',
    message: ({ configChainId, connectionChainId }) =>
      `the network is chain ${text(configChainId)} by hardhat.config.ts, its node is on chain ${text(connectionChainId)}`,
    next: () => 'set the address of a node of that chain',
  },
};

/** An error of Hardhat's in our words; null for one that says nothing to whoever runs a command. */
export function fromHardhat(error: unknown): ErrorReport | null {
  if (!(error instanceof Error) || !('errorCode' in error) || typeof error.errorCode !== 'string') return null;
  const words = WORDS[error.errorCode];
  if (words === undefined) return null;
  const values = 'messageArguments' in error ? (error.messageArguments as Values) : {};
  const { exitCode, code, message, next } = words;
  return { exitCode, code, message: message(values), details: {}, next: next(values) };
}

/** Hardhat names it in a phrase of its own, between quotes. */
function variable(phrase: unknown): string {
  return /"([^"]+)"/.exec(text(phrase))?.[1] ?? text(phrase);
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'a variable';
}
