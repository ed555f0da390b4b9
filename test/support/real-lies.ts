import { expect } from 'chai';
import type { NetworkConnection } from 'hardhat/types/network';

import { proposeCall } from '../../src/chain/calls.ts';
import {
  answerCall,
  demandCall,
  disproveCall,
  disproveUnansweredCall,
  reclaimDepositCall,
} from '../../src/chain/disproof.ts';
import { readDemands, readDisputedProposal, readProposalState } from '../../src/chain/disputed-proposal.ts';
import { readBasis } from '../../src/chain/epoch-steps.ts';
import { readEpochState } from '../../src/chain/epoch-state.ts';
import { RevertError } from '../../src/chain/revert-error.ts';
import { sendCall } from '../../src/chain/send.ts';
import { parseHash32 } from '../../src/protocol/brands.ts';
import type { Evidence } from '../../src/settlement/faults/evidence.ts';
import type { Reveal } from '../../src/settlement/faults/open-tree.ts';
import { revealFrom } from '../../src/settlement/faults/open-tree.ts';
import { encodeProof, faultOf } from '../../src/settlement/prover/encode-proof.ts';
import { answerPreimages, leafAnswer } from '../../src/settlement/prover/leaf-answer.ts';
import type { Disproof } from '../../src/settlement/prover/prove.ts';
import { prove } from '../../src/settlement/prover/prove.ts';
import type { Random } from './effort.ts';
import type { Assembled } from './forgery.ts';
import { testAddress } from './history.ts';
import type { HiddenLie } from './lie-kinds.ts';
import { REFUSED } from './lie-table.ts';
import type { Settled, Work, World } from './world.ts';
import { travelTo } from './world.ts';

const REPORT = parseHash32(`0x${'5e'.repeat(32)}`);

/** How a lie came to its end. */
export interface Caught {
  /** The fault that was proven, `refused` by `propose`, or what was done where a leaf was not shown. */
  readonly by: string;
  /** Of the transaction that dropped it. */
  readonly gas?: bigint;
  readonly disproof?: Disproof;
}

/** An epoch that is closed, with all a liar and a prover know. */
export interface Stage {
  readonly world: World;
  readonly settled: Settled;
  readonly revealParent: Reveal;
}

/** Scores and uses of so many accounts: some idle, some with little, one with most of it. */
export function randomWork(accounts: number, tasks: readonly number[], numbers: Random): Work {
  const scores = new Map<string, { account: ReturnType<typeof testAddress>; task: number; score: bigint }>();
  const uses = [];
  for (let n = 0; n < accounts; n++) {
    const account = testAddress(n);
    if (numbers.index(4) > 0) {
      const task = tasks[numbers.index(tasks.length)]!;
      const score = numbers.index(8) === 0 ? 10n ** 9n : BigInt(1 + numbers.index(50));
      scores.set(`${n}/${task}`, { account, task, score });
    }
    if (numbers.index(3) === 0) uses.push({ account, uses: BigInt(1 + numbers.index(20)) });
  }
  return { scores: [...scores.values()], uses };
}

/** Runs something on a chain and takes it back, clock included. */
export async function takenBack<T>({ networkHelpers }: NetworkConnection, run: () => Promise<T>): Promise<T> {
  const snapshot = await networkHelpers.takeSnapshot();
  try {
    return await run();
  } finally {
    await snapshot.restore();
    await networkHelpers.time.setNextBlockTimestamp((await networkHelpers.time.latest()) + 1);
  }
}

/**
 * Oscar proposes a false settlement; mallory, who knows only what the chain and the report show, drops it. Checks who is paid what, and
 * that the epoch is closed again. When a leaf is demanded oscar shows what he can.
 *
 * @throws {Error} when the lie survives
 */
