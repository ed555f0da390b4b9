import { expect } from 'chai';

import { parseHash32 } from '../../src/protocol/brands.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import { basisOf } from '../../src/settlement/basis.ts';
import { buildReport } from '../../src/settlement/report/build-report.ts';
import type { ReportFiles } from '../../src/settlement/report/report-file.ts';
import type { EpochExplanations } from '../../src/settlement/policy/score-steps.ts';
import { contentIdOf } from '../../src/settlement/report/content-id.ts';
import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import type { ReportPlace } from '../../src/store/report-place.ts';
import { verifyPublished, type DeclaredEpoch, type VerificationProgress } from '../../src/store/verify-published.ts';
import { crowd, scatteredAddress } from '../support/crowd.ts';
import { runs } from '../support/effort.ts';
import { stepsOfScores } from '../support/steps-of-scores.ts';

const LEAVES = runs(2_000, 100_000);

interface Published {
  readonly settled: EpochSettlement;
  readonly files: ReportFiles;
  readonly cid: string;
  readonly reportCid: ReturnType<typeof parseHash32>;
}

async function publish(
  settled: EpochSettlement,
  parentManifest: string | null,
  explanations: EpochExplanations | null = null,
): Promise<Published> {
  const files = buildReport(settled, { parentManifest, inputs: {}, unlockPerUse: 0n, rejects: [], explanations });
  const { cid, digest } = await contentIdOf(files);
  return { settled, files, cid, reportCid: parseHash32(bytesToHex(digest)) };
}

/** A place that has these reports and nothing else. */
function placeOf(...published: readonly { readonly cid: string; readonly files: ReportFiles }[]): ReportPlace {
  const all = new Map(
    published.flatMap(({ cid, files }) => [...files].map(([path, bytes]) => [`/r/${cid}/${path}`, bytes])),
  );
  const list = (folder: string) =>
    [...all].flatMap(([path, bytes]) =>
      path.startsWith(`${folder}/`)
        ? [{ path: path.slice(folder.length + 1), kind: 'file' as const, size: bytes.length }]
        : [],
    );
  const read = (path: string) => all.get(path);
  return {
    kind: 'folder',
    at: '/r',
    files: { list: (folder) => Promise.resolve(list(folder)), read: (path) => Promise.resolve(read(path)) },
  };
}

function declaredOf({ settled, reportCid }: Published, before: Published | null): DeclaredEpoch {
  const { record, settlement, parent } = settled;
  return {
    ...{ record, settlement: { ...settlement, reportCid }, basis: basisOf(record, parent) },
    parent: before === null ? null : { ...before.settled.settlement, reportCid: before.reportCid },
  };
}

function changed(published: Published, path: string, change: (text: string) => string): Published {
  const text = new TextDecoder().decode(published.files.get(path));
  const bytes = new TextEncoder().encode(change(text));
  expect(bytes).to.not.deep.equal(published.files.get(path));
  return { ...published, files: new Map([...published.files, [path, bytes]]) };
}

async function verify(declared: DeclaredEpoch, ...places: readonly ReportPlace[]) {
  const told: VerificationProgress[] = [];
  const verification = await verifyPublished({ places, declared, tell: (progress) => told.push(progress) });
  return { verification, told };
}

