import type { Address } from '../../protocol/brands.ts';
import { parseAddress } from '../../protocol/brands.ts';
import type { Connection } from '../connect.ts';
import { onChain } from '../revert-error.ts';

/** How decisions are made, and by whom, at the newest block. */
export interface Office {
  readonly block: number;
  /** Unix seconds. */
  readonly time: number;
  readonly inOffice: 'council' | 'holders';
  readonly council: Address;
  readonly settings: {
    /** Seconds, as all times here. */
    readonly votingDelay: number;
    readonly votingPeriod: number;
    readonly lateQuorum: number;
    readonly queuePeriod: number;
    readonly timelockDelay: number;
    /** Votes that it takes to propose, in wei. */
    readonly proposalThreshold: bigint;
    /** The part of what circulates that has to take part (wad). */
    readonly quorum: bigint;
    readonly quorumFloor: bigint;
  };
  /** In wei, a second ago: what a quorum is a part of. */
  readonly circulating: bigint;
  readonly supply: bigint;
  /** Votes that would have to take part now. */
  readonly quorum: bigint;
}

/** Who decides at present, and how. */
export async function readOffice({ contracts, provider }: Connection): Promise<Office> {
  const { governor, timelock, token, handover } = contracts;
  return await onChain(async () => {
    const block = await provider.getBlock('latest');
    const time = block?.timestamp ?? 0;
    // Together: a node on the other side of the world answers them in one go.
    const [
      isHandedOver,
      council,
      delay,
      period,
      late,
      queue,
      lock,
      threshold,
      part,
      floor,
      circulating,
      supply,
      quorum,
    ] = await Promise.all([
      handover.done(),
      handover.COUNCIL(),
      governor.votingDelay(),
      governor.votingPeriod(),
      governor.lateQuorumVoteExtension(),
      governor.QUEUE_PERIOD(),
      timelock.getMinDelay(),
      governor.proposalThreshold(),
      governor['quorumNumerator()'](),
      governor.QUORUM_FLOOR(),
      governor.circulatingAt(time - 1),
      token.totalSupply(),
      governor.quorum(time - 1),
    ]);
    return {
      block: block?.number ?? 0,
      time,
      inOffice: isHandedOver ? 'holders' : 'council',
      council: parseAddress(council),
      settings: {
        votingDelay: Number(delay),
        votingPeriod: Number(period),
        lateQuorum: Number(late),
        queuePeriod: Number(queue),
        timelockDelay: Number(lock),
        proposalThreshold: threshold,
        quorum: part,
        quorumFloor: floor,
      },
      circulating,
      supply,
      quorum,
    };
  });
}

/** What an account can do in governance. */
export interface Power {
  readonly account: Address;
  readonly balance: bigint;
  /** Who votes with its tokens; the zero address: nobody. */
  readonly delegate: Address;
  readonly votes: bigint;
  readonly canPropose: boolean;
  readonly roles: readonly ('council' | 'guardian' | 'operator')[];
}

/** What one account can do at present. */
export async function readPower(
  { contracts, addresses }: Connection,
  account: Address,
  { inOffice, council, settings }: Office,
): Promise<Power> {
  const { token, authority } = contracts;
  return await onChain(async () => {
    const { selector } = contracts.distributor.interface.getFunction('propose');
    const [votes, balance, delegate, [guardian], [operator]] = await Promise.all([
      token.getVotes(account),
      token.balanceOf(account),
      token.delegates(account),
      contracts.canceller.GUARDIAN_ROLE().then((role) => authority.hasRole(role, account)),
      authority.canCall(account, addresses.distributor, selector),
    ]);
    const isCouncil = inOffice === 'council' && account === council;
    const roles: readonly (readonly [boolean, Power['roles'][number]])[] = [
      [isCouncil, 'council'],
      [guardian, 'guardian'],
      [operator, 'operator'],
    ];
    return {
      account,
      balance,
      delegate: parseAddress(delegate),
      votes,
      canPropose: isCouncil || (inOffice === 'holders' && votes >= settings.proposalThreshold),
      roles: roles.filter(([has]) => has).map(([, role]) => role),
    };
  });
}
