import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Wallet } from 'ethers';
import { expect } from 'chai';

import { run } from '../../src/cli/run.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { claimWorld } from '../support/claim-world.ts';
import type { KeyFiles } from '../support/keystore.ts';
import { stepsOf } from '../support/runbook.ts';
import { accountOf, travelTo } from '../support/world.ts';

interface Outcome {
  readonly line: number | null;
  readonly account: string | null;
  readonly kind: 'rewards' | 'units';
  readonly to: string | null;
  readonly state: string;
  readonly amount: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly transaction: string | null;
}

interface Document {
  readonly account: string | null;
  readonly sent: boolean;
  readonly outcomes: readonly Outcome[];
  readonly transactions: readonly {
    readonly call: string;
    readonly data: string;
    readonly gas: string | null;
    readonly cost: string | null;
    readonly hash: string | null;
    readonly payments: number;
  }[];
  readonly stopped: { readonly exitCode: number; readonly code: string } | null;
}

interface Lines {
  readonly file: string | null;
  readonly lines: readonly Record<string, unknown>[];
  readonly signed: readonly { readonly to: string; readonly nonce: string; readonly line: string | null }[] | null;
}

const ONE_COIN = '0xde0b6b3a7640000';

describe('lode claim, on a node in another process', function () {
  this.timeout(300_000);
  const made = claimWorld();

  const by = ({ keystore, passwordFile }: KeyFiles) => ['--keystore', keystore, '--password-file', passwordFile];
  const where = () => ['--reports', made.place];
  const tokensOf = async (account: string) => await made.world.chain.contracts.token.balanceOf(account);
  const contracts = () => made.world.chain.contracts;
  const request = async (method: string, ...parameters: readonly unknown[]) =>
    await made.remote.node.request(method, ...parameters);
  const stateOf = ({ outcomes }: Document, line: number) => outcomes.find((one) => one.line === line);

  it('shows what it would send, asks, and pays many accounts at once, each where it wants it, with their units', async () => {
    const { carol, mallory } = made.world.actors;
    const [alice, bob, , , kim] = made.miners;
    await (await contracts().vault.connect(carol).setRecipient(mallory.address)).wait();
    const accounts = [alice!, bob!, accountOf(carol), kim!];
    const args = [...where(), '--account', ...accounts, ...by(made.relayer)];
    const dry = await made.done<Document>('claim', ...args, '--dry-run');
    expect(dry.sent).to.equal(false);
    expect(dry.transactions.map(({ call, payments }) => [call, payments])).to.deep.equal([
      ['vault.claimMany', 4],
      ['unitPool.claim', 1],
      ['unitPool.claim', 1],
    ]);
    for (const { data, gas, cost, hash } of dry.transactions) {
      expect(data).to.match(/^0x[0-9a-f]+$/);
      expect([BigInt(gas ?? 0), BigInt(cost ?? 0)]).to.not.include(0n);
      expect(hash).to.equal(null);
    }
    expect((await made.fails(5, 'claim', ...args)).code).to.equal('NOT_CONFIRMED');
    expect(await tokensOf(alice!)).to.equal(0n);

    const before = await tokensOf(mallory.address);
    const document = await made.done<Document>('claim', ...args, '--yes');
    expect(document.outcomes.map(({ state }) => state)).to.deep.equal(Array.from({ length: 6 }, () => 'paid'));
    for (const account of accounts) {
      const paid = document.outcomes.filter((one) => one.account === account).map(({ amount }) => BigInt(amount ?? 0));
      const sum = paid.reduce((all, amount) => all + amount, 0n);
      const holder = account === accountOf(carol) ? mallory.address : account;
      const start = account === accountOf(carol) ? before : 0n;
      expect((await tokensOf(holder)) - start).to.equal(sum);
      expect(sum).to.not.equal(0n);
    }
    expect(document.outcomes.find(({ account }) => account === accountOf(carol))?.to).to.equal(accountOf(mallory));
    // What has come free since is next to nothing.
    const again = await made.done<Document>('claim', ...args, '--yes', '--at-least', '100');
    expect([...new Set(again.outcomes.map(({ state }) => state))]).to.deep.equal(['nothing']);
    expect(again.transactions).to.deep.equal([]);
    const { out, code } = await made.run('claim', ...args, '--dry-run');
    expect(code).to.equal(0);
    expect(out).to.contain('would be paid').and.contain('vault.claimMany for 4 claims: not sent');
  });

  it('pays another address only for the account itself', async () => {
    const [kim] = made.keys;
    const to = Wallet.createRandom().address;
    const args = [...where(), '--account', kim!.address, '--to', to];
    const other = await made.fails(5, 'claim', ...args, ...by(made.relayer), '--yes');
    expect(other.code).to.equal('NOT_THE_ACCOUNT');
    const poor = await made.run('claim', ...args, ...by(kim!), '--yes', '--json');
    expect(poor.code).to.equal(5);
    expect((JSON.parse(poor.out) as Document).stopped?.code).to.equal('INSUFFICIENT_FUNDS');
    await request('hardhat_setBalance', kim!.address, ONE_COIN);
    const { outcomes } = await made.done<Document>('claim', ...args, ...by(kim!), '--yes');
    const sum = outcomes.reduce((all, { amount }) => all + BigInt(amount ?? 0), 0n);
    expect(outcomes.map(({ kind, to: paid }) => [kind, paid])).to.deep.equal([
      ['rewards', to.toLowerCase()],
      ['units', to.toLowerCase()],
    ]);
    expect(await tokensOf(to)).to.equal(sum);
  });

  it('says that nothing is there, and what is missing', async () => {
    const nothing = await made.fails(5, 'claim', ...where(), ...by(made.relayer), '--yes');
    expect(nothing.code).to.equal('NOTHING_TO_CLAIM');
    expect((await made.fails(6, 'claim', ...by(made.relayer))).code).to.equal('REPORTS_MISSING');
    expect((await made.fails(6, 'claim', ...where(), '--dry-run')).code).to.equal('ACCOUNT_MISSING');
    const both = await made.fails(2, 'claim', ...where(), '--sponsor', 'x');
    expect(both.code).to.equal('OPTION_INVALID');
    const unsigned = await made.fails(2, 'claim', ...where(), '--out', 'x', '--to', made.miners[0]!);
    expect(unsigned.code).to.equal('OPTION_INVALID');
    const file = join(made.folder, 'empty.ndjson');
    await writeFile(file, '\n');
    expect((await made.fails(2, 'claim', '--sponsor', file, ...by(made.relayer))).code).to.equal('CLAIMS_EMPTY');
  });

  it('has a miner without coins sign, and somebody else send many of such lines, whatever is wrong with some', async () => {
    const [kim, lee] = made.keys;
    const [to, other] = [Wallet.createRandom().address, Wallet.createRandom().address];
    const sign = async (key: KeyFiles, ...more: readonly string[]) =>
      (await made.done<Lines>('claim', ...where(), '--sign', ...by(key), '--yes', ...more)).lines[0]!;
    const dry = await made.done<Lines>('claim', ...where(), '--sign', ...by(kim!), '--to', to, '--dry-run');
    expect(dry.signed?.[0]).to.deep.include({ to: to.toLowerCase(), nonce: '0', line: null });
    expect((await made.fails(5, 'claim', ...where(), '--sign', ...by(kim!))).code).to.equal('NOT_CONFIRMED');
    const wrong = await made.fails(5, 'claim', ...where(), '--sign', ...by(kim!), '--account', lee!.address, '--yes');
    expect(wrong.code).to.equal('VestingVault_SignatureInvalid');

    const ofKim = await sign(kim!, '--to', to);
    const short = await sign(lee!, '--valid-for', '1 minute');
    const elsewhere = { ...ofKim, chainId: 1 };
    const early = { ...ofKim, signed: { ...(ofKim['signed'] as object), nonce: '7' } };
    const greedy = { ...ofKim, account: lee!.address.toLowerCase() };
    const bent = { ...ofKim, curve: { unlocked: `${10n ** 30n}`, cohorts: [] } };
    const bobs = join(made.folder, 'bob.ndjson');
    const written = await made.done<Lines>('claim', ...where(), '--account', made.miners[1]!, '--out', bobs);
    expect(written.lines[0]).to.deep.include({ account: made.miners[1], signed: null });
    const ofBob = (await readFile(bobs, 'utf8')).trim();
    await travelTo(made.world, (await made.remote.node.time()) + 120);
    const later = await sign(lee!, '--to', other);

    const file = join(made.folder, 'claims.ndjson');
    const lines = [elsewhere, bent, 'this is no claim', early, greedy, short, '', ofKim, ofBob, ofBob, later];
    await writeFile(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
    const args = ['claim', '--sponsor', file, ...by(made.relayer)];
    const first = await made.run(args[0]!, ...args.slice(1), '--yes', '--json');
    const document = JSON.parse(first.out) as Document;
    expect({ code: first.code, stopped: document.stopped }).to.deep.equal({ code: 2, stopped: null });
    const states = Object.fromEntries(document.outcomes.map(({ line, state, code }) => [String(line), [state, code]]));
    expect(states).to.deep.equal({
      1: ['refused', 'CLAIM_ELSEWHERE'],
      2: ['refused', 'VestingVault_ProofInvalid'],
      3: ['refused', 'CLAIM_LINE_INVALID'],
      4: ['refused', 'SIGNATURE_EARLY'],
      5: ['refused', 'VestingVault_SignatureInvalid'],
      6: ['refused', 'VestingVault_SignatureExpired'],
      8: ['paid', null],
      9: ['paid', null],
      10: ['nothing', null],
      11: ['paid', null],
    });
    for (const [line, who] of [
      [8, to],
      [9, made.miners[1]!],
      [11, other],
    ] as const) {
      expect(stateOf(document, line)?.amount).to.equal(`${await tokensOf(who)}`);
      expect(stateOf(document, line)?.to).to.equal(who.toLowerCase());
    }

    // The same file once more: what was paid is known by its transaction, and nothing is sent.
    const again = await made.run(args[0]!, ...args.slice(1), '--yes', '--json', '--at-least', '100');
    expect(again.code).to.equal(2);
    const second = JSON.parse(again.out) as Document;
    expect(second.transactions).to.deep.equal([]);
    expect(stateOf(second, 8)).to.deep.include({
      ...{ state: 'nothing', transaction: stateOf(document, 8)?.transaction },
    });
    expect((await made.run(args[0]!, ...args.slice(1), '--dry-run')).out).to.contain('refused: ');
  });

  it('knows a claim that was paid meanwhile, and a signature that was made void', async () => {
    const [kim, lee] = made.keys;
    const file = join(made.folder, 'overtaken.ndjson');
    const texts: string[] = [];
    for (const key of [kim!, lee!]) {
      const { out, code: done } = await made.run('claim', ...where(), '--sign', ...by(key), '--yes');
      expect(done).to.equal(0);
      texts.push(out);
    }
    await writeFile(file, texts.join(''));
    const paid = [...where(), '--account', kim!.address, ...by(made.relayer), '--yes'];
    await made.done('claim', ...paid);
    await request('hardhat_setBalance', lee!.address, ONE_COIN);
    const signer = await made.world.hardhat.ethers.getImpersonatedSigner(lee!.address);
    await (await contracts().vault.connect(signer).cancelSignedClaims()).wait();
    const { code, out } = await made.run(
      'claim',
      '--sponsor',
      file,
      ...by(made.relayer),
      '--yes',
      '--at-least',
      '100',
      '--json',
    );
    const { outcomes } = JSON.parse(out) as Document;
    expect(outcomes.map(({ state, code: why }) => [state, why])).to.deep.equal([
      ['nothing', null],
      ['refused', 'SIGNATURE_USED'],
    ]);
    expect(code).to.equal(5);
  });

  it('pays no more gas for what a stranger signed than a claim takes, and sends the others whatever becomes of one', async () => {
    const [dave, carol] = [made.world.actors.dave, made.world.actors.carol];
    const signedAs = async (account: string): Promise<string> => {
      const { lines } = await made.done<Lines>('claim', ...where(), '--account', account, '--out', 'unsigned.ndjson');
      const deadline = (await made.remote.node.time()) + 86_400;
      return JSON.stringify({
        ...lines[0],
        signed: { to: account.toLowerCase(), nonce: '0', deadline, signature: '0x00' },
      });
    };
    const lines = [await signedAs(dave.address), await signedAs(carol.address)];
    lines.push((await made.run('claim', ...where(), '--sign', ...by(made.keys[0]!), '--yes')).out.trim());
    const file = join(made.folder, 'strangers.ndjson');
    await writeFile(file, lines.join('\n'));
    // Contracts that say that they have signed anything; the first counts down from 200,000 before it does.
    const says = '631626ba7e60e01b60005260206000f3';
    await request('hardhat_setCode', dave.address, `0x62030d405b600190038060045750${says}`);
    await request('hardhat_setCode', carol.address, `0x${says}`);
    // The second takes it back when it was tried out, and before its gas is asked for.
    made.endpoints[0].meet = async ({ method }) => {
      if (method === 'eth_estimateGas') await request('hardhat_setCode', carol.address, '0x00');
    };
    const { code, out } = await made.run('claim', '--sponsor', file, ...by(made.relayer), '--yes', '--json');
    const { outcomes, stopped, transactions } = JSON.parse(out) as Document;
    expect(outcomes.map(({ state, code: why }) => [state, why])).to.deep.equal([
      ['refused', 'GAS_TOO_HIGH'],
      ['refused', 'VestingVault_SignatureInvalid'],
      ['paid', null],
    ]);
    expect({ code, stopped, sent: transactions.length }).to.deep.equal({ code: 5, stopped: null, sent: 1 });
  });

  it('signs for no recipient that a single node names, and shows no line of its making', async () => {
    const [kim] = made.keys;
    const { vault, token } = contracts();
    const mallory = Wallet.createRandom().address;
    const lies: Readonly<Record<string, string>> = {
      [vault.interface.encodeFunctionData('recipientOf', [kim!.address]).slice(0, 10)]:
        vault.interface.encodeFunctionResult('recipientOf', [mallory]),
      [token.interface.encodeFunctionData('symbol').slice(0, 10)]: token.interface.encodeFunctionResult('symbol', [
        'X\u001b[2J\n0 X of nobody',
      ]),
    };
    for (const endpoint of made.endpoints) {
      endpoint.bend = ({ params }, answer) => {
        const { data, input } = (params[0] ?? {}) as { readonly data?: string; readonly input?: string };
        const lie = lies[(data ?? input ?? '').slice(0, 10)];
        return lie === undefined ? answer : { ...answer, result: lie };
      };
    }
    const alone = async (...more: readonly string[]) => {
      const said = { out: '', err: '' };
      const args = ['claim', '--addresses', 'addresses.json', '--rpc', made.endpoints[0].url, '--confirmations', '0'];
      const code = await run([...args, ...where(), ...more], {
        out: (text) => (said.out += text),
        err: (text) => (said.err += text),
        ...{ isTerminal: false, columns: 80, cwd: made.folder },
      });
      return { code, ...said };
    };
    const signing = ['--sign', ...by(kim!), '--yes'];
    const refused = await alone(...signing, '--json');
    expect(refused.code).to.equal(5);
    expect((JSON.parse(refused.out) as { error: { code: string } }).error.code).to.equal('RECIPIENT_UNSURE');
    expect(refused.err).to.contain(
      `a single node says that ${kim!.address.toLowerCase()} has chosen ${mallory.toLowerCase()}`,
    );
    const own = await alone(...signing, '--to', kim!.address);
    expect(own.code).to.equal(0);
    expect((JSON.parse(own.out) as { signed: { to: string } }).signed.to).to.equal(kim!.address.toLowerCase());
    expect(own.err).to.contain('X?[2J?0 X of nobody of').and.not.contain('\u001b');
  });

  it('goes on where a node that broke off left it, and pays nobody twice', async () => {
    const [kim, lee] = made.keys;
    const file = join(made.folder, 'broken.ndjson');
    const texts: string[] = [];
    for (const key of [kim!, lee!]) {
      const one = join(made.folder, 'one.ndjson');
      await made.done('claim', ...where(), '--sign', ...by(key), '--yes', '--out', one);
      texts.push(await readFile(one, 'utf8'));
    }
    await writeFile(file, texts.join(''));
    const [endpoint] = made.endpoints;
    let sent = 0;
    endpoint.meet = ({ method }) => {
      if (method === 'eth_sendRawTransaction' && ++sent > 1) throw new Error('broken off');
      return Promise.resolve();
    };
    const args = ['claim', '--sponsor', file, ...by(made.relayer), '--yes', '--json'];
    const broken = await made.run(args[0]!, ...args.slice(1));
    const first = JSON.parse(broken.out) as Document;
    expect(broken.code).to.equal(4);
    expect(first.outcomes.map(({ state }) => state)).to.deep.equal(['paid', 'unsent']);
    expect(first.stopped?.code).to.equal('NODE_UNAVAILABLE');
    endpoint.meet = () => Promise.resolve();
    const second = await made.done<Document>(args[0]!, ...args.slice(1, -1));
    expect(second.outcomes.map(({ state }) => state)).to.deep.equal(['nothing', 'paid']);
    expect(await tokensOf(parseAddress(kim!.address))).to.equal(BigInt(first.outcomes[0]?.amount ?? 0));
  });

  it('runs every command of the page for miners as it stands there', async () => {
    const page = await readFile(new URL('../../docs/claiming.md', import.meta.url), 'utf8');
    const [kim] = made.keys;
    const own = { yours: kim!.address, where: Wallet.createRandom().address };
    await mkdir(join(made.folder, 'lines'));
    const use = async ({ keystore, passwordFile }: KeyFiles): Promise<void> => {
      await copyFile(keystore, join(made.folder, 'key.json'));
      await copyFile(passwordFile, join(made.folder, 'password.txt'));
    };
    const ran: string[] = [];
    for (const step of stepsOf(page)) {
      if (step.kind !== 'command') throw new Error(`the page has a step of kind ${step.kind}`);
      // Where the nodes and the reports are is the reader's to fill in; `run` brings the rest.
      const text = step.text
        .replace(/^npx lode /, '')
        .replace(/--addresses addresses\.json --rpc( https:\S+)+ /, '')
        .replace(/--reports( https:\S+)+/, `--reports ${made.place}`)
        .replace('0xYOURS', own.yours)
        .replace('0xWHERE', own.where);
      const [name = '', ...args] = (text.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
      ran.push(name);
      if (name === 'cat') {
        await copyFile(join(made.folder, 'claim.ndjson'), join(made.folder, 'claims.ndjson'));
        continue;
      }
      await use(args.includes('--sponsor') ? made.relayer : kim!);
      const asks = name === 'claim' && !args.includes('--dry-run');
      const { code, out, err } = await made.run(name, ...args, ...(asks ? ['--yes'] : []));
      expect(code, `${step.text}\n${out}${err}`).to.equal(0);
    }
    expect(ran).to.deep.equal(['claimable', 'claim', 'claim', 'cat', 'claim', 'history']);
    expect(await tokensOf(own.where)).to.not.equal(0n);
    expect(await readFile(join(made.folder, 'taxes.csv'), 'utf8')).to.match(/^date,kind,/);
  });
});
