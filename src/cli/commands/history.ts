import { resolve } from 'node:path';

import type { Command } from 'commander';

import { moment } from '../../chain/moment.ts';
import type { Address } from '../../protocol/brands.ts';
import type { MinerFlags } from '../claims/session.ts';
import { addMinerOptions, withMinerSession } from '../claims/session.ts';
import { optionFault } from '../errors.ts';
import type { CommandContext } from '../io.ts';
import { accountsOption } from '../options/account.ts';
import { dateOption } from '../options/date.ts';
import { jsonDocument } from '../output/json-document.ts';

interface HistoryFlags extends MinerFlags {
  readonly account: readonly Address[];
  readonly from?: number;
  readonly until?: number;
  readonly csv?: string | true;
}

const DESCRIPTION =
  'Lists what accounts were paid, rewards and units: when, by which epoch, how much, and at which price of the time. That the list is whole is held against what the contracts keep.';

/** `lode history`: what was paid, for taxes. */
export function addHistory(program: Command, { io }: CommandContext): void {
  const command = program.command('history').summary('list what accounts were paid').description(DESCRIPTION);
  addMinerOptions(command)
    .requiredOption('--account <addresses...>', 'whose payments', accountsOption('--account'))
    .option('--from <date>', 'from when on, in UTC: 2024-01-01 or 2024-01-01T06:00:00Z', dateOption('--from'))
    .option('--until <date>', 'before when, in UTC', dateOption('--until'))
    .option('--csv [file]', 'print CSV on stdout, or write it to a file')
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: HistoryFlags) => {
      const { account: accounts, from = 0, until = Number.MAX_SAFE_INTEGER } = flags;
      // A list of no time at all would be empty, and read as if nothing had been paid.
      if (from >= until) throw optionFault('--until', moment(until), `a moment after --from, ${moment(from)}`);
      const { valued, historyCsv } = await import('../../claims/history-csv.ts');
      const { historyText } = await import('../output/history-text.ts');
      const { block, symbol, payments } = await withMinerSession(flags, io, { sends: false }, async (session) => {
        const { agreed, assertStillThere } = await import('../../chain/agreement.ts');
        const { readPaymentHistory } = await import('../../chain/payment-history.ts');
        const all = await agreed(
          session.endpoints,
          'what the accounts were paid',
          async (one) => await readPaymentHistory(one, accounts, session.block.number),
        );
        await assertStillThere(session.endpoints, session.block);
        return { block: session.block, symbol: session.symbol, payments: valued(all) };
      });
      const shown = payments.filter(({ time }) => time >= from && time < until);
      const text = historyCsv(shown, symbol);
      const file = typeof flags.csv === 'string' ? resolve(io.cwd, flags.csv) : null;
      if (file !== null) {
        const { writeWhole } = await import('../../store/write-whole.ts');
        await writeWhole(file, new TextEncoder().encode(text));
      }
      if (flags.json === true) io.out(jsonDocument({ block, token: symbol, file, payments: shown }));
      else if (file !== null) io.out(`${shown.length} written to ${file}\n`);
      else io.out(flags.csv === true ? text : historyText(shown, symbol));
    });
}
