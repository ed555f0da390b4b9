import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import { encryptKeystoreJsonSync, HDNodeWallet } from 'ethers';
import { applyEdits, modify } from 'jsonc-parser';

import { ROLE_IDS } from '../../deploy/roles.ts';
import { parseAddressBook } from '../../src/chain/address-book.ts';
import type { SafeFile } from '../../src/chain/governance/safe-file.ts';
import { safeChecksum } from '../../src/chain/governance/safe-file.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';
import { settleEpoch } from '../../src/settlement/settle-epoch.ts';
import type { LocalNode } from '../support/local-node.ts';
import { startNode } from '../support/local-node.ts';
import type { RemoteWorld } from '../support/remote-world.ts';
import { startRemoteWorld } from '../support/remote-world.ts';
import type { Follower } from '../support/runbook.ts';
import { followPage, stepsOf } from '../support/runbook.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { asSettled, startWatchWorld, withFalseScores } from '../support/watch-world.ts';
import { accountOf, BEFORE, closeNext, LINGOAI } from '../support/world.ts';

const RUNBOOKS = new URL('../../docs/runbooks/', import.meta.url);
const START = 2_000_000_000;
const PEOPLE = [
  'deployer',
  'council',
  'operator',
  'guardian',
  'alice',
  'bob',
  'carol',
  'dave',
  'mallory',
  'fiona',
  'next',
];

/** Hardhat opens no keystore where one of these tells it that it is in a pipeline or a test. */
const OUTSIDE_OF_TESTS = Object.fromEntries(
  [
    ...['HH_TEST', 'CI', 'CONTINUOUS_INTEGRATION', 'BUILD_NUMBER', 'RUN_ID', 'GITHUB_ACTIONS', 'NOW'],
    ...['DEPLOYMENT_ID', 'CODEBUILD_BUILD_NUMBER'],
  ].map((name) => [name, undefined]),
);

/** The keys that every node of Hardhat has. */
const keyOf = (name: string): HDNodeWallet =>
  HDNodeWallet.fromPhrase(
    'test test test test test test test test test test test junk',
    '',
    `m/44'/60'/0'/0/${PEOPLE.indexOf(name)}`,
  );
const addressOf = (name: string): string => keyOf(name).address;

const pageOf = async (name: string): Promise<string> => await readFile(new URL(name, RUNBOOKS), 'utf8');

/** LingoAI with three holders from the beginning, and a hand-over that they can reach. */
function presetText(): string {
  const holder = (name: string, amount: string) => ({
    to: addressOf(name).toLowerCase(),
    amount: assumed(amount),
    label: name,
  });
  const genesis = [holder('alice', '50000000'), holder('bob', '30000000'), holder('carol', '20000000')];
  const changes: readonly (readonly [(string | number)[], unknown])[] = [
    [['token', 'genesis'], genesis],
    [['governance', 'handover', 'minimumVotes'], assumed('1000000')],
  ];
  return changes.reduce((text, [path, value]) => applyEdits(text, modify(text, path, value, {})), LINGOAI);
}

function assumed(value: string) {
  return { value, source: 'assumed', why: 'so that a test can reach it' };
}

