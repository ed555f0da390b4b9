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
    return {
      block: block?.number ?? 0,
      time,
      inOffice: (await handover.done()) ? 'holders' : 'council',
      council: parseAddress(await handover.COUNCIL()),
      settings: {
        votingDelay: Number(await governor.votingDelay()),
        votingPeriod: Number(await governor.votingPeriod()),
        lateQuorum: Number(await governor.lateQuorumVoteExtension()),
        queuePeriod: Number(await governor.QUEUE_PERIOD()),
        timelockDelay: Number(await timelock.getMinDelay()),
        proposalThreshold: await governor.proposalThreshold(),
        quorum: await governor['quorumNumerator()'](),
        quorumFloor: await governor.QUORUM_FLOOR(),
      },
      circulating: await governor.circulatingAt(time - 1),
      supply: await token.totalSupply(),
      quorum: await governor.quorum(time - 1),
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
    const votes = await token.getVotes(account);
    const [guardian] = await authority.hasRole(await contracts.canceller.GUARDIAN_ROLE(), account);
    const [operator] = await authority.canCall(
      account,
      addresses.distributor,
      contracts.distributor.interface.getFunction('propose').selector,
    );
    const isCouncil = inOffice === 'council' && account === council;
    const roles: readonly (readonly [boolean, Power['roles'][number]])[] = [
      [isCouncil, 'council'],
      [guardian, 'guardian'],
      [operator, 'operator'],
    ];
    return {
      account,
      balance: await token.balanceOf(account),
      delegate: parseAddress(await token.delegates(account)),
      votes,
      canPropose: isCouncil || (inOffice === 'holders' && votes >= settings.proposalThreshold),
      roles: roles.filter(([has]) => has).map(([, role]) => role),
    };
  });
}
