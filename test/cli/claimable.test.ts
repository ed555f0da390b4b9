import { expect } from 'chai';

import { claim } from '../../src/chain/epoch-steps.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { totalOf, unlockedAt } from '../../src/protocol/vesting-curve.ts';
import { shardPathOf } from '../../src/settlement/proof.ts';
import { manifestSchema, parseReportFile } from '../../src/settlement/report/report-schema.ts';
import type { ClaimWorld } from '../support/claim-world.ts';
import { startClaimWorld } from '../support/claim-world.ts';
import { accountOf, claimOf } from '../support/world.ts';

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

describe('lode claimable, by two nodes and a report server', function () {
  this.timeout(300_000);
  let made: ClaimWorld;
  let snapshot: unknown;

  before(async () => {
    made = await startClaimWorld();
    snapshot = await made.remote.node.request('evm_snapshot');
  });
  after(async () => await made.close());
  afterEach(async () => {
    await made.remote.node.request('evm_revert', snapshot);
    snapshot = await made.remote.node.request('evm_snapshot');
    made.reports.trouble = () => false;
    for (const endpoint of made.endpoints) endpoint.bend = (_, answer) => answer;
  });

  const asked = (account: string) => ['--reports', made.place, '--account', account];
  const last = () => made.settled.at(-1)!;

  it('says what a proven leaf and its units give at the time of the block, fetching no more than it needs', async () => {
    const { world } = made;
    const alice = accountOf(world.actors.alice);
    made.reports.asked.length = 0;
    const document = await made.done<Document>('claimable', ...asked(alice));
    const { time } = document.block;
    const state = last().next.accounts.find(({ account }) => account === alice)!;
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
    const curve = last().next.accounts.find(({ account }) => account === accounts[0])!.curve;
    const more = unlockedAt(curve, document.block.time) - claimed;
    expect(ofBob?.rewards).to.deep.include({ claimed: `${claimed}`, claimable: `${more}` });
    expect(ofCarol?.recipient).to.equal(accountOf(mallory));
    const { out } = await made.run('claimable', '--reports', made.place, '--account', ...accounts);
    expect(out)
      .to.contain(`has its rewards paid to ${accountOf(mallory)}`)
      .and.contain('can be claimed in all');

    const older = await made.done<Document>('claimable', ...asked(accounts[1]!), '--epoch', '0');
    const before = first!.next.accounts.find(({ account }) => account === accounts[1])!.curve;
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
});
