import type { UseQueryResult } from '@tanstack/react-query';

import { agreed, type AgreedBlock } from '../../../../src/chain/agreement.ts';
import { atBlock } from '../../../../src/chain/at-block.ts';
import type { Connection } from '../../../../src/chain/connect.ts';
import {
  decodeDecision,
  findDecision,
  type Decision,
  type DecodedDecision,
} from '../../../../src/chain/governance/decisions.ts';
import { readEmissionGround, type EmissionGround } from '../../../../src/chain/governance/emission.ts';
import { readFacts } from '../../../../src/chain/governance/facts.ts';
import { readOffice, readPower, type Office, type Power } from '../../../../src/chain/governance/office.ts';
import { firstEpoch } from '../../../../src/chain/governance/propose.ts';
import {
  readOwnVote,
  readStatus,
  type GovernanceStatus,
  type OwnVote,
} from '../../../../src/chain/governance/status.ts';
import { timetable } from '../../../../src/chain/governance/timetable.ts';
import { readVotes, type CastVote } from '../../../../src/chain/governance/votes.ts';
import { readWeightSchedule, type WeightSchedule } from '../../../../src/chain/governance/weight-schedule.ts';
import { onChain } from '../../../../src/chain/revert-error.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { InputError, MissingError } from '../../../../src/protocol/errors.ts';
import type { EpochClock } from '../../../../src/protocol/epoch-clock.ts';
import { useAtHead } from '../../data/use-head.ts';
import type { Deployment } from '../../data/open-deployment.ts';
import { useWallets } from '../../wallet/wallet-context.ts';

/** The account of the connected wallet, if there is one. */
export function useAccount(): Address | null {
  return useWallets().connected?.account ?? null;
}

/** What every node says when it is asked in the same block. */
async function inBlock<T>(
  { endpoints }: Deployment,
  { number }: AgreedBlock,
  what: string,
  read: (connection: Connection) => Promise<T>,
): Promise<T> {
  return await agreed(endpoints, what, async (connection) => await read(atBlock(connection, number)));
}

/** Who decides, what is being decided, and what the connected account can do; what is over and done with where `all` is asked for. */
export function useStatus({ all = false }: { readonly all?: boolean } = {}): UseQueryResult<GovernanceStatus> {
  const account = useAccount();
  return useAtHead('governance', [account ?? '', all ? 'all' : 'open'], async (deployment, block) => {
    return await inBlock(deployment, block, 'governance', async (connection) => {
      return await readStatus(connection, { account, all });
    });
  });
}

/** The weights of the tasks, and what it takes to change them. */
export interface Weights {
  readonly schedule: WeightSchedule;
  /** Every task that was ever added. */
  readonly tasks: readonly (readonly [task: number, name: string])[];
  readonly clock: EpochClock;
  readonly epoch: number;
  /** The least weight that a task may have (wad). */
  readonly minimum: bigint;
  /** The first epoch for which a change that is proposed now is sure to act. */
  readonly first: number;
  /** What that epoch pays out as it is scheduled now. */
  readonly ground: EmissionGround;
  /** What the running epoch pays out. */
  readonly now: EmissionGround;
}

/** Reads them. */
export function useWeights(): UseQueryResult<Weights> {
  return useAtHead('weights', [], async (deployment, block) => {
    return await inBlock(deployment, block, 'the weights', async (connection) => {
      const facts = await readFacts(connection);
      const { registry } = connection.contracts;
      const first = await firstEpoch(facts, timetable(facts), { from: null, wishes: { setWeight: [] } });
      const [schedule, minimum, ground, now] = await Promise.all([
        readWeightSchedule(facts),
        onChain(() => registry.MIN_WEIGHT()),
        readEmissionGround(facts, first.epoch),
        readEmissionGround(facts, facts.epoch),
      ]);
      const { clock, epoch } = facts;
      return { schedule, tasks: [...facts.tasks], clock, epoch, minimum, first: first.epoch, ground, now };
    });
  });
}

/** What an epoch pays out as it is scheduled now. */
export function useGround(epoch: number): UseQueryResult<EmissionGround> {
  return useAtHead('emission', [epoch], async (deployment, block) => {
    return await inBlock(deployment, block, `the emission of epoch ${epoch}`, async (connection) => {
      return await readEmissionGround(await readFacts(connection), epoch);
    });
  });
}

/** A decision with everything that somebody who has a say in it should know. */
export interface WholeDecision extends DecodedDecision {
  readonly given: string;
  readonly account: Address | null;
  readonly decision: Decision;
  readonly votes: readonly CastVote[];
  readonly own: OwnVote;
  readonly office: Office;
  readonly power: Power | null;
}

/** Reads the decision with this number, or with these first digits; null where there is none, or more than one. */
export function useDecision(given: string): UseQueryResult<WholeDecision | null> {
  const account = useAccount();
  return useAtHead('decision', [given, account ?? ''], async (deployment, block) => {
    return await inBlock(deployment, block, 'the decision', async (connection) => {
      const decision = await findDecision(connection, given).catch((error: unknown) => {
        if (error instanceof MissingError || error instanceof InputError) return null;
        throw error;
      });
      if (decision === null) return null;
      const facts = await readFacts(connection);
      const office = await readOffice(connection);
      return {
        given,
        account,
        decision,
        ...(await decodeDecision(connection, decision, facts)),
        votes: decision.kind === 'proposal' ? await readVotes(connection, decision.proposal.id) : [],
        own:
          decision.kind === 'proposal'
            ? await readOwnVote(connection, decision.proposal, account)
            : { voted: null, weight: null },
        office,
        power: account === null ? null : await readPower(connection, account, office),
      };
    });
  });
}
