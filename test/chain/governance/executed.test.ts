import { expect } from 'chai';
import type { Result } from 'ethers';
import { network } from 'hardhat';

import { ROLE_IDS } from '../../../deploy/roles.ts';
import { callLines, decodeCall } from '../../../src/chain/governance/decode.ts';
import { decodeDecision, readDecisions, type DecodedDecision } from '../../../src/chain/governance/decisions.ts';
import { readFacts } from '../../../src/chain/governance/facts.ts';
import { readStatus } from '../../../src/chain/governance/status.ts';
import { parseAddress } from '../../../src/protocol/brands.ts';
import { WAD } from '../../../src/protocol/fixed-point.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';
import { deployHandedOver, enact, pass, START, weightTable, type Governed } from '../../support/voted-world.ts';
import type { World } from '../../support/world.ts';
import { accountOf, travelTo } from '../../support/world.ts';
import { MedianPriceSource__factory } from '../../../types/typechain/factories/contracts/reserve/MedianPriceSource__factory.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const DAY = 86_400;
const FROM = 2;

async function handedOver(): Promise<World> {
  return await deployHandedOver(hardhat);
}

/** What every decision does, or did, in their order. */
async function decoded({ chain }: World): Promise<readonly DecodedDecision[]> {
  const [facts, decisions] = [await readFacts(chain), await readDecisions(chain)];
  return await Promise.all(decisions.map(async (decision) => await decodeDecision(chain, decision, facts)));
}

const lines = ({ calls }: DecodedDecision) => calls.flatMap(callLines);
const cap = (hundredths: bigint): Governed => ['parameters', 'scheduleAccountCap', [FROM, (hundredths * WAD) / 100n]];

describe('decodeDecision', () => {
  let world: World;
  beforeEach(async () => {
    world = await loadFixture(handedOver);
  });

  it('tells an executed decision against what it found, call by call', async () => {
    const { mallory, guardian } = await named(world);
    const receipt = await enact(world, [
      ['registry', 'addTask', [7, 'dictation']],
      ['registry', 'scheduleTasks', [FROM, weightTable([1, 40n], [2, 20n], [4, 30n], [7, 10n])]],
      ['parameters', 'scheduleFoundation', [FROM, mallory, WAD / 5n]],
      ['parameters', 'scheduleAccelerationBound', [FROM, WAD / 50n]],
      ['authority', 'grantRole', [ROLE_IDS.GUARDIAN, mallory, 0]],
      ['authority', 'revokeRole', [ROLE_IDS.GUARDIAN, guardian]],
      ['governor', 'setVotingPeriod', [6 * DAY]],
      ['timelock', 'updateDelay', [5 * DAY]],
    ]);
    const [one] = await decoded(world);
    const { foundation, share, bound, votingPeriod, delay } = await found(world, receipt.blockNumber - 1);
    expect(lines(one!)).to.deep.equal([
      'add the task dictation as number 7',
      `weights of the tasks from epoch ${FROM} on, 3 of 4 as they are`,
      '  cross-lingual-llm: 10 % → retired',
      '  dictation: 10 %',
      `the foundation from epoch ${FROM} on`,
      `  foundation: ${foundation} → ${mallory}`,
      `  share: ${share} % → 20 %`,
      `what usage frees of the locked in one epoch at most, from epoch ${FROM} on`,
      `  bound: ${bound} % → 2 %`,
      `${mallory} becomes guardian`,
      '  guardian: no → yes',
      `${guardian} is guardian no more`,
      '  guardian: yes → no',
      'the voting period of the holders',
      `  voting period: ${votingPeriod} days → 6 days`,
      'how long everything waits that was decided',
      `  delay: ${delay} days → 5 days`,
    ]);
    const block = (await world.chain.provider.getBlock(receipt.blockNumber))!;
    expect(one!.executed).to.deep.equal({
      block: receipt.blockNumber,
      time: block.timestamp,
      transaction: receipt.hash,
    });
  });

  it('tells each of two that changed the same against what it found itself, and an open one against the chain', async () => {
    const before = await world.chain.contracts.parameters.accountCapAt(FROM);
    const passed = await pass(world, [[cap(30n)], [cap(40n)], [cap(50n)]]);
    await passed[0]!.execute();
    await passed[1]!.execute();
    const words = `what one account gets of a task at most, from epoch ${FROM} on`;
    const all = await decoded(world);
    expect(all.map(lines)).to.deep.equal([
      [words, `  cap: ${(before * 100n) / WAD} % → 30 %`],
      [words, '  cap: 30 % → 40 %'],
      [words, '  cap: 40 % → 50 %'],
    ]);
    expect(all.map(({ executed }) => executed !== null)).to.deep.equal([true, true, false]);
    const { proposals } = await readStatus(world.chain, { account: null, all: true });
    expect(proposals.map((proposal) => proposal.words)).to.deep.equal(all.map(lines));
  });

  it('still names a price source that was replaced since', async () => {
    const { reserve } = world.chain.contracts;
    const law = ((await reserve.parametersAt(FROM)) as unknown as Result).toObject();
    const { mallory } = await named(world);
    await enact(world, [['reserve', 'scheduleParameters', [FROM, { ...law, priceSource: mallory }]]]);
    await travelTo(world, START + (FROM + 1) * 7 * DAY);
    const facts = await readFacts(world.chain);
    expect(facts.priceSources).to.deep.equal([mallory]);
    const data = MedianPriceSource__factory.createInterface().encodeFunctionData('setReporter', [1, mallory]);
    const to = parseAddress(String(law['priceSource']).toLowerCase());
    const call = await decodeCall(world.chain, { to, data, value: 0n }, facts);
    expect(call).to.include({ raw: false, contract: 'priceSource', function: 'setReporter' });
    // What was voted for in its place is no contract at all.
    const next = await decodeCall(world.chain, { to: mallory, data, value: 0n }, facts);
    expect(callLines(next)).to.deep.equal(['who reports to the median price source', `  seat 1: ${mallory}`]);
  });

  it('tells two that took effect in one block apart', async () => {
    const passed = await pass(world, [[cap(30n), cap(35n)], [cap(40n)]]);
    await hardhat.provider.request({ method: 'evm_setAutomine', params: [false] });
    const sent = Promise.all(passed.map(async ({ execute }) => await execute()));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await hardhat.provider.request({ method: 'evm_mine' });
    await hardhat.provider.request({ method: 'evm_setAutomine', params: [true] });
    const [first, second] = await sent;
    expect(first!.blockNumber).to.equal(second!.blockNumber);
    const values = (await decoded(world)).flatMap(lines).filter((line) => line.startsWith('  '));
    expect(values.slice(1)).to.deep.equal(['  cap: 30 % → 35 %', '  cap: 35 % → 40 %']);
  });
});

async function named({ actors, chain }: World) {
  const { authority } = chain.contracts;
  const events = await authority.queryFilter(authority.filters.RoleGranted(ROLE_IDS.GUARDIAN));
  return { mallory: accountOf(actors.mallory), guardian: events[0]!.args.account.toLowerCase() };
}

/** What the chain had before. */
async function found({ chain: { contracts } }: World, block: number) {
  const at = { blockTag: block };
  const [account, share] = await contracts.parameters.foundationAt(FROM, at);
  return {
    foundation: account.toLowerCase(),
    share: (share * 100n) / WAD,
    bound: ((await contracts.parameters.accelerationBoundAt(FROM, at)) * 100n) / WAD,
    votingPeriod: (await contracts.governor.votingPeriod(at)) / BigInt(DAY),
    delay: (await contracts.timelock.getMinDelay(at)) / BigInt(DAY),
  };
}
