import type { Call } from '../../../src/chain/calls.ts';
import { finaliseCall, proposeCall } from '../../../src/chain/calls.ts';
import {
  answerCall,
  demandCall,
  disproveCall,
  disproveUnansweredCall,
  reclaimDepositCall,
  withdrawBondCall,
} from '../../../src/chain/disproof.ts';
import { readDisputedProposal } from '../../../src/chain/disputed-proposal.ts';
import { proposeSettlement, readBasis } from '../../../src/chain/epoch-steps.ts';
import { sendCall } from '../../../src/chain/send.ts';
import { revealFrom } from '../../../src/settlement/faults/preimages.ts';
import { reportPreimages } from '../../../src/settlement/faults/report-preimages.ts';
import { leafAnswer } from '../../../src/settlement/prover/leaf-answer.ts';
import { prove } from '../../../src/settlement/prover/prove.ts';
import type { Settled, World } from '../world.ts';
import { accountOf, propose, travelTo } from '../world.ts';

const DAY = 86_400;

/** What waits in the distributor when a walk begins. */
export type Stage =
  /** An honest settlement in its window, two of its leaves demanded, one of them for too long. */
  | 'honest'
  /** A false one, whose window is over. */
  | 'false'
  /** None; the last one was vetoed, and governance has let the time for a ruling pass. */
  | 'nothing';

/**
 * Oscar proposes an epoch, mallory demands a leaf of it, gina vetoes. Then fiona, whom governance has made an operator as well,
 * proposes what the stage says, and time goes on until `until` at least. Returns calls that the distributor would take now.
 */
export async function disputeOver(
  world: World,
  [before, settled]: readonly [Settled, Settled],
  stage: Stage,
  until: number,
): Promise<Call[]> {
  const { actors, chain, hardhat } = world;
  const { addresses } = chain;
  const { distributor, vault } = chain.contracts;
  const { time } = hardhat.networkHelpers;
  const { record, declared } = settled;
  const { proposalId: vetoed } = await propose(world, settled);
  await demand(world, vetoed, 0);
  await distributor.connect(actors.gina).veto(vetoed, 'rows that nobody believes');
  const foundation = vault.interface.encodeFunctionData('claimFoundation', [actors.fiona.address]);
  const release = distributor.interface.encodeFunctionData('releaseBond', [vetoed]);
  const veto = distributor.interface.encodeFunctionData('veto', [vetoed + 1n, 'once more']);
  const calls = [
    reclaimDepositCall(addresses, vetoed, 0),
    withdrawBondCall(addresses, accountOf(actors.oscar)),
    { to: addresses.vault, data: foundation, value: 0n },
    { to: addresses.distributor, data: release, value: 0n },
    { to: addresses.distributor, data: veto, value: 0n },
  ];
  const basis = await readBasis(chain, record);
  const proposed = { record, settlement: declared, basis };

  if (stage === 'nothing') {
    await travelTo(world, until);
    await time.increase(31 * DAY);
    return [...calls, proposeCall(addresses, record, declared, basis)];
  }
  if (stage === 'false') {
    const [first = 0n, ...others] = declared.scoreTotals;
    const lie = { ...declared, scoreTotals: [first + 1n, ...others] };
    await proposeSettlement(chain, actors.fiona, { ...proposed, settlement: lie });
    const proposal = await readDisputedProposal(chain, record.epoch);
    const [reveal, revealParent] = [settled, before].map(({ files }) => revealFrom([...reportPreimages(files)]));
    const verdict = prove({ context: proposal.context, reveal: reveal!, revealParent: revealParent! });
    if (verdict.kind !== 'disproof') throw new Error(`the lie is ${verdict.kind}`);
    await travelTo(world, until);
    return [...calls, disproveCall(addresses, proposal, verdict.disproof), finaliseCall(addresses, record, lie)];
  }
  await travelTo(world, until);
  const { proposalId } = await proposeSettlement(chain, actors.fiona, proposed);
  await demand(world, proposalId, 0);
  await time.increase(record.window / 4);
  await demand(world, proposalId, 1);
  const shown = leafAnswer(declared, revealFrom([...reportPreimages(settled.files)]), 1);
  if (shown === undefined) throw new Error('the report does not open the leaf');
  return [
    ...calls,
    demandCall(addresses, proposalId, 2, record.bond),
    answerCall(addresses, declared, 1, shown),
    disproveUnansweredCall(addresses, proposalId, 0),
  ];
}

async function demand({ actors, chain }: World, proposalId: bigint, index: number): Promise<void> {
  const deposit = await chain.contracts.distributor.demandDeposit(proposalId);
  await sendCall(actors.mallory, demandCall(chain.addresses, proposalId, index, deposit));
}
