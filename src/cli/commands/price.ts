import type { Command } from 'commander';

import type { Address } from '../../protocol/brands.ts';
import { runSending } from '../governance/run-sending.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';
import { accountOption } from '../options/account.ts';
import { decimalOption, durationOption, ratioOption } from '../options/quantities.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import type { CreatingFlags } from '../price/create-source.ts';
import { addCreatingOptions } from '../price/creating-options.ts';
import type { FeedRules, MedianRules } from '../price/creations.ts';

const FEED =
  'Deploys the adapter by which a feed of the AggregatorV3 shape can be asked for the price. Whoever decides names it afterwards.';
const MEDIAN =
  'Deploys a price source whose price is the median of what several reporters say. Whoever decides names it, and then its reporters.';
const REPORT = 'Says, as a reporter, what a token is worth now, to the median that is asked for the price.';
/** As many as the contract has seats. */
const SEATS = 15;

/** `lode price …`: sources of the price, and what their reporters do. */
export function addPrice(program: Command, context: CommandContext): void {
  const group = program
    .command('price')
    .summary('deploy a price source, report a price')
    .description('Commands about who is asked for the price.');
  for (const add of [addFeed, addMedian, addReport]) add(group, context);
}

function addFeed(group: Command, { io }: CommandContext): void {
  const command = group
    .command('feed')
    .summary('deploy the adapter of a feed')
    .description(FEED)
    .requiredOption('--feed <address>', 'the feed', accountOption('--feed'))
    .requiredOption('--max-age <time>', "how old an answer may be at an epoch's end", durationOption('--max-age'));
  addCreatingOptions(command).action(async (flags: CreatingFlags & FeedRules) => {
    const { createSource } = await import('../price/create-source.ts');
    const { feedCreation } = await import('../price/creations.ts');
    await createSource(flags, io, (session) => feedCreation(session, flags));
  });
}

function addMedian(group: Command, { io }: CommandContext): void {
  const command = group
    .command('median')
    .summary('deploy a median of reporters')
    .description(MEDIAN)
    .requiredOption('--min-reports <n>', 'how many reports make a price', wholeNumberOption('--min-reports', 1, SEATS))
    .requiredOption('--max-age <time>', "how old a report may be at an epoch's end", durationOption('--max-age'))
    .requiredOption('--interval <time>', 'how long a reporter waits between two reports', durationOption('--interval'))
    .requiredOption('--max-change <ratio>', 'by how much a report may exceed the last', ratioOption('--max-change'));
  addCreatingOptions(command).action(async (flags: CreatingFlags & MedianRules) => {
    const { createSource } = await import('../price/create-source.ts');
    const { medianCreation } = await import('../price/creations.ts');
    await createSource(flags, io, (session) => medianCreation(session, flags));
  });
}

function addReport(group: Command, { io }: CommandContext): void {
  const command = group
    .command('report')
    .summary('report a price')
    .description(REPORT)
    .argument('<price>', 'of one token, in the unit of the reference price', decimalOption('<price>'))
    .option('--source <address>', 'another source than the one that is asked now', accountOption('--source'));
  addSendingOptions(command).action(async (price: bigint, flags: SendingFlags & { readonly source?: Address }) => {
    await runSending(flags, io, async (session) => {
      const { reporting } = await import('../price/reporting.ts');
      return await reporting(session, { price, source: flags.source });
    });
  });
}
