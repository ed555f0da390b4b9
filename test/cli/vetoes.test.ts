import { expect } from 'chai';
import hre, { network } from 'hardhat';

import { sendCall } from '../../src/chain/send.ts';
import { readOpenVetoes } from '../../src/chain/vetoes.ts';
import { withdrawing } from '../../src/cli/dispute/withdrawing.ts';
import { diagnose } from '../../src/cli/doctor/diagnose.ts';
import type { Session } from '../../src/cli/governance/session.ts';
import { readStatus } from '../../src/chain/governance/status.ts';
import { diagnosisText } from '../../src/cli/output/diagnosis-text.ts';
import { statusText } from '../../src/cli/output/governance-status.ts';
import { moment } from '../../src/chain/moment.ts';
import { RefusedError } from '../../src/protocol/errors.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import { deployHandedOver, pass, START } from '../support/voted-world.ts';
import type { World } from '../support/world.ts';
import { accountOf, BEFORE, closeNext, deployWorld, propose, settleOffChain, storyPreset } from '../support/world.ts';

const hardhat = await network.create();
const { ethers, networkHelpers } = hardhat;
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

/** A settlement that waits in its window. */
async function proposedIn(world: World) {
  const settled = await settleOffChain(world, BEFORE, await closeNext(world), {
    scores: [{ account: accountOf(world.actors.alice), task: 1, score: 40n }],
  });
  return { world, settled, ...(await propose(world, settled)) };
}

const byCouncil = async () => await proposedIn(await deployWorld(hardhat, { start: START, preset: storyPreset() }));
const byHolders = async () => await proposedIn(await deployHandedOver(hardhat));

/** What both commands say of it, and to whom. */
async function looked(world: World) {
  const { addressBook, inputs } = world.deployment;
  const compiled = (contract: string) => hre.artifacts.readArtifact(contract);
  const diagnosis = await diagnose({ addressBook, inputs, provider: ethers.provider, compiled });
  const status = await readStatus(world.chain, { account: accountOf(world.actors.oscar), all: false });
  const power = diagnosis.live?.powers.find(({ address }) => address === accountOf(world.actors.oscar));
  return {
    ...{ vetoes: status.vetoes, suspended: status.suspended, attention: diagnosis.attention, can: power?.can },
    ...{ live: diagnosis.live, status: statusText(status), doctor: diagnosisText(diagnosis) },
  };
}

/** What would be sent to pay an account. */
async function owed({ chain, actors }: World, to: 'oscar') {
  const sender = { account: accountOf(actors.mallory) };
  return await withdrawing({ connection: chain, sender } as unknown as Session, accountOf(actors[to]));
}

