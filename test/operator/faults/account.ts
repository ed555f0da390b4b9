import { expect } from 'chai';
import { Transaction } from 'ethers';

import { closeEpoch } from '../../../src/chain/epoch-steps.ts';
import { GENESIS } from '../../../src/settlement/state.ts';

import type { FaultTable } from '../../support/fault-table.ts';
import type { OperatorWorld, RunningKeeper } from '../../support/operator-world.ts';
import {
  chainOutcome,
  CONFIRMATIONS,
  DAY,
  drive,
  driveFor,
  GRACE,
  mine,
  operate,
  standOf,
  startKeeper,
  writeDays,
} from '../../support/operator-world.ts';
import { heal } from '../../support/rpc-faults.ts';
import type { RpcCall } from '../../support/rpc-proxy.ts';
import { propose, settleOffChain } from '../../support/world.ts';
import { expectStopped, expectUndisturbed } from './expect-undisturbed.ts';

const SEND = 'eth_sendRawTransaction';
const RICH = '0x3635c9adc5dea00000'; // a thousand coins

/** Something that keeps the operator from proposing until somebody helps. */
interface Hindrance {
  readonly fault: string;
  /** What the keeper says. */
  readonly code: string;
  readonly strike: (world: OperatorWorld) => Promise<void>;
  readonly relieve: (world: OperatorWorld) => Promise<void>;
}

const HINDRANCES: readonly Hindrance[] = [
  {
    ...{ fault: 'no funds', code: 'BALANCE_TOO_SMALL' },
    strike: async ({ ask, operator }) => {
      await ask('hardhat_setBalance', operator, '0x0');
    },
    relieve: async ({ ask, operator }) => {
      await ask('hardhat_setBalance', operator, RICH);
    },
  },
  {
    ...{ fault: 'role lost', code: 'ROLE_MISSING' },
    strike: async (world) => {
      await asTimelock(world, 'revokeRole');
    },
    relieve: async (world) => {
      await asTimelock(world, 'grantRole');
    },
  },
  {
    ...{ fault: 'proposals paused', code: 'PROPOSALS_PAUSED' },
    strike: async ({ remote }) => {
      const { chain, actors } = remote.world;
      await (await chain.contracts.distributor.connect(actors.gina).pauseProposals()).wait();
    },
    relieve: async ({ remote }) => {
      await remote.node.travelTo(Number(await remote.world.chain.contracts.distributor.pausedUntil()));
    },
  },
];

/** Something that happens to a transaction on its way. */
interface Mishap {
  readonly fault: string;
  /** What the keeper says of it, in its log. */
  readonly says: RegExp;
  readonly strike: (world: OperatorWorld, isSaid: () => boolean) => () => Promise<void>;
}

/** How often each node does it. */
const TIMES = 2;

const MISHAPS: readonly Mishap[] = [
  {
    ...{ fault: 'a transaction that nodes drop', says: /dropped|OFFERED_AGAIN|offered-again/ },
    strike: (world) => {
      let left = 2 * TIMES;
      return onSending(world, async (_, hash) => {
        // A block may have been quicker.
        const isDropped = async () => await world.ask('hardhat_dropTransaction', hash).catch(() => false);
        if (hash !== null && left > 0 && (await isDropped()) === true) left--;
      });
    },
  },
  {
    ...{ fault: 'a transaction that another one replaces', says: /TRANSACTION_REPLACED|NONCE_TAKEN/ },
    strike: (world) => {
      let left = 1;
      return onSending(world, async ({ params }, hash) => {
        if (hash === null || left <= 0) return;
        left--;
        const { nonce, maxFeePerGas } = Transaction.from(String(params[0]));
        const dear = `0x${(10n * (maxFeePerGas ?? 10n ** 10n)).toString(16)}`;
        const other = {
          ...{ from: world.operator, to: world.operator, nonce: `0x${nonce.toString(16)}`, gas: '0x5208' },
          ...{ maxFeePerGas: dear, maxPriorityFeePerGas: dear },
        };
        // A block may have been quicker; then the next one is replaced.
        await world.ask('eth_sendTransaction', other).catch(() => left++);
      });
    },
  },
  {
    ...{ fault: 'a transaction that is underpriced', says: /FEE_TOO_LOW|underpriced/ },
    strike: (world) => {
      for (const proxy of world.proxies) {
        let left = TIMES;
        const refused = new Set<number>();
        proxy.turn = (call) => {
          if (call.method !== SEND || left-- <= 0) return call;
          refused.add(call.id);
          return { ...call, method: 'eth_chainId', params: [] };
        };
        proxy.bend = ({ id }, answer) => {
          if (!refused.delete(id)) return answer;
          return { id, error: { code: -32_000, message: 'transaction underpriced' } };
        };
      }
      return async () => await Promise.resolve();
    },
  },
  {
    ...{ fault: 'a transaction that lies with the nodes while gas gets dear', says: /stuck|offered-again/ },
    strike: (world, isSaid) => {
      let isSent = false;
      let blocks = 0;
      const raise = async () => await world.ask('hardhat_setNextBlockBaseFeePerGas', `0x${(10n ** 12n).toString(16)}`);
      // Before it reaches the node: a block that comes at that moment would include it.
      for (const proxy of world.proxies) {
        proxy.meet = async ({ method }) => {
          if (method !== SEND || isSent) return;
          await raise();
          isSent = true;
        };
      }
      return async () => {
        // The market is far above what was offered, until the keeper has waited long enough.
        if (isSent && !isSaid()) await raise();
        if (isSent && ++blocks === 5) await world.remote.node.travelTo((await world.remote.node.time()) + 300);
      };
    },
  },
  {
    ...{ fault: 'a transaction that runs out of gas', says: /OUT_OF_GAS/ },
    strike: (world) => {
      for (const proxy of world.proxies) {
        let left = 2;
        proxy.bend = ({ method }, answer) => {
          if (method !== 'eth_estimateGas' || typeof answer.result !== 'string' || left-- <= 0) return answer;
          return { ...answer, result: `0x${(BigInt(answer.result) / 2n).toString(16)}` };
        };
      }
      return async () => await Promise.resolve();
    },
  },
];

