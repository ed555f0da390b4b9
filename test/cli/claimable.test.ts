import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { claim } from '../../src/chain/epoch-steps.ts';
import { sendCall } from '../../src/chain/send.ts';
import { claimUnitsCall } from '../../src/chain/unit-pool-calls.ts';
import { csv } from '../../src/protocol/csv.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { totalOf, unlockedAt } from '../../src/protocol/vesting-curve.ts';
import { shardPathOf } from '../../src/settlement/proof.ts';
import { manifestSchema, parseReportFile } from '../../src/settlement/report/report-schema.ts';
import { claimWorld, PRICE } from '../support/claim-world.ts';
import { lode } from './run-lode.ts';
import { accountOf, claimOf, travelTo } from '../support/world.ts';

interface Amounts {
  readonly granted: string;
  readonly released: string;
  readonly claimed: string;
  readonly claimable: string;
  readonly locked: string;
  readonly freeFrom: number;
}

interface Document {
  readonly block: { readonly number: number; readonly time: number };
  readonly endpoints: readonly string[];
  readonly token: string;
  readonly tree: { readonly epoch: number; readonly root: string; readonly cid: string } | null;
  readonly accounts: readonly {
    readonly account: string;
    readonly leaf: number | null;
    readonly rewards: Amounts | null;
    readonly units: (Amounts & { readonly count: string }) | null;
    readonly recipient: string;
    readonly nextRecipient: { readonly to: string; readonly from: number } | null;
  }[];
  readonly claimable: { readonly rewards: string; readonly units: string };
}

interface HistoryDocument {
  readonly token: string;
  readonly payments: readonly {
    readonly kind: string;
    readonly recipient: string;
    readonly epoch: number | null;
    readonly amount: string;
    readonly time: number;
    readonly transaction: string;
    readonly price: { readonly epoch: number; readonly value: string } | null;
    readonly value: string | null;
  }[];
}

