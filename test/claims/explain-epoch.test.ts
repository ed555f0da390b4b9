import { join } from 'node:path';

import { expect } from 'chai';

import { agreedBlock } from '../../src/chain/agreement.ts';
import { connect } from '../../src/chain/connect.ts';
import { nodeAt } from '../../src/chain/node-at.ts';
import { explainEpoch } from '../../src/claims/explain-epoch.ts';
import type { ClaimChain } from '../../src/claims/final-trees.ts';
import { FinalTrees } from '../../src/claims/final-trees.ts';
import { findClaims } from '../../src/claims/find-claims.ts';
import type { Address } from '../../src/protocol/brands.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { hexToBytes } from '../../src/protocol/words.ts';
import { contentIdFrom } from '../../src/settlement/report/content-id.ts';
import { explainAccount } from '../../src/store/read-account.ts';
import { writeFiles } from '../../src/store/report-folder.ts';
import { parseWebPlace } from '../../src/store/report-place.ts';
import type { ClaimWorld } from '../support/claim-world.ts';
import { startClaimWorld } from '../support/claim-world.ts';

const STRANGER = parseAddress(`0x${'77'.repeat(20)}`);

/** The ways of the page, with what the command line says beside them. */
describe('claims and explanations by published reports alone', function () {
  this.timeout(240_000);
  let world: ClaimWorld;
  let chain: ClaimChain;
  let close = (): void => undefined;
  let miner: Address;
  const trees = () => new FinalTrees([parseWebPlace(world.place)]);

  before(async () => {
    world = await startClaimWorld();
    const node = await nodeAt(world.endpoints[0].url);
    close = () => node.close();
    const connection = await connect(world.world.deployment.addressBook, node.provider);
    const endpoints = [{ name: 'node', connection }] as const;
    chain = { endpoints, block: await agreedBlock(endpoints, 0) };
    miner = world.miners[1]!;
    for (const [epoch, { files }] of world.settled.entries()) {
      await writeFiles(join(world.folder, `epochs/00000${epoch}`), files);
    }
  });
  after(async () => {
    close();
    await (world as ClaimWorld | undefined)?.close();
  });

  /** Puts a changed file in the place of one of epoch 1. */
  const bend = (path: string, change: (text: string) => string) => {
    const key = `reports/${contentIdFrom(hexToBytes(world.settled[1]!.reportCid)).cid}/${path}`;
    const before = world.reports.files.get(key)!;
    const text = new TextDecoder().decode(before);
    const bent = change(text);
    if (bent === text) throw new Error('nothing was changed');
    world.reports.files.set(key, new TextEncoder().encode(bent));
    return () => world.reports.files.set(key, before);
  };

  it('finds what the command line finds, and fetches nothing when asked again', async () => {
    const known = trees();
    const query = { accounts: [miner], places: [] };
    const { accounts } = await findClaims(chain, query, known);
    const asked = world.reports.asked.length;
    expect((await findClaims(chain, query, known)).accounts).to.deep.equal(accounts);
    expect(world.reports.asked.length).to.equal(asked);
    const said = await world.done<{ accounts: { rewards: Record<string, unknown> }[] }>(
      ...(['claimable', '--reports', world.place, '--account', miner] as const),
    );
    const { claimable, granted } = accounts[0]!.rewards!;
    expect(said.accounts[0]?.rewards).to.include({ claimable: String(claimable), granted: String(granted) });
  });

  it('explains what the command line explains from a folder', async () => {
    for (const epoch of [0, 1]) {
      for (const account of [miner, STRANGER]) {
        const { isProven, sources, from, cid, ineligible, tasks, ...steps } = await explainEpoch(chain, trees(), {
          account,
          epoch,
        });
        const said = await explainAccount({ folder: world.folder, account, epoch });
        expect(said).to.deep.include(steps);
        expect(said.tasks).to.deep.equal(tasks.map((task) => ({ ...task, name: null })));
        expect({ isProven, sources, ineligible }).to.deep.equal({
          ...{ isProven: account === miner, sources: null, ineligible: null },
        });
        expect(from).to.equal(`${world.place}/${cid}`);
      }
    }
  });

  it('takes no score, sum or term that the chain does not bear out', async () => {
    /** The first figure of a name, with another first digit. */
    const of = (name: string) => (text: string) =>
      text.replace(new RegExp(`("${name}":\\[?")(\\d)`), (_, before: string, digit: string) =>
        before.concat(digit === '9' ? '8' : '9'),
      );
    const lies = [
      ['accounts.json', of('scores')],
      ...(['granted', 'base', 'scoreTotals', 'accountCap', 'payout'] as const).map(
        (name) => ['manifest.json', of(name)] as const,
      ),
    ] as const;
    for (const [path, lie] of lies) {
      const mend = bend(path, lie);
      const error: unknown = await explainEpoch(chain, trees(), { account: miner, epoch: 1 }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error, path).to.have.property('code', 'REPORT_DIFFERENT');
      mend();
    }
    expect((await explainEpoch(chain, trees(), { account: miner, epoch: 1 })).isProven).to.equal(true);
  });
});
