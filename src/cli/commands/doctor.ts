import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { MissingError } from '../../protocol/errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../io.ts';
import { inputFile } from '../options/input-file.ts';
import { presetFile, presetNames } from '../../store/preset-file.ts';
import { jsonDocument } from '../output/json-document.ts';
import { progressOn } from '../output/progress.ts';

interface DoctorFlags {
  readonly addresses: string;
  readonly network?: string;
  readonly rpc?: string;
  readonly preset?: string;
  readonly json?: true;
}

const DESCRIPTION =
  'Checks a live deployment against this repository and its preset: code, links, roles, curve, parameters, price, what is pending, and who could still do harm. Sends nothing. Ends with 3 when something differs that nobody may change.';

/** `lode doctor`: is this deployment still what it was made to be? */
export function addDoctor(program: Command, { io, setExitCode }: CommandContext): void {
  program
    .command('doctor')
    .summary('check a live deployment and who could still do harm')
    .description(DESCRIPTION)
    .requiredOption('--addresses <file>', 'the address book of the deployment')
    .option('--network <name>', 'a network of hardhat.config.ts')
    .option('--rpc <url>', 'or the address of a node')
    .option('--preset <name-or-file>', 'the preset that was deployed; without it the one that the address book names')
    .option('--json', 'print one JSON document on stdout')
    .action(async ({ addresses, network, rpc, preset, json }: DoctorFlags) => {
      const path = await inputFile('--addresses', addresses, io.cwd);
      const progress = progressOn(io);
      const { ensureBuilt, projectHardhat } = await import('../demo/project-hardhat.ts');
      await ensureBuilt(progress.say);
      const { parseAddressBook } = await import('../../chain/address-book.ts');
      const addressBook = parseAddressBook(await readFile(path, 'utf8'));
      const { liveNetwork } = await import('../options/live-network.ts');
      const { provider, close } = await liveNetwork(network, rpc);
      try {
        const { assertChain } = await import('../../chain/connect.ts');
        const { onChain } = await import('../../chain/revert-error.ts');
        await onChain(() => assertChain(addressBook, provider));
        const { liveInputs } = await import('../doctor/live-inputs.ts');
        const inputs = await liveInputs(addressBook, await deployedPreset(preset, addressBook.preset.name, io.cwd));
        const { artifacts } = await projectHardhat();
        const { diagnose } = await import('../doctor/diagnose.ts');
        const compiled = (contract: string) => artifacts.readArtifact(contract);
        const diagnosis = await onChain(() => diagnose({ addressBook, inputs, provider, compiled }));
        if (!diagnosis.sound) setExitCode(EXIT.difference);
        const { diagnosisText } = await import('../output/diagnosis-text.ts');
        io.out(json === true ? jsonDocument(diagnosis) : diagnosisText(diagnosis));
      } finally {
        await close();
      }
    });
}

/**
 * The file of the preset that was deployed.
 *
 * @throws {MissingError} `PRESET_UNKNOWN`: one of somebody's own is in no address book but by its name
 */
async function deployedPreset(given: string | undefined, name: string, cwd: string): Promise<string> {
  if (given !== undefined || (await presetNames()).includes(name)) return await presetFile(given ?? name, cwd);
  throw new MissingError({
    code: 'PRESET_UNKNOWN',
    shortMessage: `the deployment is of a preset of its own, '${name}', which lode does not bring`,
    details: { presets: await presetNames(), next: 'give --preset with its file' },
  });
}