describe('lode claimable and history, by two nodes and a report server', function () {
  this.timeout(300_000);
  const made = claimWorld();

  const asked = (account: string) => ['--reports', made.place, '--account', account];
  const last = () => made.settled.at(-1)!;

  it('says what a proven leaf and its units give at the time of the block, fetching no more than it needs', async () => {
    const { world } = made;
    const alice = accountOf(world.actors.alice);
    made.reports.asked.length = 0;
    const document = await made.done<Document>('claimable', ...asked(alice));
    const { time } = document.block;
    const state = [...last().next.accounts].find(({ account }) => account === alice)!;
    const due = unlockedAt(state.curve, time);
    const [only] = document.accounts;
    expect(document.tree).to.deep.include({ epoch: 1, root: last().next.root });
    expect(document.endpoints).to.have.length(2);
    expect(only?.rewards).to.deep.include({
      ...{ granted: `${totalOf(state.curve)}`, claimed: '0', claimable: `${due}`, released: `${due}` },
      locked: `${totalOf(state.curve) - due}`,
    });
    const pool = world.chain.contracts.unitPool!;
    const released = 3n * (await pool.releasedPerUnitAt(time));
    expect([due, released]).to.not.include(0n);
    expect(only?.units).to.deep.include({ count: '3', claimable: `${released}`, claimed: '0' });
    expect(document.claimable).to.deep.equal({ rewards: `${due}`, units: `${released}` });
    const manifest = parseReportFile(manifestSchema, 'manifest.json', last().files.get('manifest.json'));
    const { cid } = document.tree!;
    const path = shardPathOf(manifest, alice);
    expect(made.reports.asked).to.deep.equal([`reports/${cid}/manifest.json`, `reports/${cid}/${path}`]);
    const { out, err, code } = await made.run('claimable', ...asked(alice));
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.contain('proven against its root on chain').and.contain('3 units');
  });

  it('counts what was paid, follows a chosen recipient, and takes an older epoch', async () => {
    const { world } = made;
    const { bob, carol, mallory } = world.actors;
    const [first] = made.settled;
    const { chain } = world;
    const { claimed } = await claim(chain, mallory, claimOf(last(), accountOf(bob)));
    await (await chain.contracts.vault.connect(carol).setRecipient(mallory.address)).wait();
    const accounts = [accountOf(bob), accountOf(carol)];
    const document = await made.done<Document>('claimable', '--reports', made.place, '--account', ...accounts);
    const [ofBob, ofCarol] = document.accounts;
    const curve = [...last().next.accounts].find(({ account }) => account === accounts[0])!.curve;
    const more = unlockedAt(curve, document.block.time) - claimed;
    expect(ofBob?.rewards).to.deep.include({ claimed: `${claimed}`, claimable: `${more}` });
    expect(ofCarol?.recipient).to.equal(accountOf(mallory));
    const { out } = await made.run('claimable', '--reports', made.place, '--account', ...accounts);
    expect(out)
      .to.contain(`has its rewards paid to ${accountOf(mallory)}`)
      .and.contain('can be claimed in all');

    const older = await made.done<Document>('claimable', ...asked(accounts[1]!), '--epoch', '0');
    const before = [...first!.next.accounts].find(({ account }) => account === accounts[1])!.curve;
    expect(older.accounts[0]?.rewards?.granted).to.equal(`${totalOf(before)}`);
    const { code, details } = await made.fails(5, 'claimable', ...asked(accounts[1]!), '--epoch', '2');
    expect({ code, newest: details['newest'] }).to.deep.equal({ code: 'EPOCH_NOT_FINAL', newest: 1 });
  });

  it('says of somebody who never earned anything that this was shown', async () => {
    const { address } = made.relayer;
    const { accounts, claimable, tree } = await made.done<Document>('claimable', ...asked(address));
    expect(accounts).to.deep.include({
      ...{ account: parseAddress(address), leaf: null, rewards: null, units: null, nextRecipient: null },
      ...{ recipient: parseAddress(address), from: `${made.place}/${tree?.cid}` },
    });
    expect(claimable).to.deep.equal({ rewards: '0', units: '0' });
    const { out } = await made.run('claimable', ...asked(address));
    expect(out).to.contain('it never earned anything');
  });

  it('never says that there is nothing because a place gives nothing, or something else', async () => {
    const alice = made.miners[0]!;
    const nowhere = await made.fails(4, 'claimable', '--reports', `${made.reports.url}/elsewhere`, '--account', alice);
    expect(nowhere.code).to.equal('REPORT_UNAVAILABLE');
    made.reports.trouble = (request, response) => {
      if (!(request.url ?? '').includes('shards')) return false;
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sorry</html>');
      return true;
    };
    expect((await made.fails(4, 'claimable', ...asked(alice))).code).to.equal('REPORT_UNAVAILABLE');
    made.reports.trouble = (request, response) => {
      if (!(request.url ?? '').includes('shards')) return false;
      const path = (request.url ?? '').slice(1);
      const text = new TextDecoder().decode(made.reports.files.get(path));
      response.end(text.replace(/"leaves":\[\["(0x[0-9a-f]{40})","\d+"/, '"leaves":[["$1","99"'));
      return true;
    };
    const different = await made.fails(3, 'claimable', ...asked(alice));
    expect(different.code).to.equal('REPORT_DIFFERENT');
    expect(JSON.stringify(different.details)).to.contain('does not lead to the root');
  });

  it('looks at nothing that has too few blocks on top of it', async () => {
    const error = await made.fails(4, 'claimable', ...asked(made.miners[1]!), '--confirmations', '10000');
    expect(error.code).to.equal('NOTHING_CONFIRMED');
  });

  it('believes no node that says something else than the other', async () => {
    const [, second] = made.endpoints;
    const vault = made.world.chain.addresses.vault;
    const selector = made.world.chain.contracts.vault.interface.getFunction('claimed').selector;
    second.bend = ({ method, params }, answer) => {
      const [call] = params as [{ to?: string; data?: string }];
      if (method !== 'eth_call' || call.to?.toLowerCase() !== vault || !call.data?.startsWith(selector)) return answer;
      return { ...answer, result: `0x${'11'.padStart(64, '0')}` };
    };
    const error = await made.fails(4, 'claimable', ...asked(made.miners[1]!));
    expect(error.code).to.equal('ENDPOINTS_DISAGREE');
    expect(error.message).to.contain('what the accounts were paid');
  });

  it('believes no node whose own answers do not fit together, and takes nothing from a block that is gone', async () => {
    const { vault } = made.world.chain.contracts;
    const root = vault.interface.getFunction('rootOf').selector;
    for (const endpoint of made.endpoints) {
      endpoint.bend = ({ method, params }, answer) => {
        const [call] = params as [{ data?: string }];
        if (method !== 'eth_call' || !call.data?.startsWith(root)) return answer;
        return { ...answer, result: `0x${'22'.repeat(32)}${'6'.padStart(64, '0')}` };
      };
    }
    expect((await made.fails(4, 'claimable', ...asked(made.miners[1]!))).code).to.equal('NODE_INCONSISTENT');
    for (const command of ['claimable', 'history']) {
      for (const endpoint of made.endpoints) {
        let isRead = false;
        endpoint.bend = ({ method }, answer) => {
          if (method === 'eth_getLogs') isRead = true;
          if (method !== 'eth_getBlockByNumber' || !isRead) return answer;
          return { ...answer, result: { ...(answer.result as object), hash: `0x${'33'.repeat(32)}` } };
        };
      }
      const args = command === 'claimable' ? asked(made.miners[1]!) : ['--account', made.miners[1]!];
      expect((await made.fails(4, command, ...args)).code).to.equal('BLOCK_GONE');
    }
  });

  it('is a command that runs anywhere, on a node believed alone as well', async () => {
    const { reach, environment } = made.remote;
    const args = ['claimable', ...reach, ...asked(made.miners[1]!), '--confirmations', '0', '--json'];
    const { code, stdout, stderr } = await lode(args, made.folder, environment);
    expect({ code, stderr }).to.deep.equal({
      code: 0,
      stderr: 'note: localhost is believed alone; name a second --rpc of another operator\n',
    });
    const alone = JSON.parse(stdout) as Document;
    const both = await made.done<Document>('claimable', ...asked(made.miners[1]!));
    expect({ ...alone, endpoints: [] }).to.deep.equal({ ...both, endpoints: [] });
  });

  describe('lode history', () => {
    /** Pays alice her rewards and units, and what has come free after an epoch that was closed too late for a price. */
    async function payTwice() {
      const { world } = made;
      const { alice, mallory } = world.actors;
      const account = accountOf(alice);
      const first = await claim(world.chain, mallory, claimOf(last(), account));
      const units = await sendCall(mallory, claimUnitsCall(world.chain.addresses, account));
      const settled = await made.nextEpoch();
      await travelTo(world, (await made.remote.node.time()) + 30 * 86_400);
      await (await world.chain.contracts.vault.connect(alice).setRecipient(mallory.address)).wait();
      const second = await claim(world.chain, mallory, claimOf(settled, account));
      made.settled.pop();
      return { account, mallory: accountOf(mallory), first, units, second };
    }

    it('lists every payment with the price of its time, for taxes', async () => {
      const { account, mallory, first, units, second } = await payTwice();
      const { payments, token } = await made.done<HistoryDocument>('history', '--account', account);
      expect(token).to.equal('LINGO');
      expect(
        payments.map(({ kind, epoch, transaction, recipient }) => [kind, epoch, transaction, recipient]),
      ).to.deep.equal([
        ['reward', 1, first.receipt?.hash, account],
        ['units', null, units.hash, account],
        ['reward', 2, second.receipt?.hash, mallory],
      ]);
      const amounts = payments.map(({ amount }) => BigInt(amount));
      expect([amounts[0], amounts[2]]).to.deep.equal([first.paid, second.paid]);
      const worth = (amount = 0n) => (amount * PRICE) / 10n ** 18n;
      const price = { epoch: 1, value: `${PRICE}` };
      expect(payments.map((one) => [one.price, one.value])).to.deep.equal([
        [price, `${worth(amounts[0])}`],
        [price, `${worth(amounts[1])}`],
        [null, null],
      ]);

      const { out, code } = await made.run('history', '--account', account, '--csv');
      expect(code).to.equal(0);
      const [head, ...rows] = out.split('\r\n');
      const names = 'date,kind,account,paid_to,epoch,amount,token,price,price_epoch,value,block,transaction,log_index';
      expect(head).to.equal(names);
      expect(rows.at(-1)).to.equal('');
      const moments = payments.map(({ time }) => new Date(time * 1000).toISOString().replace('.000', ''));
      const figure = (wei: bigint) => `${wei / 10n ** 18n}.${String(wei % 10n ** 18n).padStart(18, '0')}`;
      const priced = (amount: bigint | undefined) => [figure(PRICE), '1', figure(worth(amount))];
      const shown = [
        ['reward', account, account, '1', figure(first.paid), 'LINGO', ...priced(first.paid)],
        ['units', account, account, '', figure(amounts[1]!), 'LINGO', ...priced(amounts[1])],
        ['reward', account, mallory, '2', figure(second.paid), 'LINGO', '', '', ''],
      ];
      const hashes = [first.receipt?.hash, units.hash, second.receipt?.hash];
      for (const [at, cells] of shown.entries()) {
        expect(rows[at])
          .to.contain(`${moments[at]},${cells.join(',')},`)
          .and.contain(`,${hashes[at]},`);
      }

      const file = join(made.folder, 'taxes.csv');
      await made.done('history', '--account', account, '--csv', file, '--from', moments[2]!);
      expect((await readFile(file, 'utf8')).split('\r\n')).to.deep.equal([head, rows[2], '']);
      const turned = ['--from', '2026-01-01', '--until', '2025-01-01', '--csv', file] as const;
      const { code: turnedCode, details } = await made.fails(2, 'history', '--account', account, ...turned);
      expect(turnedCode).to.equal('OPTION_INVALID');
      expect(details['expected']).to.equal('a moment after --from, 2026-01-01T00:00:00Z');
      expect((await readFile(file, 'utf8')).split('\r\n')).to.deep.equal([head, rows[2], '']);
      const early = await made.run('history', '--account', account, '--until', '2033-01-01');
      expect(early.out).to.equal('nothing was paid in this time\n');
      expect((await made.run('history', '--account', account)).out).to.contain('LINGO in 3 payments');
    });

    it('takes no list for whole from which a node leaves something out', async () => {
      const { account } = await payTwice();
      const { vault } = made.world.chain.addresses;
      for (const endpoint of made.endpoints) {
        endpoint.bend = ({ method, params }, answer) => {
          const [filter] = params as [{ address?: readonly string[] }];
          if (method !== 'eth_getLogs' || !filter.address?.includes(vault)) return answer;
          return { ...answer, result: (answer.result as unknown[]).slice(1) };
        };
      }
      const error = await made.fails(4, 'history', '--account', account);
      expect(error.code).to.equal('PAYMENTS_INCOMPLETE');
      const none = await made.done<HistoryDocument>('history', '--account', made.relayer.address);
      expect(none.payments).to.deep.equal([]);
    });
  });
});

describe('csv', () => {
  it('quotes what has to be, and gives a spreadsheet no formula to run', () => {
    const cells: readonly (readonly [string, string])[] = [
      ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
      ['+1+1', "'+1+1"],
      ['@SUM(A1)', "'@SUM(A1)"],
      ['-2', '-2'],
      ['-2+3', "'-2+3"],
      ['\tx', "'\tx"],
      ['a,b', '"a,b"'],
      ['two\nlines', '"two\nlines"'],
      ['0x12', '0x12'],
      ['1.50', '1.50'],
    ];
    const written = csv(
      ['a'],
      cells.map(([cell]) => [cell]),
    );
    expect(written).to.equal(['a', ...cells.map(([, cell]) => cell), ''].join('\r\n'));
  });
});
