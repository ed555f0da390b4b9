import { readFile } from 'node:fs/promises';

import { expect } from 'chai';
import { parse } from 'csv-parse/sync';

import { claimUnitsCall } from '../../src/chain/unit-pool-calls.ts';
import { claim } from '../../src/chain/epoch-steps.ts';
import { readPayments } from '../../src/chain/payments.ts';
import { sendCall } from '../../src/chain/send.ts';
import type { ClaimWorld } from '../support/claim-world.ts';
import { startClaimWorld } from '../support/claim-world.ts';
import { OLD_REPORTS } from '../support/publication.ts';
import { runHere } from '../support/run-here.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { accountOf, claimOf } from '../support/world.ts';

const OLD = OLD_REPORTS.replace(/epochs\/$/, '');

describe('lode export', function () {
  this.timeout(300_000);
  const folder = temporaryFolder();

  it('says which files it wrote, with how many rows', async () => {
    const { code, out, err } = await runHere(['export', OLD, '--out', folder.path('csv')]);
    expect({ code, err }).to.deep.equal({ code: 0, err: `written to ${folder.path('csv')}\n` });
    expect(out)
      .to.match(/^file +rows +bytes\n/)
      .and.match(/\nleaves\.csv +23 +\d+\n/);
    const json = await runHere(['export', OLD, '--out', folder.path('parquet'), '--format', 'parquet', '--json']);
    expect(JSON.parse(json.out)).to.deep.include({ format: 'parquet', epochs: [0, 1, 2, 3, 4, 5, 6] });
  });

  it('refuses what it cannot read or write, each with its exit code', async () => {
    const out = ['--out', folder.path('other')];
    const codeOf = async (...args: readonly string[]): Promise<string> => {
      const run = await runHere(['export', ...args, '--json']);
      const { error } = JSON.parse(run.out) as { readonly error: { readonly code: string; readonly exitCode: number } };
      expect(error.exitCode).to.equal(run.code);
      return `${run.code} ${error.code}`;
    };
    expect(await codeOf(folder.path('nowhere'), ...out)).to.equal('6 FOLDER_MISSING');
    expect(await codeOf(folder.path('.'), ...out)).to.equal('6 EXPORT_EMPTY');
    expect(await codeOf(OLD, ...out, '--from', '3', '--to', '2')).to.equal('2 OPTION_INVALID');
    expect(await codeOf(OLD, ...out, '--rpc', 'http://127.0.0.1:9')).to.equal('2 OPTION_INVALID');
    expect(await codeOf(OLD, ...out, '--format', 'xlsx')).to.equal('2 USAGE');
    expect(await codeOf(OLD, '--out', folder.path('csv'))).to.equal('5 FOLDER_EXISTS');
  });

  describe('with a chain', () => {
    let made: ClaimWorld;
    before(async () => {
      made = await startClaimWorld();
    });
    after(async () => await made.close());

    it('has every payment of vault and pool, as the nodes agree on them', async () => {
      const { world, settled } = made;
      const { alice, bob, mallory } = world.actors;
      const paid = await claim(world.chain, mallory, claimOf(settled.at(-1)!, accountOf(bob)));
      const units = await sendCall(mallory, claimUnitsCall(world.chain.addresses, alice.address));
      const out = folder.path('payments');
      await made.done('export', OLD, '--out', out);
      const rows: Readonly<Record<string, string>>[] = parse(await readFile(`${out}/claims.csv`), { columns: true });
      expect(rows.map(({ kind, account, recipient, epoch }) => [kind, account, recipient, epoch])).to.deep.equal([
        ['reward', accountOf(bob), accountOf(bob), '1'],
        ['units', accountOf(alice), accountOf(alice), ''],
      ]);
      expect(rows[0]).to.include({
        amount: `${paid.paid}`,
        claimed: `${paid.claimed}`,
        block: `${paid.receipt?.blockNumber}`,
      });
      expect(rows[0]).to.include({ transaction: paid.receipt?.hash });
      expect(rows[1]).to.include({ transaction: units.hash });
      const time = (await units.getBlock()).timestamp;
      expect(Date.parse(`${rows[1]?.['paid_at'] ?? ''}Z`) / 1000).to.equal(time);
    });

    it('writes nothing where one of two nodes hides a payment', async () => {
      made.endpoints[1].bend = ({ method }, answer) => (method === 'eth_getLogs' ? { ...answer, result: [] } : answer);
      const { code } = await made.fails(4, 'export', OLD, '--out', folder.path('hidden'));
      expect(code).to.equal('PAYMENTS_INCOMPLETE');
      made.endpoints[1].bend = (_, answer) => answer;
    });

    it('writes nothing where every node hides the same payment: vault and pool know what they paid', async () => {
      const { vault, unitPool } = made.world.chain.contracts;
      const hidden = [
        ['vault', vault.interface.getEvent('RewardClaimed').topicHash],
        ['unit pool', unitPool!.interface.getEvent('UnitsClaimed').topicHash],
      ] as const;
      for (const [by, topic] of hidden) {
        for (const endpoint of made.endpoints) {
          endpoint.bend = ({ method }, answer) => {
            if (method !== 'eth_getLogs') return answer;
            const logs = answer.result as readonly { readonly topics: readonly string[] }[];
            return { ...answer, result: logs.filter(({ topics }) => topics[0] !== topic) };
          };
        }
        const { code, message } = await made.fails(4, 'export', OLD, '--out', folder.path('hidden'));
        expect({ code, by: message.includes(`of the ${by} do not add up`) }).to.deep.equal({
          ...{ code: 'PAYMENTS_INCOMPLETE', by: true },
        });
      }
      for (const endpoint of made.endpoints) endpoint.bend = (_, answer) => answer;
    });

    it('does not go by nodes that have an event and not its block', async () => {
      const { chain } = made.world;
      const [payment] = await readPayments(chain, await chain.provider.getBlockNumber());
      const asked = `0x${payment!.block.toString(16)}`;
      for (const endpoint of made.endpoints) {
        endpoint.bend = ({ method, params }, answer) =>
          method === 'eth_getBlockByNumber' && params[0] === asked ? { ...answer, result: null } : answer;
      }
      const { code } = await made.fails(4, 'export', OLD, '--out', folder.path('hidden'));
      expect(code).to.equal('NODE_INCONSISTENT');
    });
  });
});
