import { finalBlock } from '../../operator/chain/view.ts';
import { readStatus } from '../../operator/epoch-status.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../io.ts';
import { epochStatusText } from '../output/epoch-status-text.ts';
import { jsonDocument } from '../output/json-document.ts';
import { withData } from './open-data.ts';

/** Options of `lode epoch status`. */
export interface StatusFlags {
  readonly data: string;
  readonly last: number;
  readonly json?: true;
}

/** Tells where the newest epochs stand; another final root than the one that was settled here is a difference. */
export async function runEpochStatus({ data, last, json }: StatusFlags, context: CommandContext): Promise<void> {
  const { io, setExitCode } = context;
  const status = await withData({ data, writes: false }, io, async (open) => {
    const block = await finalBlock(open.endpoints, open.config.finality);
    return await readStatus(open, block, last);
  });
  if (status.epochs.some(({ differs }) => differs)) setExitCode(EXIT.difference);
  io.out(json === true ? jsonDocument(status) : epochStatusText(status));
}
