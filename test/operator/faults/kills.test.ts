import { expect } from 'chai';

import { STEPS } from '../../../src/operator/steps/step.ts';
import { random, runs } from '../../support/effort.ts';
import type { Killed, Moment } from '../../support/kills.ts';
import { chanceMoment, killAt } from '../../support/kills.ts';
import { drive, writeDays } from '../../support/operator-world.ts';
import { expectUndisturbed } from './expect-undisturbed.ts';
import { faultWorld } from './fault-world.ts';

/** Every line that a journal can have, and both sides of a transaction; then chance decides. */
function* moments(): Generator<Moment> {
  const numbers = random('kills');
  const lines = STEPS.flatMap((step): Moment[] => [
    { kind: 'line', step, state: 'begun', after: 0 },
    { kind: 'line', step, state: 'done', after: 0 },
  ]);
  const quick = ['ingest begun', 'score done', 'settle begun', 'settle done', 'publish begun'];
  for (const moment of lines) {
    const name = moment.kind === 'line' ? `${moment.step} ${moment.state}` : '';
    if (runs(0, 1) === 1 || quick.includes(name)) yield moment;
  }
  yield { kind: 'before sending' };
  yield { kind: 'after sending' };
  for (;;) yield chanceMoment(numbers);
}

/** Keepers are killed again and again; what the chain says in the end must be what it says of one that nobody disturbs. */
describe('an operator who is killed', function () {
  this.timeout(7_200_000);
  const { world, table } = faultWorld('kills');

  it('proposes each epoch once and to the same root, however often and wherever it is killed', async () => {
    const [epochs, kills, most] = [runs(3, 30), runs(8, 200), runs(6, 90)];
    const data = await world.dataFolder('killed');
    await writeDays(world, data, most);
    const killed: Killed[] = [];
    let isOver = false;
    const driving = drive(world, {
      until: ({ final }) => final >= epochs && (killed.length >= kills || final >= most),
      within: runs(900_000, 6_000_000),
    }).finally(() => (isOver = true));
    const limited = (function* () {
      for (const moment of moments()) {
        if (killed.length >= kills) return;
        yield moment;
      }
    })();
    const working = killAt(world, data, limited, { goesOn: () => !isOver, killed });
    await driving;
    const last = await working;
    await last.stop();
    expect(killed.length).to.equal(kills);
    const proposals = await expectUndisturbed(world, data);
    for (const { line, moment } of killed) {
      const at = moment.kind === 'before sending' || moment.kind === 'after sending' ? `, ${moment.kind}` : '';
      table.note(`kill −9 after \`${line}\`${at}`, 'resumed: same root, proposed once, no row lost');
    }
    table.note('kill −9 in all', `over ${proposals} epochs, each proposed once`, killed.length);
  });
});
