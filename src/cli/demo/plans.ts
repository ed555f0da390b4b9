import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { MissingError } from '../../protocol/errors.ts';
import { DEMO_MAX_EPOCHS } from './plan.ts';
import { RALLY_AND_SLUMP } from './price-path.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

/** What governance changes in a demo: it moves weight between tasks, or lets a task join that has had rules all along. */
export type PlannedChange =
  | { readonly kind: 'weights' }
  | { readonly kind: 'task'; readonly id: number; readonly name: string; readonly title: string };

/** What an epoch is called. */
export type EpochNoun = 'week' | 'day' | 'epoch';

/** How one preset is shown: from which ledger, from when on, for how long, and what happens besides. */
export interface DemoPlan {
  readonly preset: string;
  /** A ledger that somebody brought: what it shows is not known beforehand. */
  readonly isOwn?: true;
  /** The variant that is shown when none is named; null: the preset as it stands. */
  readonly variant: string | null;
  /** Start of epoch 0. */
  readonly start: number;
  readonly epochs: number;
  /** As far as the ledger goes. */
  readonly mostEpochs: number;
  readonly epochNoun: EpochNoun;
  /** What the ledger is, as the start of a sentence. */
  readonly ledgerIs: string;
  /** The files; or a folder under `examples/`: `usage*` and `accounts*` are what they say, every other file holds contributions. */
  readonly ledger: string | LedgerPaths;
  /** The price in per mille of the reference, at equal distances from the first epoch to the last. */
  readonly prices: readonly number[];
  /** Somebody brings many claims every so many epochs, as a community's relayer would. */
  readonly relayEvery: number;
  readonly change: PlannedChange | null;
  /** Whether a typical epoch should grant at least half of its budget: the ledger has people all the time. */
  readonly isBusy: boolean;
}

/** Quiet until people are there, then a rally and a slump. */
const LATE_SLUMP = [1000, 1000, 950, 1000, 1050, 1000, 1000, 1100, 1300, 1500, 1200, 800, 400, 300, 450, 700] as const;
const FLAT = [1000, 1000] as const;

/** Every preset that has an example ledger. */
export const DEMO_PLANS: readonly DemoPlan[] = [
  {
    preset: 'lingoai',
    variant: 'demo',
    // A Monday. From here on the ledger has two autumns full of people, with a quiet spring between them.
    start: Date.UTC(2021, 7, 30) / 1000,
    epochs: 64,
    mostEpochs: DEMO_MAX_EPOCHS,
    epochNoun: 'week',
    ledgerIs: 'A real ledger',
    ledger: 'tldr',
    prices: RALLY_AND_SLUMP,
    relayEvery: 4,
    change: { kind: 'weights' },
    isBusy: true,
  },
  {
    preset: 'lingopod',
    variant: 'demo',
    start: Date.UTC(2026, 2, 1) / 1000,
    epochs: 60,
    mostEpochs: 60,
    epochNoun: 'day',
    ledgerIs: 'A generated ledger',
    ledger: 'lingopod',
    prices: LATE_SLUMP,
    relayEvery: 5,
    change: { kind: 'weights' },
    isBusy: false,
  },
  {
    preset: 'tnet',
    variant: null,
    start: Date.UTC(2018, 8, 1) / 1000,
    epochs: 48,
    mostEpochs: 48,
    epochNoun: 'day',
    ledgerIs: 'A generated ledger',
    ledger: 'tnet',
    prices: FLAT,
    relayEvery: 7,
    change: { kind: 'task', id: 4, name: 'block-generation', title: 'block generation' },
    isBusy: true,
  },
  {
    preset: 'langx',
    variant: null,
    start: Date.UTC(2025, 0, 1) / 1000,
    epochs: 48,
    mostEpochs: 48,
    epochNoun: 'day',
    ledgerIs: 'A generated ledger',
    ledger: 'langx',
    prices: FLAT,
    relayEvery: 7,
    change: null,
    isBusy: true,
  },
];

/** The files of a plan's ledger. */
export interface LedgerPaths {
  readonly contributions: readonly string[];
  readonly usage: readonly string[];
  readonly accounts: readonly string[];
}

/**
 * The plan of a preset.
 *
 * @throws {MissingError} `PRESET_UNKNOWN` with the presets that there are
 */
export function planOf(preset: string): DemoPlan {
  const plan = DEMO_PLANS.find((entry) => entry.preset === preset);
  if (plan !== undefined) return plan;
  throw new MissingError({
    code: 'PRESET_UNKNOWN',
    shortMessage: `there is no example ledger for '${preset}': only presets with a folder of their own under examples/ have one`,
    details: {
      presets: DEMO_PLANS.map((entry) => entry.preset),
      next: `name a ledger of your own with --contributions; without one, \`lode preset check ${preset}\` and \`lode simulate --preset ${preset}\` show what the preset does`,
    },
  });
}

/** The files of a plan's ledger, by name. */
export async function ledgerPathsOf({ ledger }: DemoPlan): Promise<LedgerPaths> {
  if (typeof ledger !== 'string') return ledger;
  const names = (await readdir(`${EXAMPLES}${ledger}`)).filter((name) => /\.csv(\.gz)?$/.test(name)).sort();
  const of = (kind: 'usage' | 'accounts' | 'contributions'): string[] =>
    names.filter((name) => kindOf(name) === kind).map((name) => `${EXAMPLES}${ledger}/${name}`);
  return { contributions: of('contributions'), usage: of('usage'), accounts: of('accounts') };
}

function kindOf(name: string): 'usage' | 'accounts' | 'contributions' {
  const [kind] = /usage|accounts/.exec(name) ?? [];
  return kind === 'usage' || kind === 'accounts' ? kind : 'contributions';
}
