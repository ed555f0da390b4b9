import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { WAD } from '../../protocol/fixed-point.ts';
import { valueAt, type TaskWeight } from '../../settlement/economy-parameters.ts';
import { CHANGES_FORMAT } from '../../settlement/governed-changes.ts';
import type { ReplayRequest } from '../../settlement/report/replay-document.ts';
import { keepRequest } from '../../store/replay.ts';
import { jsonDocument } from '../output/json-document.ts';
import { tokens } from '../output/tokens.ts';
import { shifted } from './change-weights.ts';
import { DEMO_START, DEMO_VARIANT, type DemoOptions, type Story } from './plan.ts';
import { pricePath } from './price-path.ts';
import type { Stage } from './stage.ts';

const TLDR = fileURLToPath(new URL('../../../examples/tldr/', import.meta.url));
/** What moves from the first task to the third when the council changes the weights: 5 %. */
const SHIFT = WAD / 20n;

/** What the demo's economy is computed from, kept by hash. */
export interface DemoInputs {
  readonly request: ReplayRequest;
  /** The weights that the council changes to. */
  readonly weights: readonly TaskWeight[];
}

/**
 * Puts everything that decides the demo's economy into `inputs`: preset, ledger, prices, and what governance will change.
 * From these files alone anybody can compute it again.
 */
export async function keepDemoInputs(given: {
  readonly path: string;
  readonly stage: Stage;
  readonly story: Story;
  readonly options: DemoOptions;
  readonly inputs: string;
}): Promise<DemoInputs> {
  const { path, stage, story, options, inputs } = given;
  const { economy, tasks } = stage.parameters;
  const { priceRef, priceSource } = valueAt(economy.reserve, 0);
  const weights = shifted(valueAt(economy.tasks, 0), SHIFT);
  const names = new Map(tasks.map(({ id, name }) => [id, name]));

  const changes = join(options.out, 'changes.json');
  const byName = Object.fromEntries(weights.map(({ task, weight }) => [names.get(task) ?? `${task}`, weight]));
  const table = { from: story.weightsFrom, tasks: byName };
  const { token, vault, reserve, distributor } = stage.connection.addressBook.contracts;
  const contracts = [token, vault, reserve, distributor].sort();
  await writeFile(changes, jsonDocument({ format: CHANGES_FORMAT, priceSource, contracts, weights: [table] }));

  const prices = join(options.out, 'prices.csv');
  const rows = pricePath({ epochs: options.epochs, reference: priceRef, seed: options.seed });
  const lines = rows.map((price, epoch) => `${epoch},${tokens(price, 18).replaceAll(',', '')}`);
  await writeFile(prices, ['epoch,price', ...lines, ''].join('\n'));

  const request = await keepRequest(
    {
      preset: path,
      variant: DEMO_VARIANT,
      contributions: [`${TLDR}tldr-contributions.csv.gz`],
      usage: [`${TLDR}tldr-usage.csv.gz`],
      prices: [prices],
      changes,
      from: DEMO_START,
      epochs: options.epochs,
    },
    inputs,
  );
  return { request, weights };
}
