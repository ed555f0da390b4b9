import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { formatAddressBook, parseAddressBook } from '../../src/chain/address-book.ts';
import { nextCommands } from '../../src/cli/deploy/next-commands.ts';
import { warningsAbout } from '../../src/cli/deploy/warnings.ts';
import type { Address } from '../../src/protocol/brands.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { runHere } from '../support/run-here.ts';
import type { ScriptedNode } from '../support/scripted-node.ts';
import { startScriptedNode } from '../support/scripted-node.ts';

const address = (digit: string): Address => parseAddress(`0x${digit.repeat(40)}`);
const [A, B, C, D] = [address('1'), address('2'), address('3'), address('4')];

function people(council: Address, operator: Address, ...guardians: readonly Address[]) {
  return { council, operators: [operator], guardians };
}

describe('what a deployment names as next', () => {
  const told = { path: '/a/addresses.json', network: 'sepolia', ownPreset: null, name: 'sepolia-tnet' };

  it('checks it, puts its sources on the explorer, and begins to operate it', () => {
    expect(nextCommands({ ...told, addressBook: { chainId: 11_155_111 } })).to.deep.equal([
      'npx lode doctor --network sepolia --addresses /a/addresses.json',
      'npx hardhat ignition verify sepolia-tnet --network sepolia',
      'npx lode init --addresses /a/addresses.json',
    ]);
  });

  it("brings the file of one's own preset along, and names no explorer for one's own chain", () => {
    const addressBook = { chainId: 31_337 };
    expect(
      nextCommands({ ...told, network: 'localhost', ownPreset: "/my files/mine's.jsonc", addressBook }),
    ).to.deep.equal([
      String.raw`npx lode doctor --network localhost --addresses /a/addresses.json --preset '/my files/mine'\''s.jsonc'`,
      String.raw`npx lode init --addresses /a/addresses.json --preset '/my files/mine'\''s.jsonc'`,
    ]);
  });
});

describe('what is worth a second thought in a deployment', () => {
  it('warns of nobody who has one role', () => {
    expect(warningsAbout(people(A, B, C, D))).to.deep.equal([]);
  });

  it('warns of one who has several, and of an operator whom nobody else can veto', () => {
    expect(warningsAbout(people(A, A, A, A))).to.deep.equal([
      `${A} is council and operator and guardian: one key that is stolen or lost is all of that; nobody else can veto what it proposes`,
    ]);
    expect(warningsAbout(people(A, B, B, C))).to.deep.equal([
      `${B} is operator and guardian: one key that is stolen or lost is all of that`,
    ]);
    expect(warningsAbout({ council: A, operators: [A, B], guardians: [C] })).to.deep.equal([
      `${A} is council and operator: one key that is stolen or lost is all of that`,
    ]);
  });
});

describe('lode doctor, before it looks at anything', () => {
  let node: ScriptedNode;
  let folder: string;
  let book: string;

  beforeEach(async () => {
    node = await startScriptedNode(() => ({ result: '0x539' }));
    folder = await mkdtemp(join(tmpdir(), 'lode-doctor-'));
    book = join(folder, 'addresses.json');
  });

  afterEach(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  /** With an address book of a preset that lode does not bring. */
  async function doctor(chainId: number, url: string) {
    const names = 'authority timelock token curve registry reserve vault parameters verifier distributor governor';
    const contracts = Object.fromEntries([...names.split(' '), 'handover', 'canceller'].map((name) => [name, A]));
    const preset = { name: 'mine', variant: null, hash: `0x${'0'.repeat(64)}` };
    const head = { format: 'lode-addresses-v1', chainId, startBlock: 0, preset, contracts };
    await writeFile(book, formatAddressBook(parseAddressBook(JSON.stringify(head))));
    return await runHere(['doctor', '--addresses', book, '--rpc', url]);
  }

  it('says which node is on another chain, and which does not answer, whatever the preset', async () => {
    const other = await doctor(1, node.url);
    expect(other.code).to.equal(2);
    expect(other.err).to.contain('the address book is for chain 1, the node is on chain 1337');
    const dead = await doctor(1, 'http://127.0.0.1:1');
    expect(dead.code).to.equal(4);
    expect(dead.err).to.contain('127.0.0.1:1: the node does not answer');
  });

  it("says that the file of one's own preset has to be given", async () => {
    const run = await doctor(1337, node.url);
    expect(run.code).to.equal(6);
    expect(run.err).to.contain("a preset of its own, 'mine'").and.to.contain('give --preset with its file');
  });
});
