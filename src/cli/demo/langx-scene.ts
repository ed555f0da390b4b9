import { WAD } from '../../protocol/fixed-point.ts';
import { grouped, tokens } from '../../protocol/tokens.ts';
import { short, type Moment, type Scene, type SceneSetting } from './scene.ts';

/** The person of the published worked example, in the generated ledger. */
const EXAMPLE = { account: '0x0b3f22a7838502634946d43d6ef659ada16e4da0', epoch: 30 } as const;
/** The day on which nobody writes a message. */
const SILENT_EPOCH = 40;
const MILLION = 1_000_000n;
/** What the published formula makes of the example's day and of everybody's. */
const [POINTS, ALL_POINTS] = [1105n * MILLION, 50_000n * MILLION];
/** A share that a system which keeps four decimals pays nothing for. */
const SMALL_SHARE = WAD / 20_000n;

/** The worked example, the smallest share that was paid, and the day without a message. */
export function langxScene({ stage, checks, say }: SceneSetting): Scene {
  const symbol = stage.parameters.token.symbol;

  const example = ({ epoch, settled }: Moment): void => {
    const row = [...settled.rows].find(({ account }) => account === EXAMPLE.account);
    const [score = 0n] = row?.scores ?? [];
    const total = settled.settlement.scoreTotals[0] ?? 0n;
    if (row === undefined || total === 0n) return;
    const { budget, payout } = settled.outcome;
    const base = (budget * score) / total;
    const points = `${grouped(score / MILLION)} of ${grouped(total / MILLION)} points`;
    const did = '80 texts, 3 voice messages and 1 image in 60 minutes on its 10th day in a row, with two badges';
    if (score !== POINTS || total !== ALL_POINTS || row.capped.includes(true)) {
      say(epoch, `${short(EXAMPLE.account)}: ${did}. ${points}, paid ${tokens(row.grant)} ${symbol}.`);
      return;
    }
    const more = `and ${tokens(row.grant - base)} more of what earlier days left over`;
    say(
      epoch,
      `The published example, ${short(EXAMPLE.account)}: ${did}. ${points}: ${tokens(base)} of the day's ${tokens(budget, 0)} ${symbol}, ${more}.`,
    );
    checks.add(
      'The published example: 1,105 of 50,000 points are a share of 0.0221',
      row.grant === (payout * score) / total && base === (budget * 221n) / 10_000n,
      `${tokens(base)} of the day, ${tokens(row.grant)} with what earlier days left over`,
    );
  };

  const silence = ({ epoch, settled }: Moment): void => {
    const { granted, withheld, budget } = settled.outcome;
    say(
      epoch,
      `Nobody writes a message: nobody is paid, ${tokens(withheld)} ${symbol} go to the reserve, every streak ends.`,
    );
    checks.add(
      'A day without a message pays nobody',
      granted === 0n && withheld === budget,
      `${tokens(withheld)} kept`,
    );
  };

  let smallest: { readonly share: bigint; readonly grant: bigint } | null = null;
  const look = ({ epoch, settled }: Moment): void => {
    const total = settled.settlement.scoreTotals[0] ?? 0n;
    for (const { scores, grant } of settled.rows) {
      const share = total === 0n ? 0n : ((scores[0] ?? 0n) * WAD) / total;
      if (share === 0n || share >= SMALL_SHARE || smallest !== null) continue;
      smallest = { share, grant };
      say(epoch, `A share of ${tokens(share * 100n, 6)} % is paid to the wei: ${tokens(grant, 6)} ${symbol}.`);
      checks.add('A share under 0.005 % is paid too', grant > 0n, `${tokens(grant, 18)} ${symbol}`);
    }
  };

  const tell = async (moment: Moment): Promise<void> => {
    look(moment);
    if (moment.epoch === EXAMPLE.epoch) example(moment);
    if (moment.epoch === SILENT_EPOCH) silence(moment);
    return Promise.resolve();
  };
  return { tell };
}
