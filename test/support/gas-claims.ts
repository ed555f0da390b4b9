import type { ContractTransactionReceipt, ContractTransactionResponse } from 'ethers';
import type { NetworkConnection } from 'hardhat/types/network';

import { claimToChain } from '../../src/chain/convert.ts';
import type { Address } from '../../src/protocol/brands.ts';
import type { Done } from './gas-world.ts';
import { LEAVES, minersOf, START, WEEK } from './gas-world.ts';
import { VAULT_MESSAGES } from './vault-messages.ts';
import type { World } from './world.ts';
import { accountOf } from './world.ts';

/** A world with two final epochs of which an account claims the older one, the newest, or both in turn. */
export interface Claimable {
  readonly hardhat: NetworkConnection;
  readonly world: World;
  readonly older: Done;
  readonly newest: Done;
}

/** Sends something. */
export type Send = (claimable: Claimable) => Promise<ContractTransactionResponse>;

const DEADLINE = START + 1000 * WEEK;

/** Lets weeks pass between two calls. */
export interface Pause {
  readonly weeks: number;
}

/**
 * Sends one call after the other, each a second later, from three days after the newest epoch's end on, and returns the
 * last receipt. No time depends on the machine.
 */
export async function lastOf(
  claimable: Claimable,
  ...steps: readonly (Send | Pause)[]
): Promise<ContractTransactionReceipt> {
  let at = START + (claimable.newest.settled.record.epoch + 1) * WEEK + 3 * 86_400;
  let receipt: ContractTransactionReceipt | null = null;
  for (const step of steps) {
    if (typeof step !== 'function') {
      at += step.weeks * WEEK;
      continue;
    }
    await claimable.hardhat.networkHelpers.time.setNextBlockTimestamp(at++);
    receipt = await (await step(claimable)).wait();
  }
  return receipt!;
}

/* What a stranger sends for an account: who sends makes no difference. */

export const claimOf =
  (actor: 'alice' | 'bob' | 'dave', epoch: 'older' | 'newest' = 'newest'): Send =>
  async ({ world, ...epochs }) =>
    await stranger(world).claim(claimToChain(epochs[epoch].claimOf(accountOf(world.actors[actor]))));

export const claimMany =
  (epoch: 'older' | 'newest', count: number): Send =>
  async ({ world, ...epochs }) =>
    await stranger(world).claimMany(batch(world, count).map((one) => claimToChain(epochs[epoch].claimOf(one))));

export const claimFoundation: Send = async ({ world }) => await stranger(world).claimFoundation(world.actors.fiona);

export const claimToBySig: Send = async ({ world, newest }) => {
  const { alice, carol } = world.actors;
  const claim = claimToChain(newest.claimOf(accountOf(alice)));
  const message = { account: alice.address, to: carol.address, epoch: claim.epoch, deadline: DEADLINE };
  const signature = await sign(world, 'ClaimTo', message);
  return await stranger(world).claimToBySig(claim, carol, DEADLINE, signature);
};

export const setRecipientBySig: Send = async ({ world }) => {
  const { alice, carol } = world.actors;
  const message = { account: alice.address, to: carol.address, deadline: DEADLINE };
  return await stranger(world).setRecipientBySig(alice, carol, DEADLINE, await sign(world, 'SetRecipient', message));
};

/* What alice and bob send themselves. */

export const claimTo: Send = async ({ world, newest }) => {
  const { alice, carol } = world.actors;
  return await vaultOf(world)
    .connect(alice)
    .claimTo(claimToChain(newest.claimOf(accountOf(alice))), carol);
};

export const setRecipient: Send = async ({ world: { actors, ...world } }) =>
  await vaultOf(world).connect(actors.alice).setRecipient(actors.carol);

export const delegateAlice: Send = async ({ world: { actors, chain } }) =>
  await chain.contracts.token.connect(actors.alice).delegate(actors.alice);

/** Bob gives a tenth of a token of what he claimed to somebody, who then holds some without ever having claimed. */
export const giftTo =
  (actor: 'alice' | 'carol'): Send =>
  async ({ world: { actors, chain } }) =>
    await chain.contracts.token.connect(actors.bob).transfer(actors[actor], 10n ** 17n);

function vaultOf({ chain }: Pick<World, 'chain'>) {
  return chain.contracts.vault;
}

function stranger(world: World) {
  return vaultOf(world).connect(world.actors.mallory);
}

/** Miners without a key, from the middle of the list. */
function batch(world: World, count: number): readonly Address[] {
  return minersOf(world, LEAVES).slice(100, 100 + count);
}

/** Alice signs with her next nonce of that kind. */
async function sign(
  world: World,
  type: keyof typeof VAULT_MESSAGES,
  message: Record<string, unknown>,
): Promise<string> {
  const vault = vaultOf(world);
  const { alice } = world.actors;
  const key = type === 'ClaimTo' ? await vault.CLAIM_KEY() : await vault.RECIPIENT_KEY();
  const { name, version, chainId, verifyingContract } = await vault.eip712Domain();
  const nonce = await vault['nonces(address,uint192)'](alice, key);
  return await alice.signTypedData(
    { name, version, chainId, verifyingContract },
    { [type]: VAULT_MESSAGES[type] },
    { ...message, nonce },
  );
}
