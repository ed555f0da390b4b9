/** What a claim of somebody else's contract costs. */
export interface PeerClaim {
  readonly name: string;
  /** First by a new holder, first by an existing one, and repeated, with a plain token; repeated with one that has votes. */
  readonly gas: readonly [first: number, existing: number, repeated: number, repeatedVotes: number];
}

/** Measured once, beforehand, with the code and the settings of each, at depth 20: nothing here runs them. */
export const PEERS: readonly PeerClaim[] = [
  { name: 'Uniswap MerkleDistributor (bitmap)', gas: [97_955, 80_855, 63_755, 68_504] },
  { name: 'Morpho URD (cumulative)', gas: [98_584, 81_499, 64_369, 69_070] },
  { name: 'Merkl Distributor (proxy)', gas: [142_248, 125_126, 90_918, 95_651] },
  { name: 'EigenLayer RewardsCoordinator (proxy)', gas: [129_256, 112_156, 95_080, 99_745] },
  { name: 'Sablier airdrop, instant', gas: [111_032, 93_890, 76_802, 81_530] },
  { name: 'Sablier airdrop, linear vesting: opening a stream', gas: [325_422, 325_437, 274_122, 278_873] },
  { name: 'and each later withdrawal from it', gas: [117_537, 100_437, 100_437, 105_150] },
];
