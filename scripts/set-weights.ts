/**
 * Changes the weights of all tasks through the timelock: the first run schedules the change, a run after the delay executes
 * it. In between nothing is sent. The reason is part of the change: give the same one each time.
 *
 *   LODE_ADDRESS_BOOK=… LODE_WEIGHTS=1=0.25,2=0.2,3=0.35,4=0.2 LODE_EPOCH=12 LODE_REASON="translation is scarce" \
 *     LODE_FROM=0x… npx hardhat run scripts/set-weights.ts --network localhost
 *
 * LODE_ADDRESS_BOOK  the deployment
 * LODE_WEIGHTS       task=weight for every task that is to be active; the weights sum to 1
 * LODE_EPOCH         the first epoch with these weights; it must not have started when the change is executed
 * LODE_REASON        why, in words
 * LODE_FROM          the council; default: the network's first account
 */
import { scheduleTasksCall } from '../src/chain/calls.ts';
import { advanceOperation } from '../src/chain/timelock.ts';
import { InputError } from '../src/protocol/errors.ts';
import { parseDecimal, parseRatio } from '../src/settlement/preset/quantity.ts';
import { required, runOnDeployment } from './shared/session.ts';

await runOnDeployment(async ({ chain, signer }) => {
  const table = required('LODE_WEIGHTS').split(',').map(parseWeight);
  const from = wholeNumber('LODE_EPOCH', required('LODE_EPOCH'));
  const call = scheduleTasksCall(chain.addresses, from, table);
  const { id, state, readyAt, receipt } = await advanceOperation(chain, signer, call, required('LODE_REASON'));
  return { operation: id, state, readyAt, from, weights: table, transaction: receipt?.hash ?? null };
});

function parseWeight(entry: string) {
  const [task = '', weight = ''] = entry.split('=');
  const value = parseRatio(weight);
  if (value === undefined) throw unreadable('LODE_WEIGHTS', entry);
  return { task: wholeNumber('LODE_WEIGHTS', task), weight: value };
}

function wholeNumber(name: string, text: string): number {
  const value = parseDecimal(text, 0);
  if (value === undefined || value >= 1n << 32n) throw unreadable(name, text);
  return Number(value);
}

function unreadable(name: string, text: string): InputError {
  return new InputError({
    code: 'VARIABLE_INVALID',
    shortMessage: `${name} does not take '${text}'`,
    details: { name, text },
  });
}