describe('vetoes without a ruling, and suspended operators', () => {
  it('stand in the status and the diagnosis with their date and what to do, and nowhere once they are ruled about', async () => {
    const { world, proposalId, settled } = await loadFixture(byCouncil);
    const { gina, oscar, council } = world.actors;
    const { distributor, timelock } = world.chain.contracts;
    const before = await looked(world);
    expect([before.vetoes, before.suspended, before.live?.vetoes]).to.deep.equal([[], [], []]);
    expect(before.status).not.to.contain('veto').and.not.to.contain('suspended');
    expect(before.can).to.contain('proposes a false settlement');

    await distributor.connect(gina).veto(proposalId, 'false scores');
    const rulingUntil = (await time.latest()) + Number(await distributor.RULING_TIME());
    const delay = Number(await timelock.getMinDelay());
    const vetoed = await looked(world);
    const veto = {
      proposalId,
      epoch: 0,
      operator: accountOf(oscar),
      reason: 'false scores',
      bond: settled.record.bond,
    };
    const dates = { rulingUntil, beginUntil: rulingUntil - 1 - delay, lapsed: false };
    expect(vetoed.vetoes).to.deep.equal([{ ...veto, ...dates }]);
    expect(vetoed.live?.vetoes).to.deep.equal(vetoed.vetoes);
    const suspension = { operator: accountOf(oscar), until: rulingUntil, proposalId, state: 'vetoed' };
    expect(vetoed.suspended).to.deep.equal([suspension]);
    const date = moment(rulingUntil);
    expect(vetoed.can).to.equal(`suspended until ${date}: settlement ${proposalId} is vetoed, and nobody has ruled`);
    for (const text of [vetoed.status, vetoed.doctor]) {
      expect(text).to.contain(
        `to be ruled about before ${date}, \`lode governance propose --rule-veto ${proposalId}=upheld\``,
      );
      expect(text).to.contain(`by ${moment(dates.beginUntil)}`);
    }
    expect(vetoed.status).to.contain(`may not propose, is operator, suspended until ${date}`);
    expect(await owed(world, 'oscar').catch((error: unknown) => error)).to.be.instanceOf(RefusedError);

    // Scheduled in the last second in which it can be, the ruling is executed in the last in which it is one.
    const data = distributor.interface.encodeFunctionData('ruleVeto', [proposalId, true]);
    const zero = `0x${'0'.repeat(64)}`;
    const operation = [world.chain.addresses.distributor, 0n, data, zero, zero] as const;
    await time.setNextBlockTimestamp(dates.beginUntil);
    await timelock.connect(council).schedule(...operation, delay);
    await time.setNextBlockTimestamp(rulingUntil - 1);
    await timelock.connect(council).execute(...operation);
    const ruled = await looked(world);
    expect([ruled.vetoes, ruled.suspended]).to.deep.equal([[], [{ ...suspension, until: null, state: 'forfeited' }]]);
    expect(ruled.can).to.equal(
      `suspended until governance readmits it (\`--readmit ${accountOf(oscar)}\`): the veto of settlement ${proposalId} was upheld`,
    );
  });

  it('lapse: the bond is released before it is paid, and the operator is back', async () => {
    const { world, proposalId, settled } = await loadFixture(byCouncil);
    const { gina, oscar, mallory } = world.actors;
    const { distributor } = world.chain.contracts;
    const { bond } = settled.record;
    // Bytes that are no text: the guardian cannot blind whoever looks.
    const data = distributor.interface.encodeFunctionData('veto', [proposalId, '##']).replace('2323', 'fffe');
    await gina.sendTransaction({ to: world.chain.addresses.distributor, data });
    expect((await looked(world)).vetoes[0]?.reason).to.equal('0xfffe');
    const rulingUntil = (await time.latest()) + Number(await distributor.RULING_TIME());
    await time.increaseTo(rulingUntil - 1);
    const refused = (await owed(world, 'oscar').catch((error: unknown) => error)) as RefusedError;
    expect(refused.code).to.equal('NOTHING_OWED');
    expect(refused.details['next']).to.contain(`settlement ${proposalId}`).and.contain(moment(rulingUntil));
    const late = await looked(world);
    expect(late.attention.join()).to.contain('for which it is too late since');

    await time.increaseTo(rulingUntil);
    const lapsed = await looked(world);
    expect([lapsed.vetoes[0]?.lapsed, lapsed.suspended]).to.deep.equal([true, []]);
    expect(lapsed.attention.join()).to.contain(`\`lode withdraw --account ${accountOf(oscar)}\` pays the bond back`);
    const { outgoing, ...facts } = await owed(world, 'oscar');
    expect(facts).to.deep.equal({ to: accountOf(oscar), credited: 0n, deposits: 0n, bonds: bond });
    const balance = await ethers.provider.getBalance(oscar);
    for (const call of outgoing.calls) await sendCall(mallory, call);
    expect((await ethers.provider.getBalance(oscar)) - balance).to.equal(bond);
    const after = await looked(world);
    expect(after.vetoes).to.deep.equal([]);
    expect(after.can).to.contain('proposes a false settlement');
  });

  it('tell an operator whose settlement was disproved from one that waits for a ruling', async () => {
    const { world, proposalId } = await loadFixture(byCouncil);
    const { mallory, oscar } = world.actors;
    const { distributor } = world.chain.contracts;
    await distributor.connect(mallory).demand(proposalId, 0, { value: await distributor.demandDeposit(proposalId) });
    await time.increaseTo((await distributor.demandOf(proposalId, 0)).deadline);
    await distributor.connect(mallory).disproveUnanswered(proposalId, 0);
    const { vetoes, can, status } = await looked(world);
    expect(vetoes).to.deep.equal([]);
    expect(can)
      .to.contain(`--readmit ${accountOf(oscar)}`)
      .and.contain(`settlement ${proposalId} was disproved`);
    expect(status).to.contain('suspended operators');
  });

  it('leave the holders time for a whole vote until the date that is named', async () => {
    const { world, proposalId } = await loadFixture(byHolders);
    const { distributor } = world.chain.contracts;
    await distributor.connect(world.actors.gina).veto(proposalId, 'false scores');
    const [veto] = await readOpenVetoes(world.chain, await time.latest());
    await time.setNextBlockTimestamp(veto!.beginUntil);
    const [ruling] = await pass(world, [[['distributor', 'ruleVeto', [proposalId, false]]]]);
    await ruling!.execute();
    expect(await readOpenVetoes(world.chain, await time.latest())).to.deep.equal([]);
    expect(await distributor.suspended(world.actors.oscar)).to.equal(false);
  });
});
