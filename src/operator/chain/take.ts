import { RevertError } from '../../chain/revert-error.ts';
import type { Address } from '../../protocol/brands.ts';
import { MissingError } from '../../protocol/errors.ts';
import type { Facts, StepContext, StepOutcome } from '../steps/step.ts';
import { marketFees } from './fees.ts';
import { missingFunds } from './funds.ts';
import { estimateGas } from './gas.ts';
import { refusal } from './refusal.ts';
import type { NamedCall, Sender } from './sender.ts';

/** In whose name something is sent; the sender is null where nothing is to be sent, both where nobody is known. */
export interface Actor {
  readonly account: Address | null;
  readonly sender: Sender | null;
}

/**
 * Sends what a step needs, or shows it in a dry run. What was sent is done when a final block says so and not before, so this
 * gives `waiting`; a step that is done says so by what it reads.
 *
 * @throws {RefusedError} what nobody but a person can change, by code: `ROLE_MISSING`, `OPERATOR_SUSPENDED`, `BALANCE_TOO_SMALL`,
 * `FAILED_REPEATEDLY`, or the contract's own
 * @throws {RetryableError} what passes: `PROPOSALS_PAUSED`, `FEE_LIMIT`, `FEE_TOO_LOW`, `TRANSACTION_REPLACED`, `OUT_OF_GAS`,
 * `TRANSACTION_FAILED`, and whatever a node says
 * @throws {MissingError} `SIGNER_MISSING`
 */
export async function take(
  context: StepContext,
  actor: Actor,
  call: NamedCall,
  facts: Facts = {},
): Promise<StepOutcome> {
  if (context.dryRun) return { state: 'done', facts: { ...facts, ...(await preview(context, actor, call)) } };
  const { sender } = actor;
  if (sender === null) throw nobody(call.key);
  const outcome = await sender.send(call, context.block);
  switch (outcome.state) {
    case 'refused':
      throw refusal(call.key, outcome.trouble);
    case 'included': {
      const { transaction, block } = outcome;
      const reason = `${call.key}: transaction ${transaction} stands in block ${block}, which is not final yet`;
      return { state: 'waiting', reason, facts: { ...facts, transaction, block } };
    }
    case 'sending': {
      if (outcome.what === call.key && outcome.trouble !== null) throw refusal(call.key, outcome.trouble);
      const reason =
        outcome.what === call.key
          ? `${call.key}: it was sent and is in no block yet`
          : `${call.key}: it waits until it is known what becomes of another transaction (${outcome.what})`;
      return { state: 'waiting', reason, facts };
    }
  }
}

/** What would be sent, and what it would cost at most at the fees of the day. */
async function preview({ endpoints }: StepContext, { account }: Actor, call: NamedCall): Promise<Facts> {
  if (account === null) throw nobody(call.key);
  const { key, to, data, value } = call;
  try {
    const gas = await estimateGas(endpoints, account, call);
    const { price } = await marketFees(endpoints);
    const trouble = await missingFunds(endpoints, account, { value, gas: gas * price });
    if (trouble !== null) throw refusal(key, trouble);
    return {
      ...{ from: account, to, calldata: data, value: value.toString() },
      ...{ gas: gas.toString(), maxFeePerGas: price.toString(), cost: (gas * price).toString() },
    };
  } catch (error) {
    if (!(error instanceof RevertError)) throw error;
    const code = error.code === 'INSUFFICIENT_FUNDS' ? 'BALANCE_TOO_SMALL' : error.code;
    throw refusal(key, { code, reason: error.shortMessage });
  }
}

function nobody(what: string): MissingError {
  return new MissingError({
    code: 'SIGNER_MISSING',
    shortMessage: `${what}: nobody is there to sign`,
    details: { what, next: 'give --keystore and --password-file, or name them under signer in lode.config.json' },
  });
}
