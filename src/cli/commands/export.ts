import { resolve } from 'node:path';

import type { Command } from 'commander';
import { Option } from 'commander';

import type { MinerFlags } from '../claims/session.ts';
import { optionFault } from '../errors.ts';
import type { CommandContext, Io } from '../io.ts';
import { addAgreedNodesOptions } from '../options/agreed-nodes.ts';
import { reportFolder } from '../options/report-folder.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';
import { progressOn } from '../output/progress.ts';
import { table } from '../output/table.ts';
import type { ExportRow } from '../../store/export/tables.ts';

interface ExportFlags extends Omit<MinerFlags, 'addresses'> {
  readonly addresses?: string;
  readonly out: string;
  readonly format: 'csv' | 'parquet';
  readonly from?: number;
  readonly to?: number;
}

const DESCRIPTION =
  'Writes reports as tables for other programs: epochs, grants, accounts, the leaves of the newest tree with their cohorts, and with an address book every payment on chain. schema.json says what each column is. The same reports give the same bytes.';

/** `lode export`: reports as tables. */
export function addExport(program: Command, { io }: CommandContext): void {
  const command = program
    .command('export')
    .summary('write reports as CSV or Parquet')
    .description(DESCRIPTION)
    .argument('<dir>', "an operator's data folder, a replay folder, or a folder of reports")
    .requiredOption('--out <dir>', 'the folder to write; a new or empty one')
    .addOption(new Option('--format <format>', 'what the files are').choices(['csv', 'parquet']).default('csv'))
    .option('--from <epoch>', 'the first epoch', wholeNumberOption('--from', 0, MAX_EPOCH))
    .option('--to <epoch>', 'the last epoch', wholeNumberOption('--to', 0, MAX_EPOCH))
    .option('--addresses <file>', 'the address book of the deployment whose payments shall be a table too');
  addAgreedNodesOptions(command)
    .option('--json', 'print one JSON document on stdout')
    .action(async (dir: string, flags: ExportFlags) => {
      const folder = await reportFolder('<dir>', dir, io.cwd);
      const { from, to, format } = flags;
      if (from !== undefined && to !== undefined && to < from) {
        throw optionFault('--to', `${to}`, `an epoch from ${from} on, which --from names`);
      }
      const claims = await claimsOf(flags, io);
      const progress = progressOn(io);
      const { exportReports } = await import('../../store/export/export-reports.ts');
      const exported = await exportReports({
        ...{ folder, format, out: resolve(io.cwd, flags.out) },
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(claims === null ? {} : { claims }),
        onEpoch: (epoch, done, of) => progress.at(`epoch ${epoch}, ${done} of ${of}`, done, of),
      });
      progress.say(`written to ${flags.out}`);
      io.out(flags.json === true ? jsonDocument({ out: flags.out, format, ...exported }) : inWords(exported.tables));
    });
}

function inWords(tables: readonly { readonly file: string; readonly rows: number; readonly bytes: number }[]): string {
  return table(
    [{ title: 'file' }, { title: 'rows', align: 'right' }, { title: 'bytes', align: 'right' }],
    tables.map(({ file, rows, bytes }) => [file, `${rows}`, `${bytes}`]),
  );
}

/** What was paid on chain, as rows; null where no deployment is named. */
async function claimsOf(flags: ExportFlags, io: Io): Promise<ExportRow[] | null> {
  const { addresses } = flags;
  if (addresses === undefined) {
    const strange = flags.rpc === undefined ? (flags.network === undefined ? null : '--network') : '--rpc';
    if (strange !== null)
      throw optionFault(strange, 'a node', '--addresses beside it, which says what to look for there');
    return null;
  }
  const { withMinerSession } = await import('../claims/session.ts');
  return await withMinerSession({ ...flags, addresses }, io, { sends: false }, async ({ endpoints, block }) => {
    const { agreed, assertStillThere } = await import('../../chain/agreement.ts');
    const { readAllPayments } = await import('../../chain/payment-history.ts');
    const payments = await agreed(endpoints, 'what was paid', (connection) =>
      readAllPayments(connection, block.number),
    );
    await assertStillThere(endpoints, block);
    return payments.map(({ kind, account, recipient, epoch, amount, claimed, ...at }) => [
      ...[at.block, at.logIndex, at.time, at.transaction],
      ...[kind, account, recipient, epoch, amount, claimed],
    ]);
  });
}
