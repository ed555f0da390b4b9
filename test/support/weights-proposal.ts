import type { PageWorld } from './page-world.ts';

const HUNDREDTH = 10n ** 16n;
/** What each of the four tasks shall have, in hundredths. */
const WEIGHTS = [30n, 20n, 20n, 30n];
/** So many epochs lie between the proposal and the first that it is for. */
const AHEAD = 8;

/** What the holders are asked. */
export const REASON =
  'Review is scarce\n\nIt takes weeks at present: more for those who look through what others made.';

/** Alice proposes other weights, and the vote begins; its id. */
export async function proposeWeights({ world, travelTo, now }: PageWorld): Promise<bigint> {
  const { registry: tasks, governor, curve } = world.chain.contracts;
  const table = WEIGHTS.map((hundredths, at) => ({ task: at + 1, weight: hundredths * HUNDREDTH }));
  const from = Number(await curve.epochAt(BigInt(await now()))) + AHEAD;
  const data = tasks.interface.encodeFunctionData('scheduleTasks', [from, table]);
  const target = await tasks.getAddress();
  await (await governor.connect(world.actors.alice).propose([target], [0n], [data], REASON)).wait();
  const id = await governor.hashProposal([target], [0n], [data], world.hardhat.ethers.id(REASON));
  await travelTo(Number(await governor.proposalSnapshot(id)) + 1);
  return id;
}
