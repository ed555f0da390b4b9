import type { CommandContext } from '../io.ts';
import { describeError } from '../report-error.ts';
import type { ChainStepFlags } from './chain-step-options.ts';
import { runKeeper } from './run-keeper.ts';

/** Does every step of an epoch that is due; without an epoch, of every one. */
export async function runEpoch(flags: ChainStepFlags, { io, setExitCode }: CommandContext): Promise<void> {
  const error = await runKeeper({ ...flags, once: true }, io);
  if (error !== null) setExitCode(describeError(error).exitCode);
}
