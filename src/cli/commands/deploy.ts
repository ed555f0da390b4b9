import { resolve } from 'node:path';

import type { Command } from 'commander';

import type { Address } from '../../protocol/brands.ts';
import { optionFault } from '../errors.ts';
import type { CommandContext } from '../io.ts';
import { accountOption } from '../options/account.ts';
import { dateOption } from '../options/date.ts';
import { isPresetName, presetFile } from '../../store/preset-file.ts';
import { jsonDocument } from '../output/json-document.ts';
import { progressOn } from '../output/progress.ts';

interface DeployFlags {
  readonly preset: string;
  readonly variant?: string;
  readonly network: string;
  readonly start: number;
  readonly council: Address;
  readonly operator: readonly Address[];
  readonly guardian: readonly Address[];
  readonly foundation?: Address;
  readonly priceSource?: Address;
  readonly policyUri?: string;
  readonly salt?: string;
  readonly name?: string;
  readonly out?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

const DESCRIPTION =
  'Deploys a preset to a network of hardhat.config.ts, compares the outcome with what was asked for, and writes the address book. Interrupted, the same command goes on where it stopped.';

/** `lode deploy`: the whole protocol on a network. */
export function addDeploy(program: Command, { io }: CommandContext): void {
  program
    .command('deploy')
    .summary('deploy a preset to a network, or go on with a deployment')
    .description(DESCRIPTION)
    .requiredOption('--preset <name-or-file>', 'a preset that comes with lode, or a file of your own')
    .option('--variant <name>', "a variant of the preset's file")
    .requiredOption('--network <name>', 'a network of hardhat.config.ts')
    .requiredOption('--start <date>', 'when epoch 0 begins, in UTC', dateOption('--start'))
    .requiredOption('--council <address>', 'decides until the hand-over', accountOption('--council'))
    .requiredOption('--operator <addresses...>', 'propose settlements', accounts('--operator'))
    .requiredOption('--guardian <addresses...>', 'veto, pause and cancel', accounts('--guardian'))
    .option('--foundation <address>', 'the foundation, if the preset leaves it open', accountOption('--foundation'))
    .option('--price-source <address>', 'is asked for the price; without it nobody', accountOption('--price-source'))
    .option('--policy-uri <uri>', 'where the policy can be read, for the event of the registry')
    .option(
      '--salt <words>',
      'addresses that follow from these words and the deployer, the same on every chain that has CreateX',
    )
    .option('--name <name>', 'names the journal; the network and the preset when none is given', nameOption)
    .option('--out <file>', 'the address book; without it beside the journal')
    .option('--dry-run', 'show addresses, gas and cost, and send nothing')
    .option('--yes', 'send without asking')
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: DeployFlags) => {
      const { network, variant, start, council, operator, guardian, json, yes } = flags;
      const presetPath = await presetFile(flags.preset, io.cwd);
      const progress = progressOn(io);
      const { ensureBuilt } = await import('../demo/project-hardhat.ts');
      await ensureBuilt(progress.say);
      const { networkConnection } = await import('../options/live-network.ts');
      const connection = await networkConnection(network);
      try {
        const { runDeployment } = await import('../deploy/run-deployment.ts');
        const { deployedText, rehearsalText } = await import('../output/deployment-text.ts');
        const { confirm } = await import('../deploy/confirm.ts');
        const { nextCommands } = await import('../deploy/next-commands.ts');
        const { warningsAbout } = await import('../deploy/warnings.ts');
        const isOwn = !isPresetName(flags.preset);
        const name = flags.name ?? `${network}-${isOwn ? 'own' : flags.preset}`;
        const people = { council, operators: operator, guardians: guardian };
        for (const warning of warningsAbout(people)) io.err(`warning: ${warning}\n`);
        const result = await runDeployment(connection, {
          presetPath,
          variant,
          start,
          people,
          foundation: flags.foundation,
          priceSource: flags.priceSource,
          policyUri: flags.policyUri ?? '',
          salt: flags.salt ?? null,
          name,
          out: flags.out === undefined ? null : resolve(io.cwd, flags.out),
          dryRun: flags.dryRun === true,
          approve: async (rehearsal) => {
            io.err(rehearsal === null ? `going on with ${name}\n` : rehearsalText(rehearsal, network));
            if (yes !== true) await confirm(`deploy to ${network}?`);
          },
        });
        if ('rehearsal' in result) {
          io.out(json === true ? jsonDocument(result) : rehearsalText(result.rehearsal, network));
          return;
        }
        const { path, addressBook } = result;
        const commands = nextCommands({ addressBook, path, network, name, ownPreset: isOwn ? presetPath : null });
        const document = { path, addressBook, next: commands };
        io.out(json === true ? jsonDocument(document) : deployedText(addressBook, path, commands));
      } finally {
        await connection.close();
      }
    });
}

function accounts(option: string): (text: string, earlier: readonly Address[] | undefined) => readonly Address[] {
  const parse = accountOption(option);
  return (text, earlier = []) => [...earlier, parse(text)];
}

/** It names a folder of Ignition's, which allows no other characters. */
function nameOption(text: string): string {
  if (!/^[a-zA-Z][a-zA-Z0-9-]*$/.test(text)) throw optionFault('--name', text, 'letters, digits and hyphens');
  return text;
}
