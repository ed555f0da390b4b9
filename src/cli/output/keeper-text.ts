import { formatUnits } from 'ethers';

import type { KeeperEvent } from '../../operator/keeper-event.ts';
import { levelOf } from '../../operator/keeper-event.ts';
import { factsText } from './facts-text.ts';
import { tokens } from '../../protocol/tokens.ts';

/** One event of the keeper for people. */
export function keeperText(event: KeeperEvent): string {
  const level = levelOf(event);
  const head = level === 'error' ? 'ALARM ' : level === 'warn' ? 'warning: ' : '';
  return `${head}${words(event)}\n`;
}

function words(event: KeeperEvent): string {
  switch (event.event) {
    case 'keeping': {
      const who = event.account === null ? 'without a key' : `as ${event.account}`;
      return `keeping ${event.data} by ${event.endpoints.join(' and ')}, ${who}${event.dryRun ? '; nothing is written or sent' : ''}`;
    }
    case 'done':
      return `epoch ${event.epoch}: ${event.step} done${factsText(event.facts)}`;
    case 'waiting':
      return `epoch ${event.epoch}: ${event.reason}`;
    case 'over':
      return `epoch ${event.epoch}: everything is done`;
    case 'retired':
      return event.state === 'removed'
        ? `epoch ${event.epoch}: its report is gone from the data folder, every target has it (${event.files} files)`
        : `epoch ${event.epoch}: its report stays in the data folder: ${event.reason}`;
    case 'alarm':
    case 'trouble':
      return `${placeOf(event)}${event.reason} (${event.code})${event.next === null ? '' : `\n  next: ${event.next}`}`;
    case 'alarm-over':
      return `${placeOf(event)}${event.code} is over`;
    case 'recovered':
      return 'everything outside answers again';
    case 'sending':
      return `sending: ${event.what} (nonce ${event.nonce}${event.value === '0' ? '' : `, ${tokens(BigInt(event.value), 6)} coins`})`;
    case 'offered-again':
      return `offered again: ${event.what} (nonce ${event.nonce}, ${formatUnits(event.price, 'gwei')} gwei): ${event.why}`;
    case 'taken-back':
      return `its block was replaced by one without it: ${event.what}, ${event.transaction}; it is on its way again`;
    case 'included':
      return `in a block: ${event.what}${event.transaction === null ? '' : `, ${event.transaction}`}`;
    case 'not-sent':
      return `not sent: ${event.what}: ${event.reason} (${event.code})`;
    case 'paid':
      return `paid out: ${tokens(BigInt(event.amount), 6)} coins to ${event.account}`;
    case 'step':
      return `epoch ${event.epoch}: ${event.step}: ${String(event['what'])}`;
  }
}

function placeOf({ epoch, step }: { readonly epoch: number | null; readonly step: string | null }): string {
  return epoch === null ? '' : `epoch ${epoch}${step === null ? '' : `, ${step}`}: `;
}
