import type { Command } from 'commander';

import type { Address } from '../../protocol/brands.ts';
import type { CommandContext } from '../io.ts';
import { accountOption } from '../options/account.ts';
import { reportFolder } from '../options/report-folder.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import { explanationText } from '../output/explanation.ts';
import { jsonDocument } from '../output/json-document.ts';
import { visibleLines } from '../output/visible.ts';

interface ExplainFlags {
  readonly report: string;
  readonly account: Address;
  readonly epoch: number;
  readonly json?: true;
}

const DESCRIPTION =
  "Shows every step of one account's epoch: its rows, what of them counts, points, every factor, usage, whether it is eligible, score, share, cap, grant, what usage unlocked, and its vesting before and after. The steps are computed anew and held against the report.";

/** `lode explain`: why this account earned this much. */
export function addExplain(program: Command, { io }: CommandContext): void {
  program
    .command('explain')
    .summary('show every step from an account’s rows to its wei')
    .description(DESCRIPTION)
    .requiredOption('--report <dir>', "a replay folder, a folder of reports, or one epoch's report")
    .requiredOption('--account <address>', 'whose epoch', accountOption('--account'))
    .requiredOption('--epoch <n>', 'which epoch', wholeNumberOption('--epoch', 0, MAX_EPOCH))
    .option('--json', 'print one JSON document on stdout')
    .action(async ({ report, account, epoch, json }: ExplainFlags) => {
      const folder = await reportFolder('--report', report, io.cwd);
      const { explainAccount } = await import('../../store/read-account.ts');
      const explanation = await explainAccount({ folder, account, epoch });
      io.out(json === true ? jsonDocument(explanation) : visibleLines(explanationText(explanation)));
    });
}