/** What can happen to an operator's account and to what it sends. */
export function describeAccount(given: { readonly world: () => OperatorWorld; readonly table: FaultTable }): void {
  it('says what keeps it from proposing, sends nothing meanwhile, and goes on when it is helped', async () => {
    const { table } = given;
    const world = given.world();
    await world.anew();
    const data = await world.dataFolder('hindered');
    await writeDays(world, data, HINDRANCES.length);
    const keeper = startKeeper(data);
    for (const { fault, code, strike, relieve } of HINDRANCES) {
      const { final } = await standOf(world);
      await strike(world);
      const from = written(keeper).length;
      const isSaid = (): boolean => written(keeper).slice(from).includes(code);
      expect(
        await driveFor(world, { until: isSaid, alive: keeper.alive }),
        `${fault}: ${written(keeper).slice(from)}`,
      ).to.equal(true);
      expect((await standOf(world)).proposal, 'nothing was proposed').to.equal(0n);
      await relieve(world);
      await drive(world, { until: final + 1, alive: keeper.alive });
      table.note(fault, `\`${code}\`, nothing proposed; went on when helped`);
    }
    await expectStopped(keeper);
    await expectUndisturbed(world, data);
  });

  it('sends nothing where another root was proposed in its name, and says so', async () => {
    const { table } = given;
    const world = given.world();
    await world.anew();
    const data = await world.dataFolder('other-root');
    await writeDays(world, data, 1);
    const { world: deployed, node } = world.remote;
    await node.travelTo(world.start + DAY + GRACE);
    const closed = await closeEpoch(deployed.chain, deployed.actors.alice);
    // As if nobody had done anything.
    const other = await settleOffChain(deployed, GENESIS, closed, {});
    await propose(deployed, other);
    await mine(world, CONFIRMATIONS);
    const asked = world.proxies.map((proxy) => proxy.asked.length);
    const { code, stdout, stderr } = await operate(data, 'keeper', '--once', '--yes', '--json');
    expect({ code, said: stdout + stderr }).to.have.property('code', 5);
    expect(stdout + stderr).to.contain('PROPOSAL_DIFFERS');
    for (const [at, proxy] of world.proxies.entries()) expect(proxy.asked.slice(asked[at])).to.not.include(SEND);
    expect((await chainOutcome(world)).roots).to.deep.equal([]);
    table.note('another root was proposed for the epoch', '`PROPOSAL_DIFFERS`, exit 5, nothing sent');
  });

  it('brings what it sends into the chain once, whatever happens to it on its way', async () => {
    const { table } = given;
    const world = given.world();
    await world.anew();
    const data = await world.dataFolder('mishaps');
    await writeDays(world, data, MISHAPS.length);
    const keeper = startKeeper(data);
    await world.ask('evm_setAutomine', false);
    try {
      for (const { fault, says, strike } of MISHAPS) {
        const { final } = await standOf(world);
        const from = written(keeper).length;
        const each = strike(world, () => says.test(written(keeper).slice(from)));
        await drive(world, { until: final + 1, each, alive: keeper.alive });
        for (const proxy of world.proxies) heal(proxy);
        expect(written(keeper).slice(from), fault).to.match(says);
        table.note(fault, 'known by the next look, sent again where needed; proposed once');
      }
    } finally {
      await world.ask('evm_setAutomine', true);
    }
    await expectStopped(keeper);
    await expectUndisturbed(world, data);
  });
}

function written({ said }: RunningKeeper): string {
  return said.stdout + said.stderr;
}

/** Calls when a node has been given a transaction, with its hash if the node took it. Gives what is to be done at every block: nothing. */
function onSending(
  { proxies }: OperatorWorld,
  then: (call: RpcCall, hash: string | null) => Promise<void>,
): () => Promise<void> {
  for (const proxy of proxies) {
    proxy.bend = async (call, answer) => {
      if (call.method === SEND) await then(call, typeof answer.result === 'string' ? answer.result : null);
      return answer;
    };
  }
  return async () => await Promise.resolve();
}

/** Takes the operator's role, or gives it back, as the vote of the holders would. */
async function asTimelock({ remote, ask, operator }: OperatorWorld, what: 'grantRole' | 'revokeRole'): Promise<void> {
  const { contracts, addresses } = remote.world.chain;
  const { selector } = contracts.distributor.interface.getFunction('propose');
  const role = await contracts.authority.getTargetFunctionRole(addresses.distributor, selector);
  const data =
    what === 'grantRole'
      ? contracts.authority.interface.encodeFunctionData('grantRole', [role, operator, 0])
      : contracts.authority.interface.encodeFunctionData('revokeRole', [role, operator]);
  await ask('hardhat_impersonateAccount', addresses.timelock);
  await ask('hardhat_setBalance', addresses.timelock, RICH);
  const hash = await ask('eth_sendTransaction', { from: addresses.timelock, to: addresses.authority, data });
  const receipt = (await ask('eth_getTransactionReceipt', hash)) as { readonly status: string };
  expect(Number(receipt.status)).to.equal(1);
}
