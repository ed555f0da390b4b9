import type { Command } from 'commander';

import type { Address } from '../../protocol/brands.ts';
import type { MinerFlags } from '../claims/session.ts';
import { addMinerOptions, withMinerSession } from '../claims/session.ts';
import type { CommandContext } from '../io.ts';
import { accountsOption } from '../options/account.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';

interface ClaimableFlags extends MinerFlags {
  readonly reports: readonly string[];
  readonly account: readonly Address[];
  readonly epoch?: number;
}

const DESCRIPTION =
  'Says what accounts can claim, rewards and units. Only the part of the report that holds their leaves is fetched, and no amount is shown that does not lead to the final root on chain.';

/** `lode claimable`: what is there for an account. */
export function addClaimable(program: Command, { io }: CommandContext): void {
  const command = program.command('claimable').summary('say what accounts can claim').description(DESCRIPTION);
  addMinerOptions(command)
    .requiredOption('--reports <places...>', 'where reports are published: folders, addresses, gateways (…/ipfs)')
    .requiredOption('--account <addresses...>', 'whose', accountsOption('--account'))
    .option('--epoch <n>', 'by which epoch; without it the newest', wholeNumberOption('--epoch', 0, MAX_EPOCH))
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: ClaimableFlags) => {
      const { parseReportPlace } = await import('../../store/parse-report-place.ts');
      const places = flags.reports.map((place) => parseReportPlace(place, io.cwd));
      const { account: accounts, epoch } = flags;
      const document = await withMinerSession(flags, io, { sends: false }, async (session) => {
        const { findClaims } = await import('../../claims/find-claims.ts');
        const found = await findClaims(session, { accounts, places, epoch });
        const { block, symbol, endpoints } = session;
        return { block, endpoints: endpoints.map(({ name }) => name), token: symbol, ...found };
      });
      const { claimableDocument, claimableText } = await import('../output/claimable-text.ts');
      io.out(flags.json === true ? jsonDocument(claimableDocument(document)) : claimableText(document));
    });
}
