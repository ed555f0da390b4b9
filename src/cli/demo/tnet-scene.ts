import { grouped, tokens } from '../../protocol/tokens.ts';
import { payAndPassOn } from './pay-and-pass-on.ts';
import { short, type Moment, type Scene, type SceneSetting } from './scene.ts';
import { sendAndWait } from './stage.ts';

/** The day on which nobody mines. */
const IDLE_EPOCH = 12;
/** The first day on which somebody makes blocks. */
const BLOCKS_FROM = 14;

/** A day without a miner, a claim that is spent in the same block, and the task that joined. */
export function tnetScene({ stage, story, checks, say, book }: SceneSetting): Scene {
  const symbol = stage.parameters.token.symbol;

  const idle = ({ epoch, settled }: Moment): void => {
    const { foundationGranted, granted, budget, withheld } = settled.outcome;
    say(epoch, `Nobody mines: nobody earns, the foundation neither. ${tokens(withheld)} ${symbol} go to the reserve.`);
    const none = foundationGranted === 0n && granted === 0n && withheld === budget;
    checks.add('With no miner the foundation receives nothing', none, `${tokens(withheld)} ${symbol} kept for later`);
  };

  const spend = async (moment: Moment): Promise<void> => {
    const done = await payAndPassOn(stage, book, moment);
    if (done === null) return;
    const { account, paid, block, spentIn } = done;
    say(
      moment.epoch,
      `${short(account)} claims ${tokens(paid)} ${symbol} and passes them on in the same block, ${block}.`,
    );
    checks.add('Mined tokens can be passed on in the block that paid them', block === spentIn, `block ${block}`);
  };

  const joined = ({ epoch, settled }: Moment): void => {
    const at = settled.record.tasks.indexOf(story.change?.joining[0]?.id ?? 0);
    const miners = [...settled.rows].filter(({ grants }) => (grants[at] ?? 0n) > 0n);
    const sum = miners.reduce((total, { grants }) => total + (grants[at] ?? 0n), 0n);
    if (epoch < BLOCKS_FROM) return;
    say(
      epoch,
      `Blocks count for the first time, those of earlier days do not: ${grouped(miners.length)} miners get ${tokens(sum)} ${symbol} for them.`,
    );
    checks.add('The task that governance added pays', sum > 0n, `${tokens(sum)} in its first epoch`);
  };

  const payFoundation = async ({ epoch }: Moment): Promise<void> => {
    if (stage.foundation === null) return;
    const { vault, token } = stage.connection.contracts;
    const address = stage.foundation;
    await sendAndWait(() => vault.connect(stage.actors.keeper).claimFoundation(address));
    const paid = await token.balanceOf(address);
    say(epoch, `Anybody can bring the foundation its part of what miners have earned: ${tokens(paid)} ${symbol}.`);
  };

  const tell = async (moment: Moment): Promise<void> => {
    const { epoch } = moment;
    if (epoch === IDLE_EPOCH) idle(moment);
    if (epoch === story.firstClaim + 1) await spend(moment);
    if (epoch === story.weightsFrom) joined(moment);
    if (epoch === story.batch + 1) await payFoundation(moment);
  };
  return { tell };
}
