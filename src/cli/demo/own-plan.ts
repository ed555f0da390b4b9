import type { Preset } from '../../settlement/preset/load-preset.ts';
import { ledgerSpan } from '../../store/score-ledger.ts';
import { DEMO_MAX_EPOCHS } from './plan.ts';
import type { DemoPlan, LedgerPaths } from './plans.ts';

/** As many epochs of a ledger of one's own as are shown when no number is given. */
const SHOWN = 60;
const FLAT = [1000, 1000] as const;
const NOUNS = new Map([
  [86_400, 'day'],
  [604_800, 'week'],
] as const);

/** A preset and ledger of one's own. */
export interface OwnLedger {
  readonly preset: Preset;
  /** The preset's file. */
  readonly path: string;
  readonly paths: LedgerPaths;
  /** Start of epoch 0; without it at 00:00 UTC of the day of the first usable contribution. */
  readonly from: number | undefined;
}

/**
 * How a preset and ledger of one's own are shown: the claims that every demo has, and nothing of a preset's own.
 *
 * @throws {InputError} for a preset or ledger that cannot be used
 */
export async function ownPlan({ preset, path, paths, from }: OwnLedger): Promise<DemoPlan> {
  const span = await ledgerSpan({ preset: path, variant: preset.variant, contributions: paths.contributions, from });
  return {
    preset: 'own',
    isOwn: true,
    variant: preset.variant ?? null,
    start: span.from,
    epochs: Math.min(SHOWN, span.epochs),
    mostEpochs: DEMO_MAX_EPOCHS,
    epochNoun: NOUNS.get(span.epochLength as 86_400) ?? 'epoch',
    ledgerIs: 'A ledger of your own',
    ledger: paths,
    prices: FLAT,
    relayEvery: 7,
    change: null,
    isBusy: false,
  };
}
