import { id } from 'ethers';

import { grouped, percent, tokens } from '../../protocol/tokens.ts';
import { WAD } from '../../protocol/fixed-point.ts';
import { short, type Moment, type Scene, type SceneSetting } from './scene.ts';
import { sendAndWait } from './stage.ts';
import { waitInTimelock, type WaitingChange } from './timelock.ts';

/** The council hands in the list of orders after this epoch. */
const ORDERS_AFTER = 2;
/** So many epochs after the close somebody asks for what the units have released. */
const CLAIM_AFTER = 7;
/** From so many people on the published law withholds little. */
const MANY = 250;

/** Units sold in advance: ordered, closed, what is left over given to the reserve; and the law from few people to many. */
export function lingopodScene({ stage, story, checks, say }: SceneSetting): Scene {
  const { sale } = story;
  const { unitPool: pool, token } = stage.connection.contracts;
  const { holder, keeper } = stage.actors;
  const symbol = stage.parameters.token.symbol;
  let waiting: WaitingChange | null = null;

  const order = async ({ epoch, state }: Moment): Promise<void> => {
    if (pool === null || sale === null) return;
    const accounts = [...state.accounts].map(({ account }) => account as string);
    const units = accounts.map(() => sale.sold / BigInt(accounts.length + 1));
    const rest = units.reduce((left, each) => left - each, sale.sold);
    const data = pool.interface.encodeFunctionData('allot', [
      [...accounts, holder.address],
      [...units, rest],
    ]);
    waiting = await waitInTimelock(stage, [{ target: await pool.getAddress(), data }], id('orders of units'));
    say(epoch, `A list of ${accounts.length + 1} orders waits in the timelock: ${grouped(sale.sold)} units.`);
  };

  const allot = async ({ epoch }: Moment): Promise<void> => {
    if (pool === null || waiting === null || (await stage.now()) < waiting.ready) return;
    await waiting.execute();
    waiting = null;
    const [sold, each] = [await pool.sold(), await pool.PER_UNIT()];
    say(epoch, `${grouped(sold)} units are allotted, ${tokens(each, 0)} ${symbol} each; nobody can take them back.`);
    checks.add('The units that were ordered are allotted', sold === sale?.sold, `${grouped(sold)} units`);
  };

  const close = async ({ epoch }: Moment): Promise<void> => {
    if (pool === null || sale === null) return;
    const unsold = await pool.unsold();
    await sendAndWait(() => pool.connect(keeper).close());
    const pending = await stage.connection.contracts.reserve.pending();
    say(
      epoch,
      `The sale is over: ${grouped(unsold)} units found nobody, ${tokens(pending)} ${symbol} go to the reserve.`,
    );
    checks.equal('Units that nobody ordered go to the reserve', pending, sale.returned);
  };

  const claim = async ({ epoch }: Moment): Promise<void> => {
    if (pool === null) return;
    const before = await token.balanceOf(holder.address);
    const units = await pool.unitsOf(holder.address);
    await sendAndWait(() => pool.connect(keeper).claim(holder.address));
    const paid = (await token.balanceOf(holder.address)) - before;
    const due = units * (await pool.releasedPerUnitAt(await stage.now()));
    say(
      epoch,
      `${short(holder.address)} gets what its ${grouped(units)} units have released: ${tokens(paid)} ${symbol}.`,
    );
    checks.equal('A unit releases in proportion to time', paid, due);
    checks.equal(
      'The pool holds what is not paid',
      await token.balanceOf(await pool.getAddress()),
      await pool.locked(),
    );
  };

  let hasTold = false;
  const law = ({ epoch, settled }: Moment): void => {
    const { outcome, participants } = settled;
    const share = (outcome.payout * WAD) / outcome.budget;
    if (epoch === 0) {
      say(
        epoch,
        `${participants} people: the law lets miners have ${percent(share)} of the day, the rest is kept for them.`,
      );
      checks.add('Few people: most of the day is kept', share < WAD / 5n, `${participants} people, ${percent(share)}`);
    }
    if (hasTold || participants < MANY) return;
    hasTold = true;
    const side = settled.record.price < settled.record.reserve.priceRef ? 'under' : 'over';
    say(epoch, `${participants} people: miners have ${percent(share)} of the day, at a price ${side} the reference.`);
    checks.add(
      'Many people: most of the day is paid',
      share > (WAD * 4n) / 5n,
      `${participants} people, ${percent(share)}`,
    );
  };

  const tell = async (moment: Moment): Promise<void> => {
    const { epoch } = moment;
    law(moment);
    if (epoch === ORDERS_AFTER) await order(moment);
    await allot(moment);
    const closed = sale?.closesAfter ?? null;
    if (closed === null) return;
    if (epoch === closed) await close(moment);
    if (epoch === closed + CLAIM_AFTER) await claim(moment);
  };
  return { tell };
}
