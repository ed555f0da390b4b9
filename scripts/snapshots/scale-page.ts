import { format, resolveConfig } from 'prettier';

/** What `snapshots/scale.json` holds: what one machine was measured to do. */
export interface ScaleFigures {
  /** Which machine, and whether it was idle. */
  readonly machine: string;
  readonly steps: readonly ScaleStep[];
}

/** A step as it was measured. */
export interface ScaleStep {
  readonly step: string;
  /** What its time grows with. */
  readonly of: 'rows' | 'accounts';
  readonly count: number;
  readonly seconds: number;
  /** `npm run bench -- <bench>` measures it. */
  readonly bench: string;
}

/** Between these lines of `docs/scale.md` stands what this file writes. */
export const BLOCKS = { figures: 'figures', claims: 'claims' } as const;

const SIZES = { rows: [1e6, 1e8, 1e10], accounts: [1e7, 1e9] } as const;
const NAMES: Readonly<Record<number, string>> = { 1e6: '1 M', 1e7: '10 M', 1e8: '100 M', 1e9: '1 B', 1e10: '10 B' };

/** Steps that the page is to have, and that nobody has measured yet, are named, not guessed. */
const WANTED: readonly Pick<ScaleStep, 'step' | 'of'>[] = [
  { step: 'read a ledger (Parquet) into tables', of: 'rows' },
  { step: 'settle: scores to allocations and totals', of: 'accounts' },
  { step: 'report with all proof shards', of: 'accounts' },
];

/** The page with its tables as the figures have them now. */
export async function scalePage(page: string, figures: ScaleFigures, gas: Readonly<Record<string, string>>): Promise<string> {
  const filled = fill(fill(page, BLOCKS.figures, figureTables(figures)), BLOCKS.claims, claimTable(gas));
  return await format(filled, { ...(await resolveConfig('docs/scale.md')), parser: 'markdown' });
}

function fill(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: written by npm run snapshots -->`, `<!-- end of ${name} -->`];
  const [before, rest = ''] = page.split(begin);
  const [, after] = rest.split(end);
  if (before === undefined || after === undefined) throw new Error(`the page lacks the lines ${begin} and ${end}`);
  return `${before}${begin}\n\n${text}\n${end}${after}`;
}

function figureTables({ machine, steps }: ScaleFigures): string {
  const tables = (['rows', 'accounts'] as const).map((of) => {
    const sizes = SIZES[of];
    const head = [`step, by ${of}`, 'measured', `${of} a second`, ...sizes.map((size) => NAMES[size] ?? `${size}`)];
    const measured = steps.filter((step) => step.of === of);
    const missing = WANTED.filter((one) => one.of === of && !steps.some(({ step }) => step === one.step));
    return tableOf([
      head,
      ['---', ...head.slice(1).map(() => '--:')],
      ...measured.map((step) => figureRow(step, sizes)),
      ...missing.map(({ step }) => [step, 'not measured yet', '', ...sizes.map(() => '')]),
    ]);
  });
  return `Measured on: ${machine}. The columns of sizes are **extrapolated**, not measured: seconds × size ÷ measured size, on one such machine.\n\n${tables.join('\n')}`;
}

function figureRow({ step, count, seconds, bench }: ScaleStep, sizes: readonly number[]): string[] {
  const measured = `${NAMES[count] ?? count.toLocaleString('en-US')} in ${seconds.toFixed(2)} s (\`${bench}\`)`;
  const rate = Math.round(count / seconds).toLocaleString('en-US');
  return [step, measured, rate, ...sizes.map((size) => duration((seconds * size) / count))];
}

/** A length of time as people say it. */
function duration(seconds: number): string {
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** Bytes of calldata and gas of a claim, at a thousand leaves, at a million, and as the tree grows by a level. */
function claimTable(gas: Readonly<Record<string, string>>): string {
  const of = (name: string) => {
    const figure = gas[name];
    if (figure === undefined) throw new Error(`snapshots/gas.json has no ${name}`);
    return Number(figure);
  };
  const rows = ['nothing vests', 'vesting'].flatMap((kind) =>
    ['1,000 leaves', 'depth 20'].map((size) => {
      const name = `claim, ${kind}, ${size}`;
      const figures = ['bytes of calldata', 'first, new holder', 'first, existing holder', 'repeated'];
      return [`${kind}, ${size}`, ...figures.map((each) => of(`${name}, ${each}`).toLocaleString('en-US'))];
    }),
  );
  const head = ['claim', 'bytes of calldata', 'gas: first, new holder', 'first, existing holder', 'repeated'];
  const level = (suffix: string) =>
    Math.round((of(`claim, vesting, depth 20, ${suffix}`) - of(`claim, vesting, 1,000 leaves, ${suffix}`)) / 10);
  const many = of('claimMany of 10, repeated, for each').toLocaleString('en-US');
  const each = `Each level of the tree adds ${level('bytes of calldata')} bytes and about ${level('repeated')} gas, so a tree of a billion leaves (depth 30) adds ten times that to depth 20. In \`claimMany\` of ten a repeated claim comes to ${many} gas.`;
  return `${tableOf([head, ['---', ...head.slice(1).map(() => '--:')], ...rows])}\n${each}\n`;
}

function tableOf(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