describe('verifyPublished', () => {
  let first: Published;
  let second: Published;

  before(async () => {
    first = await publish(crowd(LEAVES, scatteredAddress), null);
    const parentManifest = sha256Hex(first.files.get('manifest.json')!);
    second = await publish(crowd(LEAVES + 7, scatteredAddress, first.settled.next), parentManifest);
  });

  it(`computes ${LEAVES} leaves anew, and tells how far it is`, async () => {
    const { verification, told } = await verify(declaredOf(second, first), placeOf(first, second));
    expect(verification).to.deep.equal({
      ...{ outcome: 'equal', leaves: LEAVES + 7, arithmetic: { done: true } },
      from: `/r/${second.cid}`,
    });
    const leaves = told.filter(({ step }) => step === 'leaves');
    expect(leaves.length).to.be.greaterThan(2);
    expect(leaves.at(-1)).to.deep.equal({ step: 'leaves', done: LEAVES + 7, of: LEAVES + 7 });
    expect([...new Set(told.map(({ step }) => step))]).to.deep.equal([
      ...['fetch', 'leaves', 'tree', 'record', 'parent', 'arithmetic'],
    ]);
  });

  it('computes the first epoch from nothing', async () => {
    const { verification } = await verify(declaredOf(first, null), placeOf(first));
    expect(verification)
      .to.include({ outcome: 'equal' })
      .and.to.deep.include({ arithmetic: { done: true } });
  });

  it('says that grants were not computed where the epoch before is missing', async () => {
    const { verification } = await verify(declaredOf(second, first), placeOf(second));
    expect(verification).to.deep.include({ outcome: 'equal', leaves: LEAVES + 7 });
    expect(verification).to.have.nested.property('arithmetic.done', false);
  });

  it('is unavailable where no place has it', async () => {
    const { verification } = await verify(declaredOf(second, first), placeOf(first));
    expect(verification.outcome).to.equal('unavailable');
    const nowhere = await verify(declaredOf(second, first));
    expect(nowhere.verification).to.deep.equal({ outcome: 'unavailable', answers: [] });
  });

  it('names the file that was changed, and takes an honest copy from another place', async () => {
    const shard = [...second.files.keys()].find((path) => path.startsWith('shards/'))!;
    const bent = changed(second, shard, (text) =>
      text.replace(/"0x[0-9a-f]{39}0"/, '"0x0000000000000000000000000000000000000001"'),
    );
    const { verification } = await verify(declaredOf(second, first), placeOf(first, bent));
    expect(verification).to.include({ outcome: 'different', step: 'fetch' });
    expect(verification).to.have.property('reason').that.contains(shard);
    const other = await verify(declaredOf(second, first), placeOf(first, bent), placeOf(second));
    expect(other.verification.outcome).to.equal('equal');
  });

  it('finds what an operator published under the right content id, and is wrong', async () => {
    const bent = changed(second, 'accounts.json', (text) => text.replace(/"scores":\["\d+"/, '"scores":["999999999"'));
    const { cid, digest } = await contentIdOf(bent.files);
    const lie = { ...bent, cid, reportCid: parseHash32(bytesToHex(digest)) };
    const { verification } = await verify(declaredOf(lie, first), placeOf(first, lie));
    expect(verification).to.include({ outcome: 'different', step: 'arithmetic', file: 'accounts.json' });
  });

  it('finds rows that do not follow from the scores, under the right content id too', async () => {
    const bent = changed(second, 'accounts.json', (text) =>
      text.replace(/"capped":\[(true|false)/, (_, is) => `"capped":[${is === 'false'}`),
    );
    const { cid, digest } = await contentIdOf(bent.files);
    const lie = { ...bent, cid, reportCid: parseHash32(bytesToHex(digest)) };
    const { verification } = await verify(declaredOf(lie, first), placeOf(first, lie));
    expect(verification).to.include({ outcome: 'different', step: 'arithmetic', file: 'accounts.json' });
    expect(verification).to.have.property('reason').that.contains('follow from the scores');
  });

  it('finds steps that do not lead to the scores, under the right content id too', async () => {
    const { record, rows } = first.settled;
    const scores = [...rows].flatMap(({ account, scores: own }) =>
      own.flatMap((score, i) => (score === 0n ? [] : [{ account, task: record.tasks[i]!, score }])),
    );
    const explained = await publish(first.settled, null, stepsOfScores(scores, record, 0));
    const honest = await verify(declaredOf(explained, null), placeOf(explained));
    expect(honest.verification).to.include({ outcome: 'equal', leaves: LEAVES });
    const path = [...explained.files.keys()].filter((name) => name.startsWith('explanations/'))[1]!;
    const lies = [
      (text: string) => text.replace(/"kept":"\d+"/, '"kept":"1"'),
      (text: string) => text.replace(/\{"account":.*?"tasks":\[.*?\]\},/, ''),
    ];
    for (const lie of lies) {
      const bent = changed(explained, path, lie);
      const { cid, digest } = await contentIdOf(bent.files);
      const told = { ...bent, cid, reportCid: parseHash32(bytesToHex(digest)) };
      const { verification } = await verify(declaredOf(told, null), placeOf(told));
      expect(verification).to.include({ outcome: 'different', step: 'record', file: path });
      expect(verification)
        .to.have.property('reason')
        .that.matches(/do not add up/);
    }
  });

  it('finds another root, other rules and another state before', async () => {
    const declared = declaredOf(second, first);
    const { settlement, record } = declared;
    const place = placeOf(first, second);
    const root = first.settled.settlement.root;
    const outcome = async (changes: Partial<DeclaredEpoch>) =>
      (await verify({ ...declared, ...changes }, place)).verification;
    expect(await outcome({ settlement: { ...settlement, root } })).to.include({ outcome: 'different', step: 'tree' });
    expect(await outcome({ settlement: { ...settlement, granted: 1n } })).to.include({ step: 'record' });
    expect(await outcome({ record: { ...record, price: record.price + 1n } })).to.include({ step: 'record' });
    expect(await outcome({ basis: root })).to.include({ outcome: 'different', step: 'record' });
    expect(await outcome({ parent: { ...settlement } })).to.include({ outcome: 'different', step: 'parent' });
  });
});
