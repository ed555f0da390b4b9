import { expect } from 'chai';
import type { Signer } from 'ethers';
import { network } from 'hardhat';

import { setRecipientCall } from '../../src/chain/recipient-calls.ts';
import { sendCall } from '../../src/chain/send.ts';
import { claimDomain } from '../../src/chain/signed-claim.ts';
import { recipientNonce, SET_RECIPIENT } from '../../src/chain/signed-recipient.ts';
import { formatRecipientLine, isRecipientLine, parseRecipientLine } from '../../src/claims/recipient-line.ts';
import { recipientJobs, type RecipientJob } from '../../src/claims/signed-recipients.ts';
import { parseAddress, type Address } from '../../src/protocol/brands.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import { accountOf, deployWorld, storyPreset, type World } from '../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const START = 2_000_000_000;
const DAY = 86_400;
const TO = parseAddress(`0x${'9a'.repeat(20)}`);

async function deployed(): Promise<World> {
  return await deployWorld(hardhat, { start: START, preset: storyPreset() });
}

describe('changes of recipient that were only signed', () => {
  let world: World;
  let alice: Address;
  let deadline: number;
  beforeEach(async () => {
    world = await loadFixture(deployed);
    alice = accountOf(world.actors.alice);
    deadline = (await hardhat.networkHelpers.time.latest()) + DAY;
  });

  interface Signing {
    readonly by?: Signer;
    /** How many nonces after the account's next. */
    readonly later?: bigint;
    readonly chainId?: number;
  }

  async function line({ by = world.actors.alice, later = 0n, chainId }: Signing = {}): Promise<string> {
    const { addressBook } = world.chain;
    const nonce = (await recipientNonce(world.chain, alice)) + later;
    const book = { ...addressBook, chainId: chainId ?? addressBook.chainId };
    const permission = { account: alice, to: TO, nonce, deadline };
    const signature = await by.signTypedData(claimDomain(book), SET_RECIPIENT, permission);
    return formatRecipientLine(book, { ...permission, signature });
  }

  async function tried(...texts: readonly string[]): Promise<readonly RecipientJob[]> {
    const mallory = accountOf(world.actors.mallory);
    return await recipientJobs(
      world.chain,
      mallory,
      texts.map((text, at) => ({ line: at + 1, text })),
    );
  }

  it('are written as a line, and read as what was written', async () => {
    const text = await line();
    expect(text).not.to.contain('\n');
    expect(isRecipientLine(text)).to.equal(true);
    const { signed, vault, chainId } = parseRecipientLine(text);
    const { signature, ...rest } = signed;
    expect({ ...rest, vault, chainId }).to.deep.equal({
      ...{ account: alice, to: TO, nonce: await recipientNonce(world.chain, alice), deadline },
      vault: world.chain.addresses.vault,
      chainId: 31_337,
    });
    expect(signature).to.match(/^0x[0-9a-f]{130}$/);
  });

  it('are sent by anybody, and act after the delay of the vault', async () => {
    const { vault } = world.chain.contracts;
    const [job] = await tried(await line());
    expect(job).to.include({ line: 1, account: alice, to: TO, code: null, reason: null });
    await sendCall(world.actors.mallory, job!.call!);
    expect((await vault.recipientOf(alice)).toLowerCase()).to.equal(alice);
    await hardhat.networkHelpers.time.increase(await vault.RECIPIENT_DELAY());
    expect((await vault.recipientOf(alice)).toLowerCase()).to.equal(TO);
  });

  it('cannot be sent twice, nor after the account has changed it itself', async () => {
    const text = await line();
    const [job] = await tried(text);
    await sendCall(world.actors.mallory, job!.call!);
    expect((await tried(text))[0]).to.include({ code: 'SIGNATURE_USED', call: null });
    const next = await line();
    expect((await tried(next))[0]!.code).to.equal(null);
    await sendCall(world.actors.alice, setRecipientCall(world.chain.addresses, TO));
    expect((await tried(next))[0]).to.include({ code: 'SIGNATURE_USED', call: null });
  });

  it('are refused with words: too early, of somebody else, for another chain, expired, or no such line', async () => {
    const texts = [
      await line({ later: 3n }),
      await line({ by: world.actors.mallory }),
      await line({ chainId: 1 }),
      (await line()).replace(TO, accountOf(world.actors.mallory)),
      (await line()).replace('"signed"', '"sealed"'),
      '"lode-recipient-v1"',
    ];
    const jobs = await tried(...texts);
    expect(jobs.map(({ code }) => code)).to.deep.equal([
      'SIGNATURE_EARLY',
      'VestingVault_SignatureInvalid',
      'CLAIM_ELSEWHERE',
      'VestingVault_SignatureInvalid',
      'RECIPIENT_LINE_INVALID',
      'RECIPIENT_LINE_INVALID',
    ]);
    const next = await recipientNonce(world.chain, alice);
    expect(jobs[0]!.reason).to.equal(`its nonce is ${next + 3n}, and the account's next is ${next}`);
    expect(jobs[2]!.reason).to.equal('it is for chain 1, and this is chain 31337');
    expect(jobs[4]!.reason).to.contain('this is no change of recipient that somebody else could send: ');
    expect(jobs.every(({ call }) => call === null)).to.equal(true);
    const good = await line();
    await hardhat.networkHelpers.time.increase(2 * DAY);
    const [late] = await tried(good);
    expect(late!.code).to.equal('VestingVault_SignatureExpired');
    expect(late!.reason).to.contain('the signature held until');
  });

  it('say that the signature was used, or made void by a later change', async () => {
    const text = await line();
    await sendCall(world.actors.alice, setRecipientCall(world.chain.addresses, TO));
    expect((await tried(text))[0]!.reason).to.equal('its signature was used, or made void by a later change');
  });
});
