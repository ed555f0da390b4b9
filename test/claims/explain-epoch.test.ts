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
import { FORMATS } from '../../src/settlement/report/formats.ts';
import { contentIdFrom } from '../../src/settlement/report/content-id.ts';
import { explanationPathOf } from '../../src/settlement/report/explanation-schema.ts';
import { manifestSchema, parseReportFile } from '../../src/settlement/report/report-schema.ts';
import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import { explainAccount } from '../../src/store/read-account.ts';
import { writeFiles } from '../../src/store/folder-writer.ts';
import { parseWebPlace } from '../../src/store/report-place.ts';
import type { ClaimWorld } from '../support/claim-world.ts';
import { startClaimWorld } from '../support/claim-world.ts';
import { SMALL_ROWS } from '../support/steps-of-scores.ts';

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

  /** Puts a changed file in the place of one of epoch 1, and back. */
  const bend = (path: string, change: (text: string) => string) => {
    const key = `reports/${contentIdFrom(hexToBytes(world.settled[1]!.reportCid)).cid}/${path}`;
    const before = world.reports.files.get(key)!;
    const text = new TextDecoder().decode(before);
    const bent = change(text);
    if (bent === text) throw new Error('nothing was changed');
    world.reports.files.set(key, new TextEncoder().encode(bent));
    return { key, mend: () => world.reports.files.set(key, before) };
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
        const { isProven, sources, points, from, cid, ineligible, tasks, ...steps } = await explainEpoch(
          chain,
          trees(),
          {
            account,
            epoch,
          },
        );
        const said = await explainAccount({ folder: world.folder, account, epoch });
        expect(said).to.deep.include(steps);
        expect(said.tasks).to.deep.equal(tasks.map((task) => ({ ...task, name: null })));
        expect({ isProven, sources, ineligible }).to.deep.equal({
          ...{ isProven: account === miner, sources: null, ineligible: null },
        });
        expect(from).to.equal(`${world.place}/${cid}`);
        const [rows, days, totals] = [said.rows, said.days, said.totals];
        if (epoch === 0) expect([points, rows, days, totals]).to.deep.equal([{ state: 'none' }, null, null, null]);
        else {
          const own = { rows, days, tasks: totals, eligibility: null };
          expect(points).to.deep.equal({ state: 'held', steps: own });
          expect(rows).to.have.length(account === miner ? SMALL_ROWS + 1 : 0);
        }
      }
    }
  });

  it('shows no step that does not lead to the proven scores, and everything else all the same', async () => {
    const manifest = parseReportFile(manifestSchema, 'manifest.json', world.settled[1]!.files.get('manifest.json'));
    const path = explanationPathOf(manifest, miner)!;
    const refused = async (): Promise<string> => {
      const { points, isProven } = await explainEpoch(chain, trees(), { account: miner, epoch: 1 });
      expect(isProven).to.equal(true);
      return points.state === 'refused' ? points.error.code : points.state;
    };
    expect(await refused()).to.equal('held');
    /** Changes the steps; with `manifest` also the hash that the manifest has of them. */
    const steps = async (change: (text: string) => string, isNamed: boolean): Promise<string> => {
      const mends = [bend(path, change)];
      const bent = world.reports.files.get(mends[0]!.key)!;
      if (isNamed) mends.push(bend('manifest.json', (text) => text.replace(manifest.files[path]!, sha256Hex(bent))));
      const code = await refused();
      for (const { mend } of mends) mend();
      return code;
    };
    const lie = (text: string) => text.replaceAll('"earned":"100000"', '"earned":"200000"');
    expect(await steps(lie, false), 'another file').to.equal('REPORT_DIFFERENT');
    expect(await steps(lie, true), 'steps that do not add up').to.equal('STEPS_DIFFER');
    expect(await steps((text) => text.replaceAll('"epoch":1', '"epoch":2'), true)).to.equal('REPORT_DIFFERENT');
    expect(await steps(() => '{"accounts":[]}', true), 'no such file').to.equal('REPORT_DIFFERENT');
    const nobody = (text: string) => text.replaceAll(miner, `${miner.slice(0, -2)}00`);
    expect(await steps(nobody, true), 'whoever scored is not in it').to.equal('STEPS_DIFFER');
    const { key, mend } = bend(path, () => '');
    world.reports.files.delete(key);
    expect(await refused(), 'gone').to.equal('REPORT_UNAVAILABLE');
    mend();
    expect(await refused()).to.equal('held');
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
      const { mend } = bend(path, lie);
      const error: unknown = await explainEpoch(chain, trees(), { account: miner, epoch: 1 }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error, path).to.have.property('code', 'REPORT_DIFFERENT');
      mend();
    }
    expect((await explainEpoch(chain, trees(), { account: miner, epoch: 1 })).isProven).to.equal(true);
  });

  it('does not call an account ineligible that has scored', async () => {
    const listed = (account: Address): (() => void) => {
      const accounts = [{ account, reason: 'too-young' }];
      const bytes = Buffer.from(JSON.stringify({ format: FORMATS.ineligible, epoch: 1, accounts }));
      const { key, mend } = bend('manifest.json', (text) =>
        text.replace('"files":{', `"files":{"ineligible.json":"${sha256Hex(bytes)}",`),
      );
      world.reports.files.set(key.replace('manifest.json', 'ineligible.json'), bytes);
      return () => {
        mend();
        world.reports.files.delete(key.replace('manifest.json', 'ineligible.json'));
      };
    };
    const mendMiner = listed(miner);
    const error: unknown = await explainEpoch(chain, trees(), { account: miner, epoch: 1 }).catch(
      (thrown: unknown) => thrown,
    );
    mendMiner();
    expect(error).to.have.property('code', 'REPORT_DIFFERENT');
    const mendStranger = listed(STRANGER);
    expect((await explainEpoch(chain, trees(), { account: STRANGER, epoch: 1 })).ineligible).to.equal('too-young');
    mendStranger();
  });
});
