import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { policyHash } from '../../src/settlement/policy/parse-policy.ts';
import type { Json } from '../../src/settlement/report/canonical-json.ts';
import { verify } from '../../src/store/verify.ts';
import { expectCode } from '../support/expect-code.ts';
import { presetNamed } from '../support/presets.ts';
import { runSmallReplay } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The epoch from which the second policy acts. */
const FROM = 4;

/** A point for a unit of every task, times what a row without a rating counts for. */
function policyOf(unrated: string): Json {
  const quality = { attribute: 'quality', unrated, levels: { gold: '3' } };
  const rules = { minimumScore: '1', measures: { units: { points: '1' } }, multipliers: { quality } };
  const tasks = Object.fromEntries(presetNamed('lingoai').tasks.map(({ name }) => [name, rules]));
  return { format: 'lode-policy-v1', tasks };
}

describe('a scoring policy that was voted for', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const [plain, doubled] = [policyOf('1'), policyOf('2')];

  async function run(name: string, policies: Json) {
    const changes = folder.path(`${name}.json`);
    await writeFile(changes, JSON.stringify({ format: 'lode-changes-v1', policies }));
    return await runSmallReplay(folder.path('.'), name, undefined, { changes });
  }

  async function reportOf(out: string, epoch: number) {
    const read = async (file: string) =>
      JSON.parse(await readFile(join(out, `epochs/00000${epoch}`, file), 'utf8')) as unknown;
    const { accounts } = (await read('accounts.json')) as { accounts: { account: string; scores: string[] }[] };
    const { record } = (await read('manifest.json')) as { record: { policyHash: string } };
    return { policyHash: record.policyHash, scores: accounts.map(({ account, scores }) => ({ account, scores })) };
  }

  it('changes a quality multiplier: the record has its hash and scores are by it from its epoch on, not before', async () => {
    const first = { from: 1, hash: policyHash(plain), policy: plain };
    const before = await run('before', [first]);
    const after = await run('after', [first, { from: FROM, hash: policyHash(doubled), policy: doubled }]);
    let compared = 0;
    for (let epoch = 1; epoch < 8; epoch++) {
      const [old, now] = [await reportOf(before.folder, epoch), await reportOf(after.folder, epoch)];
      expect(now.policyHash).to.equal(policyHash(epoch < FROM ? plain : doubled));
      const factor = epoch < FROM ? 1n : 2n;
      const expected = old.scores.map(({ account, scores }) => ({
        account,
        scores: scores.map((score) => (BigInt(score) * factor).toString()),
      }));
      expect(now.scores, `epoch ${epoch}`).to.deep.equal(expected);
      compared += expected.flatMap(({ scores }) => scores).filter((score) => score !== '0').length;
    }
    expect(compared).to.be.greaterThan(20);
    expect(await verify(after.folder)).to.deep.equal({ equal: true, difference: null, epochs: 9 });
  });

  it('is refused when it is the old one: its hash is not what was voted for', async () => {
    const path = '/policies/0/policy';
    const reason = `its hash is ${policyHash(plain)}, not the one that was voted for`;
    const details = { path, reason };
    await expectCode(
      run('old', [{ from: FROM, hash: policyHash(doubled), policy: plain }]),
      'CHANGES_INVALID',
      details,
    );
  });
});
