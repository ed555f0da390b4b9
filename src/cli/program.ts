import { readFileSync } from 'node:fs';

import type { Option } from 'commander';
import { Command, Help } from 'commander';

import { addAnswer } from './commands/answer.ts';
import { addClaim } from './commands/claim.ts';
import { addClaimable } from './commands/claimable.ts';
import { addDemand } from './commands/demand.ts';
import { addDemo } from './commands/demo.ts';
import { addDeploy } from './commands/deploy.ts';
import { addDisprove } from './commands/disprove.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEpoch } from './commands/epoch.ts';
import { addExplain } from './commands/explain.ts';
import { addExport } from './commands/export.ts';
import { addGovernance } from './commands/governance.ts';
import { addGuardian } from './commands/guardian.ts';
import { addIngest } from './commands/ingest.ts';
import { addInit } from './commands/init.ts';
import { addLedger } from './commands/ledger.ts';
import { addHistory } from './commands/history.ts';
import { addKeeper } from './commands/keeper.ts';
import { addPrice } from './commands/price.ts';
import { addPreset } from './commands/preset.ts';
import { addPresets } from './commands/presets.ts';
import { addProof } from './commands/proof.ts';
import { addReplay } from './commands/replay.ts';
import { addScore } from './commands/score.ts';
import { addSimulate } from './commands/simulate.ts';
import { addVerify } from './commands/verify.ts';
import { addWatch } from './commands/watch.ts';
import { addWeb } from './commands/web.ts';
import { addWithdraw } from './commands/withdraw.ts';
import type { CommandContext } from './io.ts';

/** The whole command line, as commander's own objects; `docs/cli.md` is compared with what stands here. */
export function createProgram(context: CommandContext): Command {
  const { io } = context;
  const { version, description } = packageFacts();
  const program = new Command('lode')
    .description(description)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: () => undefined })
    .configureHelp({ optionDescription: describeOption })
    .showSuggestionAfterError(true);
  for (const add of [
    addReplay,
    addVerify,
    addProof,
    addExplain,
    addExport,
    addScore,
    addLedger,
    addIngest,
    addInit,
    addPresets,
    addPreset,
    addSimulate,
    addDemo,
    addDeploy,
    addDoctor,
    addGovernance,
    addGuardian,
    addPrice,
    addDisprove,
    addDemand,
    addAnswer,
    addWithdraw,
    addClaimable,
    addClaim,
    addHistory,
    addWatch,
    addEpoch,
    addKeeper,
    addWeb,
  ])
    add(program, context);
  return program;
}

/** What help says of an option, and whether a command can do without it. */
function describeOption(option: Option): string {
  const words = new Help().optionDescription(option);
  return option.mandatory ? `${words} (required)` : words;
}

/** The version and description stand once, in package.json. */
function packageFacts(): { readonly version: string; readonly description: string } {
  const facts: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  if (typeof facts !== 'object' || facts === null || !('version' in facts) || !('description' in facts)) {
    throw new TypeError('package.json lacks its version or description');
  }
  return { version: String(facts.version), description: String(facts.description) };
}
