/** A policy as a team writes it down: every number a decimal text, `null` in an overlay where something goes. */
export interface PolicyFile {
  readonly decimals?: string;
  readonly eligibility?: EligibilityFile;
  readonly tasks: Readonly<Record<string, TaskFile>>;
  readonly overlays?: readonly OverlayFile[];
}

export interface EligibilityFile {
  readonly badges?: readonly string[];
  readonly age?: string;
  readonly allow?: readonly string[];
}

export interface MeasureFile {
  readonly points?: string;
  readonly dailyCap?: string | null;
}

export interface UsageFile {
  readonly points: string;
  readonly epochCap?: string;
}

export interface ScarcityFile {
  readonly window: string;
  readonly reference: string;
  readonly most: string;
  readonly unseen: string;
  readonly values?: readonly string[];
}

export interface QualityFile {
  readonly attribute: string;
  readonly unrated: string;
  readonly levels?: Readonly<Record<string, string>>;
  readonly least?: string;
  readonly most?: string;
}

export interface MultipliersFile {
  readonly quality?: QualityFile | null;
  readonly scarcity?: Readonly<Record<string, ScarcityFile | null>> | null;
  readonly measured?: Readonly<Record<string, { readonly per: string } | null>> | null;
  readonly streak?: { readonly per: string; readonly most: string } | null;
  readonly badges?: { readonly factors: Readonly<Record<string, string>>; readonly most: string } | null;
  readonly consistency?: { readonly epochs: string; readonly bonus: string } | null;
  readonly loyalty?: { readonly epochs: string; readonly bonus: string; readonly most: string } | null;
}

export interface TaskFile {
  readonly minimumScore?: string;
  readonly dailyCap?: string | null;
  readonly measures?: Readonly<Record<string, MeasureFile | null>>;
  readonly multipliers?: MultipliersFile;
  readonly usage?: UsageFile | null;
}

export interface OverlayFile {
  readonly from: string;
  readonly until?: string;
  readonly eligibility?: EligibilityFile | null;
  readonly tasks?: Readonly<Record<string, TaskFile>>;
}

/** What holds in one epoch: the file with the overlay of that epoch worked in, so that nothing is `null` any more. */
export interface EpochRules {
  readonly eligibility: EligibilityFile | undefined;
  readonly tasks: ReadonlyMap<string, TaskFile>;
}

/** The rules of an epoch. At most one overlay acts in it, and that lies over the file itself, never over another overlay. */
export function rulesOf(file: PolicyFile, epoch: number): EpochRules {
  const acts = ({ from, until }: OverlayFile) =>
    BigInt(from) <= BigInt(epoch) && (until === undefined || BigInt(epoch) < BigInt(until));
  const overlay = (file.overlays ?? []).find(acts);
  const tasks = new Map(Object.entries(file.tasks));
  for (const [name, change] of Object.entries(overlay?.tasks ?? {})) {
    const before = tasks.get(name) ?? {};
    tasks.set(name, {
      ...without(overlaid(before, change)),
      measures: measuresOf(before, change),
      multipliers: multipliersOf(before.multipliers ?? {}, change.multipliers ?? {}),
    });
  }
  const eligibility = overlay?.eligibility === undefined ? file.eligibility : overlay.eligibility;
  return { eligibility: eligibility ?? undefined, tasks };
}

/** A measure is changed key by key. */
function measuresOf(before: TaskFile, change: TaskFile): Readonly<Record<string, MeasureFile>> {
  const measures = new Map<string, MeasureFile>();
  for (const [name, measure] of Object.entries(before.measures ?? {}))
    if (measure !== null) measures.set(name, measure);
  for (const [name, measure] of Object.entries(change.measures ?? {})) {
    if (measure === null) measures.delete(name);
    else measures.set(name, without(overlaid(measures.get(name) ?? {}, measure)));
  }
  return Object.fromEntries(measures);
}

/** A multiplier is replaced as a whole; those by attribute or measure are replaced one by one. */
function multipliersOf(before: MultipliersFile, change: MultipliersFile): MultipliersFile {
  const oneByOne = (kind: 'scarcity' | 'measured') =>
    change[kind] === null ? {} : { [kind]: without(overlaid(before[kind] ?? {}, change[kind] ?? {})) };
  const { scarcity: _scarcity, measured: _measured, ...whole } = overlaid(before, change);
  return { ...without(whole), ...oneByOne('scarcity'), ...oneByOne('measured') };
}

/** One object over another; what the upper one does not name stays. */
function overlaid<T extends object>(lower: T, upper: T): T {
  return { ...lower, ...upper };
}

/** An object without the keys that are `null`. */
function without<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as T; // the same keys or fewer
}

/** A decimal text in millionths: `'1.5'` is 1_500_000n. Written out by hand, since the engine's own reading is under test. */
export function millionths(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  if (!/^[0-9]+$/.test(whole) || !/^[0-9]{0,6}$/.test(fraction)) throw new RangeError(`not millionths: ${text}`);
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}
