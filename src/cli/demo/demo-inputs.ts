import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { valueAt } from '../../settlement/economy-parameters.ts';
import { CHANGES_FORMAT } from '../../settlement/governed-changes.ts';
import type { ReplayRequest } from '../../settlement/report/replay-document.ts';
import { keepRequest } from '../../store/replay.ts';
import { jsonDocument } from '../output/json-document.ts';
import { tokens } from '../../protocol/tokens.ts';
import type { CouncilChange } from './governance.ts';
import type { DemoOptions, Story } from './plan.ts';
import { ledgerPathsOf } from './plans.ts';
import { pricePath } from './price-path.ts';
import type { DemoPreset } from './run-demo.ts';
import type { Stage } from './stage.ts';
import type { UnitSale } from './unit-sale.ts';

/** What decides the demo's economy. */
interface Given {
  readonly shown: DemoPreset;
  readonly stage: Stage;
  readonly story: Story;
  readonly change: CouncilChange | null;
  readonly sale: UnitSale | null;
  readonly options: DemoOptions;
  readonly inputs: string;
}

/**
 * Puts everything that decides the demo's economy into `inputs`: preset, ledger, prices, and what governance will change.
 * From these files alone anybody can compute it again.
 */
export async function keepDemoInputs(given: Given): Promise<ReplayRequest> {
  const { shown, stage, options, inputs } = given;
  const { plan, preset, path } = shown;
  const changes = join(options.out, 'changes.json');
  await writeFile(changes, jsonDocument(changesOf(given)));
  const request = {
    preset: path,
    variant: preset.variant,
    ...(await ledgerPathsOf(plan)),
    prices: await writePrices(given),
    changes,
    from: plan.start,
    epochs: options.epochs,
    // The page over the demo shows them.
    explanations: true,
    ...(stage.foundation === null ? {} : { foundation: stage.foundation }),
  };
  return await keepRequest(request, inputs);
}

/** What the preset does not know: the addresses of this deployment, and what the council will change. */
function changesOf({ stage, story, change, sale }: Given) {
  const { parameters, connection } = stage;
  const { economy, tasks } = parameters;
  const { hasLaw, priceSource } = valueAt(economy.reserve, 0);
  const { token, vault, reserve, distributor, unitPool } = connection.addressBook.contracts;
  const names = new Map([...tasks, ...(change?.joining ?? [])].map(({ id, name }) => [id, name]));
  const byName = (change?.weights ?? []).map(({ task, weight }) => [names.get(task) ?? `${task}`, weight] as const);
  return {
    format: CHANGES_FORMAT,
    ...(hasLaw ? { priceSource } : {}),
    contracts: [token, vault, reserve, distributor, ...(unitPool === undefined ? [] : [unitPool])].sort(),
    ...(change === null || change.joining.length === 0 ? {} : { tasks: change.joining }),
    ...(change === null ? {} : { weights: [{ from: story.weightsFrom, tasks: Object.fromEntries(byName) }] }),
    ...(sale === null || sale.closesAfter === null
      ? {}
      : { deposits: [{ epoch: sale.closesAfter + 1, amount: sale.returned }] }),
  };
}

/** The prices of the demo, where there is a law that asks for one. */
async function writePrices(given: Pick<Given, 'shown' | 'stage' | 'options'>): Promise<string[]> {
  const { shown, stage, options } = given;
  const { hasLaw, priceRef } = valueAt(stage.parameters.economy.reserve, 0);
  if (!hasLaw) return [];
  const path = join(options.out, 'prices.csv');
  const { epochs, seed } = options;
  const prices = pricePath({ told: shown.plan.prices, epochs, reference: priceRef, seed });
  const lines = prices.map((price, epoch) => `${epoch},${tokens(price, 18).replaceAll(',', '')}`);
  await writeFile(path, ['epoch,price', ...lines, ''].join('\n'));
  return [path];
}