export async function lieThrough(
  { world, settled, revealParent }: Stage,
  lie: Assembled | HiddenLie,
  name: string,
): Promise<Caught> {
  const { chain, actors } = world;
  const { record } = settled;
  const settlement = { ...lie.settlement, reportCid: REPORT };
  const basis = await readBasis(chain, record);
  try {
    await sendCall(actors.oscar, proposeCall(chain.addresses, record, settlement, basis));
  } catch (error) {
    if (!(error instanceof RevertError)) throw error;
    expect(error.code, `ROOT-4 ${name}: refused for another reason`).to.match(/^EpochDistributor_/);
    return { by: REFUSED };
  }
  const proposal = await readDisputedProposal(chain, record.epoch);
  const shown = [...lie.preimages];
  const judgeIt = () => prove({ context: proposal.context, reveal: revealFrom(shown), revealParent });
  let verdict = judgeIt();
  if (verdict.kind === 'demand') {
    const { index, reason } = verdict;
    const { distributor } = chain.contracts;
    const deposit = await distributor.demandDeposit(proposal.proposalId);
    await sendCall(actors.mallory, demandCall(chain.addresses, proposal.proposalId, index, deposit));
    const found = leafAnswer(settlement, revealFrom([...shown, ...('hidden' in lie ? lie.hidden : [])]), index);
    const call = found === undefined ? null : answerCall(chain.addresses, settlement, index, found);
    const isShown = call !== null && (await succeeds(() => sendCall(actors.oscar, call)));
    if (!isShown) return await unanswered(world, proposal, index, `${reason}, unanswered`);
    for (const demand of await readDemands(chain, proposal.proposalId)) {
      if (demand.answer !== null) shown.push(...answerPreimages(demand.index, demand.answer));
    }
    verdict = judgeIt();
  }
  if (verdict.kind !== 'disproof') throw new Error(`ROOT-4 ${name}: survived (${verdict.kind})`);
  const { disproof } = verdict;
  const credit = await chain.contracts.distributor.bondCreditOf(actors.mallory);
  const receipt = await sendCall(actors.mallory, disproveCall(chain.addresses, proposal, disproof));
  await expectDropped(world, proposal, credit + proposal.bond / 2n);
  const by = shown.length > lie.preimages.length ? `${disproof.fault} after an answer` : disproof.fault;
  return { by, gas: receipt.gasUsed, disproof };
}

type Pending = Awaited<ReturnType<typeof readDisputedProposal>>;

async function unanswered(world: World, proposal: Pending, index: number, by: string): Promise<Caught> {
  const { chain, actors } = world;
  const { proposalId, bond } = proposal;
  const [demand] = await readDemands(chain, proposalId);
  await travelTo(world, demand!.deadline);
  // Anyone may; the reward is the demander's.
  const receipt = await sendCall(actors.alice, disproveUnansweredCall(chain.addresses, proposalId, index));
  const { distributor } = chain.contracts;
  if ((await distributor.demandOf(proposalId, index)).state === 1n) {
    await sendCall(actors.alice, reclaimDepositCall(chain.addresses, proposalId, index));
  }
  await expectDropped(world, proposal, bond / 2n + demand!.deposit);
  return { by, gas: receipt.gasUsed };
}

async function expectDropped({ chain, actors }: World, { proposalId, epoch, bond }: Pending, credit: bigint) {
  const { distributor } = chain.contracts;
  expect(await readProposalState(chain, proposalId)).to.equal('disproved');
  expect(await readEpochState(chain, epoch)).to.equal('closed');
  expect(await distributor.bondCreditOf(actors.mallory), 'ROOT-5 the prover').to.equal(credit);
  expect(await distributor.bondCreditOf(chain.addresses.timelock), 'ROOT-5 the treasury').to.equal(bond - bond / 2n);
  expect(await distributor.suspended(actors.oscar)).to.equal(true);
}

/** Tries evidence against the pending proposal, which is honest; none may hold. */
export async function expectWithstands({ chain, actors }: World, proposal: Pending, tries: readonly Evidence[]) {
  const { provider } = chain;
  for (const evidence of tries) {
    const { to, data } = disproveCall(chain.addresses, proposal, {
      fault: faultOf(evidence),
      proof: encodeProof(evidence),
    });
    const held = await succeeds(() => provider.call({ from: actors.mallory.address, to, data }));
    expect(held, `ROOT-4 an honest settlement falls to ${evidence.kind}`).to.equal(false);
  }
}

async function succeeds(send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    // What is no revert is no verdict.
    if (error instanceof RevertError || (error as { code?: unknown }).code === 'CALL_EXCEPTION') return false;
    if (/revert/.test(String(error))) return false;
    throw error;
  }
}
