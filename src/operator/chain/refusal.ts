import type { ProtocolError } from '../../protocol/errors.ts';
import { RefusedError, RetryableError } from '../../protocol/errors.ts';
import type { Trouble } from './sender.ts';

/** Why something was not sent, as an error: one that passes by itself, or one that somebody has to look at. */
export function refusal(what: string, trouble: Trouble): ProtocolError {
  const shortMessage = `${what}: ${trouble.reason}`;
  switch (trouble.code) {
    case 'AccessManagedUnauthorized':
      return new RefusedError({
        code: 'ROLE_MISSING',
        shortMessage,
        details: { next: 'let governance grant the operator role to this account, or use the key of one that has it' },
      });
    case 'EpochDistributor_OperatorSuspended':
      return new RefusedError({
        code: 'OPERATOR_SUSPENDED',
        shortMessage,
        details: { next: 'see why at the settlement that was vetoed or disproved; governance can readmit the account' },
      });
    case 'EpochDistributor_ProposalsPaused':
      return new RetryableError({
        code: 'PROPOSALS_PAUSED',
        shortMessage,
        details: { next: 'ask the guardian why; it ends by itself' },
      });
    case 'BALANCE_TOO_SMALL':
      return new RefusedError({
        code: 'BALANCE_TOO_SMALL',
        shortMessage,
        details: { next: 'send the account coins; nothing was sent' },
      });
    case 'OUT_OF_GAS':
      return new RetryableError({
        code: 'OUT_OF_GAS',
        shortMessage,
        details: { next: 'run it again: it gets twice the gas' },
      });
    case 'TRANSACTION_FAILED':
      return new RetryableError({
        code: 'TRANSACTION_FAILED',
        shortMessage,
        details: { next: 'look at the transaction; what it was for is simulated again before it is sent again' },
      });
    case 'NONCE_TAKEN':
      return new RetryableError({
        code: 'TRANSACTION_REPLACED',
        shortMessage,
        details: { next: 'see who else sends from this account: one program is enough' },
      });
    case 'FEE_TOO_LOW':
      return new RetryableError({
        code: 'FEE_TOO_LOW',
        shortMessage,
        details: { next: 'run it again: more is offered' },
      });
    case 'FEE_LIMIT':
      return new RetryableError({
        code: 'FEE_LIMIT',
        shortMessage,
        details: { next: 'wait for a cheaper market, or raise keeper.maxFeePerGas in lode.config.json' },
      });
    case 'FAILED_REPEATEDLY':
      return new RefusedError({
        code: 'FAILED_REPEATEDLY',
        shortMessage,
        details: { next: 'look at the transactions that failed, then run it again in an hour' },
      });
    default:
      return new RefusedError({
        code: trouble.code,
        shortMessage,
        details: { next: 'see what is asked for, and run it again when it holds' },
      });
  }
}