describe('docs/runbooks', function () {
  this.timeout(900_000);
  const files = temporaryFolder();
  let remote: RemoteWorld;
  let snapshot: unknown;

  before(async () => {
    const preset = presetText();
    await files.write('preset.jsonc', preset);
    for (const folder of ['keys', 'work']) await mkdir(files.path(folder));
    for (const name of PEOPLE) await writeKey(name, keyOf(name));
    remote = await startRemoteWorld(files.path('addresses.json'), { start: START, preset: loadPreset(preset) });
    await remote.node.travelTo(START + 86_400);
  });

  after(async () => {
    await remote.close();
  });

  beforeEach(async () => {
    snapshot = await remote.node.request('evm_snapshot');
  });

  afterEach(async () => {
    await remote.node.request('evm_revert', snapshot);
  });

  async function writeKey(name: string, { address, privateKey }: HDNodeWallet): Promise<void> {
    const password = `the password of ${name}`;
    const text = encryptKeystoreJsonSync({ address, privateKey }, password, { scrypt: { N: 1024 } });
    await writeFile(files.path(`keys/${name}.json`), text);
    await writeFile(files.path(`keys/${name}.password`), `${password}\n`);
  }

  /** Somebody who follows a page on a node, with the keys of everybody. */
  function follower(node: LocalNode, more: Follower['environment'] = {}): Follower {
    return {
      folder: files.path('work'),
      environment: {
        ...{
          ...OUTSIDE_OF_TESTS,
          XDG_CONFIG_HOME: files.path('work/config'),
          BOOK: remote.book,
          RPC: node.url,
        },
        ...{ PRESET: files.path('preset.jsonc'), KEYS: files.path('keys'), WORK: files.path('work') },
        ...{ COUNCIL: addressOf('council'), OPERATOR: addressOf('operator'), GUARDIAN: addressOf('guardian') },
        ...{ NEXT: addressOf('next'), ...more },
      },
      wait: async (seconds) => {
        await node.request('evm_increaseTime', seconds);
        await node.request('evm_mine');
      },
      council: async (path) => {
        const file = JSON.parse(await readFile(path, 'utf8')) as SafeFile;
        expect(file.meta.checksum, path).to.equal(safeChecksum(file));
        expect(file.meta.createdFromSafeAddress).to.equal(addressOf('council'));
        for (const { to, value, data } of file.transactions) {
          const transaction = { from: addressOf('council'), to, data, value: `0x${BigInt(value).toString(16)}` };
          await node.request('eth_sendTransaction', transaction);
        }
      },
      answer: (question, command) => {
        if (!question.startsWith('Enter secret')) return 'a password of the keystore';
        return command.includes('RPC_URL') ? node.url : keyOf('deployer').privateKey;
      },
    };
  }

  const follow = async (page: string, more: Follower['environment'] = {}) =>
    await followPage(await pageOf(page), follower(remote.node, more));
  const { stringify } = JSON;

  it('are all listed, and every one of them is followed here', async () => {
    const pages = (await readdir(RUNBOOKS)).filter((name) => name !== 'README.md').sort();
    const listed = [...(await pageOf('README.md')).matchAll(/^\| \[[^\]]+\]\(([^)]+)\)/gm)].map(([, name]) => name!);
    expect(listed.toSorted()).to.deep.equal(pages);
    const source = await readFile(new URL(import.meta.url), 'utf8');
    for (const page of pages) {
      expect(source, page).to.contain(`'${page}'`);
      expect(stepsOf(await pageOf(page)).filter(({ kind }) => kind === 'command').length, page).to.be.greaterThan(0);
    }
  });

  it('deploy to a testnet, with keys from a keystore that asks for its password', async () => {
    const node = await startNode({ chainId: 11_155_111 });
    const NAME = `runbook-${process.pid}`;
    const book = fileURLToPath(new URL(`../../deploy/deployments/${NAME}/`, import.meta.url));
    try {
      await followPage(await pageOf('deploy-to-a-testnet.md'), follower(node, { NAME }));
      // The same keystore signs for every other command.
      const BOOK = `${book}addresses.json`;
      const signed = 'npx lode governance delegate --addresses $BOOK --network sepolia --yes';
      const page = `\`\`\`sh\n${signed}\n\`\`\`\n\`\`\`text\ndone: delegate to ${addressOf('deployer').toLowerCase()}…\n\`\`\`\n`;
      await followPage(page, follower(node, { BOOK }));
      const { contracts } = parseAddressBook(await readFile(`${book}addresses.json`, 'utf8'));
      expect(await node.request('eth_getCode', contracts.distributor, 'latest')).not.to.equal('0x');
    } finally {
      await node.stop();
      await rm(book, { recursive: true, force: true });
    }
  });

  it('change weights while the council decides, hand over, and change them once the holders do', async () => {
    const page = await pageOf('change-weights.md');
    const [council = '', holders = ''] = page.split('## Once the holders decide');
    const { registry } = remote.world.chain.contracts;
    const weights = async () => stringify((await registry.tasksAt(await registry.lastChange())).weights.map(String));
    await followPage(council, follower(remote.node));
    expect(await weights()).to.contain(`"${2n * 10n ** 17n}"`);
    await follow('hand-over.md');
    expect(await remote.world.chain.contracts.handover.done()).to.equal(true);
    await followPage(holders, follower(remote.node));
    expect(await weights()).to.contain(`"${3n * 10n ** 17n}"`);
  });

  it('replace an operator', async () => {
    await follow('replace-operator.md');
    expect([await isOperator('operator'), await isOperator('next')]).to.deep.equal([false, true]);
  });

  it('wrong root', async () => {
    const watched = await startWatchWorld();
    try {
      const settled = await watched.honest(await closeNext(watched.world), BEFORE);
      const lie = await withFalseScores(settled, accountOf(watched.world.actors.alice));
      await watched.publish(lie);
      const { proposalId } = await watched.propose(lie);
      const { book, node } = watched.remote;
      const given = { BOOK: book, REPORTS: watched.reports, LEDGER: watched.ledger };
      await followPage(await pageOf('wrong-root.md'), follower(node, given));
      const { distributor } = watched.world.chain.contracts;
      expect(await distributor.pendingProposal()).to.equal(0n);
      const forever = 2n ** 40n - 1n;
      expect(await distributor.suspendedUntil(addressOf('operator')), String(proposalId)).to.equal(forever);
    } finally {
      await watched.close();
    }
  });

  it('disprove a settlement: by a proof, by a leaf that nobody shows; and answer a demand', async () => {
    const watched = await startWatchWorld();
    try {
      const { remote: there, world } = watched;
      const { node } = there;
      const { distributor } = world.chain.contracts;
      const closed = await closeNext(world);
      const settled = await watched.honest(closed, BEFORE);
      const page = await pageOf('disprove.md');
      const [, byProof = '', byLeaf = '', answer = ''] = page.split(/^## /m);
      const ME = addressOf('alice');
      const given = { BOOK: there.book, REPORTS: watched.reports, EPOCH: `${closed.epoch}`, ME };
      const fresh = await node.request('evm_snapshot');

      const { record, parent, rows } = settled;
      const scores = [...rows].flatMap(({ account, scores: of }) =>
        of.flatMap((score, i) => (score === 0n ? [] : [{ account, task: record.tasks[i]!, score }])),
      );
      const other = { ...record, weights: record.weights.toReversed() };
      const lie = await asSettled(settleEpoch({ parent, record: other, scores, uses: [], unlockPerUse: 0n }));
      await watched.publish(lie);
      await watched.propose({ ...lie, record });
      await followPage(byProof, follower(node, given));
      expect((await distributor.proposalOf(1)).state).to.equal(6n);

      await node.request('evm_revert', fresh);
      await watched.propose(settled);
      const demanded = byLeaf.indexOf('# ends with 5');
      const waiting = await node.request('evm_snapshot');
      await followPage(byLeaf, follower(node, given));
      expect((await distributor.proposalOf(1)).state).to.equal(6n);

      await node.request('evm_revert', waiting);
      await watched.publish(settled);
      await followPage(`${byLeaf.slice(0, demanded)}\`\`\`\n`, follower(node, given));
      await followPage(answer, follower(node, given));
      expect((await distributor.proposalOf(1)).openDemands).to.equal(0n);
    } finally {
      await watched.close();
    }
  });

  it('lost key', async () => {
    await follow('lost-key.md');
    const { authority } = remote.world.chain.contracts;
    expect((await authority.hasRole(ROLE_IDS.GUARDIAN, addressOf('guardian')))[0]).to.equal(false);
    expect((await authority.hasRole(ROLE_IDS.GUARDIAN, addressOf('next')))[0]).to.equal(true);
  });

  it('paused protocol', async () => {
    await follow('paused-protocol.md');
    const { distributor } = remote.world.chain.contracts;
    const until = Number(await distributor.pausedUntil());
    expect(until)
      .to.be.greaterThan(START)
      .and.lessThan(await remote.node.time());
  });

  it('key rotation', async () => {
    const stored = '```sh\nnpx hardhat keystore set --force LODE_DEPLOYER_KEY\n```\n';
    await followPage(stored, follower(remote.node));
    await follow('key-rotation.md');
    expect([await isOperator('operator'), await isOperator('next')]).to.deep.equal([false, true]);
  });

  it('price sources, and a stale price', async () => {
    const given = await feedAndReporters();
    await follow('price-sources.md', given);
    const source = await remote.world.hardhat.ethers.getContractAt('MedianPriceSource', await sourceInTheEnd());
    const seats = [await source.reporterOf(0), await source.reporterOf(1), await source.reporterOf(2)];
    expect(seats).to.deep.equal(['alice', 'bob', 'carol'].map(addressOf));
    await remote.node.request('evm_mine');
    const [reported] = await source.reportBefore(0, await remote.node.time());
    expect(reported).to.equal(1_250_000_000_000_000_000n);
    await remote.node.travelTo((await remote.node.time()) + 42 * 86_400);
    await follow('stale-price.md', given);
    expect(await sourceInTheEnd()).to.equal(`0x${'0'.repeat(40)}`);
  });

  /** A feed that has answered once, and the addresses of reporters. */
  async function feedAndReporters(): Promise<Follower['environment']> {
    const { ethers } = remote.world.hardhat;
    const [aggregator, feed] = [
      await ethers.deployContract('FeedAggregator', [false]),
      await ethers.deployContract('FeedProxy', [8]),
    ];
    await feed.addPhase(await aggregator.getAddress());
    await aggregator.push(125_000_000n, await remote.node.time());
    const [ALICE, BOB, CAROL] = ['alice', 'bob', 'carol'].map(addressOf);
    return { FEED: await feed.getAddress(), ALICE, BOB, CAROL };
  }

  async function isOperator(name: string): Promise<boolean> {
    const { authority } = remote.world.chain.contracts;
    const [has] = await authority.hasRole(ROLE_IDS.OPERATOR, addressOf(name));
    return has;
  }

  /** The price source of the last epoch for which one is scheduled. */
  async function sourceInTheEnd(): Promise<string> {
    return (await remote.world.chain.contracts.reserve.parametersAt(50)).priceSource;
  }
});
