import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { expect } from 'chai';
import { network } from 'hardhat';

import { epochPath, journalPath, ledgerPath, reportPath, scoresPath } from '../../src/operator/data-folder.ts';
import { levelOf } from '../../src/operator/keeper-event.ts';
import { openJournal } from '../../src/operator/journal.ts';
import { readOwnCuts } from '../../src/operator/ledger/cuts-source.ts';
import type { StepOutcome } from '../../src/operator/steps/step.ts';
import { sendCall } from '../../src/chain/send.ts';
import { readFinalEpochs } from '../../src/chain/final-epochs.ts';
import { closePoolCall } from '../../src/chain/unit-pool-calls.ts';
import { readPublication } from '../../src/operator/publish/publication.ts';
import { verifyFromChain } from '../../src/operator/verify-from-chain.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { explanationsIn } from '../../src/settlement/report/explanation-schema.ts';
import { INPUTS_FILE, inputsSchema } from '../../src/settlement/report/inputs-file.ts';
import { loadState } from '../../src/settlement/report/load-state.ts';
import { manifestSchema, parseReportFile } from '../../src/settlement/report/report-schema.ts';
import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import { GENESIS } from '../../src/settlement/state.ts';
import { epochFolder } from '../../src/store/epoch-folder.ts';
import { recomputeFromCuts } from '../../src/store/recompute-from-cuts.ts';
import { hashFile } from '../../src/store/replay-inputs.ts';
import { folderPlace } from '../../src/store/parse-report-place.ts';
import { readReport } from '../../src/store/report-folder.ts';
import { verify } from '../../src/store/verify.ts';
import { verifyReports } from '../../src/store/verify-reports.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import { SteppedOperator } from '../support/operator-steps.ts';
import { PRESET } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { closeNext, deployWorld, storyPreset, withUnitPool } from '../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const START = 2_000_000_000;

async function deployed() {
  return await deployWorld(hardhat, { start: START, preset: storyPreset() });
}

async function withPool() {
  return await deployWorld(hardhat, { start: START, preset: withUnitPool(storyPreset()) });
}

const texts = (files: ReadonlyMap<string, Uint8Array>) =>
  [...files].map(([path, bytes]) => `${path}: ${new TextDecoder().decode(bytes)}`).sort();

const states = (outcomes: readonly StepOutcome[]) => outcomes.map(({ state }) => state);

describe('an epoch from its rows to its report', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let count = 0;

  async function operatorOf(): Promise<SteppedOperator> {
    const operator = new SteppedOperator(folder.path(`data-${++count}`), await loadFixture(deployed));
    await operator.write([operator.line('a', 0), operator.line('b', 0, 1), operator.line('c', 1, 2)]);
    return operator;
  }

  /** Epoch 0 as far as its report. */
  async function settled(operator: SteppedOperator, epoch = 0): Promise<readonly StepOutcome[]> {
    await operator.passGrace(epoch);
    await closeNext(operator.world);
    return [await operator.ingest(epoch), await operator.score(epoch), await operator.settle(epoch)];
  }

  it('waits for its time, its record and the epoch before, and then takes each step once', async () => {
    const operator = await operatorOf();
    expect(states([await operator.ingest(0), await operator.score(0), await operator.settle(0)])).to.deep.equal([
      'waiting',
      'waiting',
      'waiting',
    ]);
    await operator.passGrace(0, 3_590);
    expect((await operator.ingest(0)).reason).to.match(/^rows of epoch 0 are taken until 2033-/);
    await operator.passGrace(0);
    expect((await operator.ingest(1)).reason).to.match(/^rows of epoch 1 are taken until/);
    expect((await operator.ingest(0)).facts).to.include({ read: 3, cut: 2, later: 1 });
    expect((await operator.score(0)).reason).to.equal('epoch 0 is not closed');
    expect((await operator.settle(0)).reason).to.equal('epoch 0 is not scored');
    await closeNext(operator.world);
    const score = await operator.score(0);
    expect(score.facts).to.include({ accounts: 2, scores: 2, rejects: 0 });
    const settle = await operator.settle(0);
    expect(settle).to.deep.include({ state: 'done' });
    expect(settle.facts).to.include({ leafCount: 2, participants: 2, pending: '0' });

    const files = () => readReport(operator.data);
    const before = await files();
    const again = [await operator.ingest(0), await operator.score(0), await operator.settle(0)];
    expect(states(again)).to.deep.equal(['skipped', 'skipped', 'skipped']);
    expect(again[2]?.facts).to.deep.equal(settle.facts);
    expect(await files()).to.deep.equal(before);

    // The next epoch cannot be settled on one that is not final.
    await operator.passGrace(1);
    await closeNext(operator.world);
    expect((await operator.ingest(1)).facts).to.include({ cut: 1, known: 2 });
    await operator.score(1);
    expect((await operator.settle(1)).reason).to.equal('epoch 0 is not final');
    await operator.makeFinal(0);
    expect((await operator.settle(1)).facts).to.include({ leafCount: 3 });
    expect(await operator.settle(0)).to.deep.include({ state: 'skipped' });
  });

  it('gives reports that anybody verifies, and computes anew from the cuts to the byte', async () => {
    const operator = await operatorOf();
    const { data } = operator;
    operator.settings = {
      ...operator.settings,
      ledger: { contributions: ['rows.csv'], map: { chores: 'data-processing' } },
    };
    const lines = [operator.line('a', 0), operator.line('b', 0, 1), operator.line('c', 1, 2)];
    const unmapped = operator.line('d', 1).replace(',corpus,', ',dance,');
    const mapped = operator.line('e', 1, 3).replace(',validation,', ',chores,');
    await operator.write([...lines, unmapped, mapped, operator.line('f', 0).replace(/5$/, 'five')]);
    const published = folder.path('published');
    let parent = GENESIS;
    let parentManifest: string | null = null;
    for (let epoch = 0; epoch < 3; epoch++) {
      await settled(operator, epoch);
      const files = await readReport(reportPath(data, epoch));
      await cp(reportPath(data, epoch), join(published, epochFolder(epoch)), { recursive: true });
      const manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
      const { inputs, map } = parseReportFile(inputsSchema, INPUTS_FILE, files.get(INPUTS_FILE));
      expect(map).to.deep.equal({ chores: 'data-processing' });
      expect(Object.fromEntries(inputs.map(({ role, sha256 }) => [role, sha256]))).to.deep.equal(manifest.inputs);
      expect(inputs.map(({ role }) => role)).to.deep.equal(
        [['preset', 'contributions', 'quarantine'], ['preset', 'contributions'], ['preset']][epoch],
      );
      // Somewhere else, from the files alone and what the chain says.
      const elsewhere = folder.path(`elsewhere-${epoch}`);
      await mkdir(elsewhere);
      const cuts = (await readOwnCuts(data, epoch))?.cuts ?? [];
      const copies = cuts.map((file) => ({ ...file, path: join(elsewhere, `${file.epoch}-${basename(file.path)}`) }));
      for (const [at, { path }] of cuts.entries()) await copyFile(path, copies[at]?.path ?? '');
      const anew = await recomputeFromCuts(
        { cuts: copies, preset: PRESET, variant: 'demo', changes: null, map, contracts: [] },
        { record: manifest.record, parent, parentManifest },
      );
      expect(texts(anew.files)).to.deep.equal(texts(files));
      const broken = copies.find(({ role }) => role === 'quarantine');
      if (broken !== undefined) await writeFile(broken.path, '{"file":"x"}\n');
      const given = { cuts: copies, preset: PRESET, variant: 'demo', changes: null, map, contracts: [] };
      const from = { record: manifest.record, parent, parentManifest };
      if (broken?.epoch === epoch) await expectCode(recomputeFromCuts(given, from), 'CUT_INVALID');
      [parent, parentManifest] = [loadState(files), sha256Hex(files.get('manifest.json') ?? new Uint8Array())];
      await operator.makeFinal(epoch);
    }
    const { difference, epochs } = await verifyReports(published);
    expect({ difference, epochs }).to.deep.equal({ difference: null, epochs: 3 });
    const rejects = JSON.parse(await readFile(join(reportPath(data, 1), 'rejects.json'), 'utf8')) as object;
    expect(rejects).to.deep.include({
      rejects: [
        {
          ...{ file: 'contributions.ndjson', line: 1 },
          reason: 'task-unmapped: the task "dance" counts for none of the protocol\'s tasks',
        },
      ],
    });
    const first = await readFile(join(reportPath(data, 0), 'rejects.json'), 'utf8');
    expect(first).to.contain('"file":"rows.csv","line":7,"reason":"number-malformed');
    // What is added to a published report, or bent in it, is seen.
    const inputs = join(published, epochFolder(1), INPUTS_FILE);
    await writeFile(inputs, (await readFile(inputs, 'utf8')).replace('"chores"', '"choreS"'));
    expect((await verifyReports(published)).difference?.file).to.equal(`${epochFolder(1)}/${INPUTS_FILE}`);
  });

  it('says in the report how the scores came about where the settings ask for it, and changes nothing else', async () => {
    const operator = await operatorOf();
    const { data } = operator;
    operator.settings = { ...operator.settings, explanations: true };
    const [, score] = await settled(operator);
    expect(score?.facts).to.include({ explained: 2 });
    const files = await readReport(reportPath(data, 0));
    const manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
    const explained = explanationsIn(files, manifest);
    expect(explained?.accounts.map(({ steps }) => steps.rows.length)).to.deep.equal([1, 1]);
    const given = { cuts: (await readOwnCuts(data, 0))?.cuts ?? [], preset: PRESET, variant: 'demo', changes: null };
    const from = { record: manifest.record, parent: GENESIS, parentManifest: null };
    const anew = async (explanations: boolean) =>
      (await recomputeFromCuts({ ...given, map: {}, contracts: [], explanations }, from)).files;
    expect(texts(await anew(true))).to.deep.equal(texts(files));
    const plain = await anew(false);
    for (const [path, bytes] of plain) if (path !== 'manifest.json') expect(files.get(path)).to.deep.equal(bytes);
    expect([...files.keys()].filter((path) => !plain.has(path))).to.deep.equal(['explanations/0.json']);
    expect((await verify(reportPath(data, 0))).difference).to.equal(null);
    // What was settled stays so when the settings change.
    operator.settings = { ...operator.settings, explanations: false };
    expect(states([await operator.score(0), await operator.settle(0)])).to.deep.equal(['skipped', 'skipped']);
    expect((await operator.score(0, { again: true })).facts).not.to.have.property('explained');
    await expectCode(operator.settle(0), 'SETTLEMENT_DIFFERS');
    expect((await operator.settle(0, { again: true })).facts['root']).to.equal(manifest.settlement.root);
    expect(texts(await readReport(reportPath(data, 0)))).to.deep.equal(texts(plain));
  });

  it('gives the same bytes again, wherever it was ended before', async () => {
    const operator = await operatorOf();
    const { data } = operator;
    const outcomes = await settled(operator);
    const files = await readReport(epochPath(data, 0));
    const journal = (await readFile(journalPath(data, 0), 'utf8')).split('\n').slice(0, -1);
    files.delete('journal.ndjson');
    expect(journal.length).to.equal(6);
    const targets = [ledgerPath(data, 0), scoresPath(data, 0), reportPath(data, 0)];
    for (let lines = 0; lines <= journal.length; lines++) {
      // What a step has not finished is not there, or there whole; the source has changed meanwhile.
      for (const isThere of [false, true]) {
        await writeFile(
          journalPath(data, 0),
          journal
            .slice(0, lines)
            .map((line) => `${line}\n`)
            .join(''),
        );
        const gone = targets.slice(Math.floor((lines + (isThere ? 1 : 0)) / 2));
        for (const path of gone) await rm(path, { recursive: true, force: true });
        const again = [await operator.ingest(0), await operator.score(0), await operator.settle(0)];
        expect(again[2]?.facts, `${lines} lines`).to.deep.equal(outcomes[2]?.facts);
        const now = await readReport(epochPath(data, 0));
        now.delete('journal.ndjson');
        expect(now, `${lines} lines`).to.deep.equal(files);
      }
    }
  });

  it('is not moved by what becomes of the sources later', async () => {
    const operator = await operatorOf();
    const before = await settled(operator);
    await operator.write([operator.line('a', 0, 0, 999), operator.line('late', 0, 3), operator.line('c', 1, 2)]);
    await rm(reportPath(operator.data, 0), { recursive: true });
    await rm(scoresPath(operator.data, 0));
    const after = [await operator.ingest(0), await operator.score(0), await operator.settle(0)];
    expect(after[2]?.facts).to.deep.equal(before[2]?.facts);
    await operator.makeFinal(0);
    const next = await settled(operator, 1);
    expect(next[0]?.facts).to.include({ cut: 1, late: 1, quarantined: 1, known: 0 });
  });

  it('is never settled in two ways, once the first may have been proposed', async () => {
    const operator = await operatorOf();
    const [, , first] = await settled(operator);
    operator.settings = {
      ...operator.settings,
      ledger: { contributions: ['rows.csv'], map: { corpus: 'data-processing' } },
    };
    expect(await operator.score(0)).to.deep.include({ state: 'skipped' });
    expect(await operator.settle(0)).to.deep.include({ state: 'skipped' });
    expect(await operator.score(0, { again: true })).to.deep.include({ state: 'done' });
    const differs = await operator.settle(0).catch((error: unknown) => error);
    expect(differs).to.be.instanceOf(ProtocolError);
    if (differs instanceof ProtocolError) {
      expect(differs.code).to.equal('SETTLEMENT_DIFFERS');
      expect(differs.details['settled']).to.deep.equal({ root: first?.facts['root'], report: first?.facts['cid'] });
      expect(differs.details['next']).to.contain('--again');
    }
    expect((await readReport(reportPath(operator.data, 0))).size).to.be.greaterThan(0);
    const second = await operator.settle(0, { again: true });
    expect(second.facts['root']).to.not.equal(first?.facts['root']);
    // Once a proposal was begun there is no other way back than to the one that was proposed.
    await (await openJournal(operator.data, 0)).begin('propose', {});
    operator.settings = { ...operator.settings, ledger: { contributions: ['rows.csv'] } };
    await operator.score(0, { again: true });
    await expectCode(operator.settle(0, { again: true }), 'SETTLEMENT_DIFFERS');
  });

  it('takes settings that changed from the next epoch on that is not settled', async () => {
    const operator = await operatorOf();
    const before = await settled(operator);
    const preset = await readFile(PRESET, 'utf8');
    await writeFile(join(operator.data, 'mine.jsonc'), `// a copy with a remark\n${preset}`);
    operator.settings = { ...operator.settings, preset: './mine.jsonc', variant: 'demo' };
    // Also where everything but the cut has to be made anew.
    await rm(reportPath(operator.data, 0), { recursive: true });
    await rm(scoresPath(operator.data, 0));
    expect(states([await operator.score(0), await operator.settle(0)])).to.deep.equal(['done', 'done']);
    expect((await operator.settle(0)).facts).to.deep.equal(before[2]?.facts);
    await operator.makeFinal(0);
    await operator.passGrace(1);
    await closeNext(operator.world);
    await operator.ingest(1);
    const first = await operator.score(1);
    expect(first.facts['preset']).to.equal(`${await hashFile(join(operator.data, 'mine.jsonc'))}.jsonc`);
    // Not settled yet: changed once more, it is scored once more.
    await writeFile(join(operator.data, 'mine.jsonc'), preset);
    expect((await operator.score(1)).state).to.equal('done');
    expect((await operator.score(1)).state).to.equal('skipped');
    expect((await operator.settle(1)).state).to.equal('done');
  });

  it('warns where there are rows and nobody scores', async () => {
    const operator = await operatorOf();
    await operator.write([operator.line('a', 0).replace('corpus', 'no-such-task')]);
    await operator.passGrace(0);
    await closeNext(operator.world);
    expect((await operator.ingest(0)).facts).to.include({ cut: 1 });
    const { facts } = await operator.score(0);
    expect(facts).to.include({ scores: 0, rejects: 1 });
    expect(facts['warning']).to.contain('nobody scores');
    expect(levelOf({ event: 'done', epoch: 0, step: 'score', facts })).to.equal('warn');
  });

  it('stops where its cut is gone or is another one', async () => {
    const operator = await operatorOf();
    await settled(operator);
    const ledger = ledgerPath(operator.data, 0);
    const cut = await readFile(join(ledger, 'contributions.ndjson'), 'utf8');
    await writeFile(join(ledger, 'contributions.ndjson'), cut.replace('"5"', '"6"'));
    for (const step of [operator.ingest, operator.score, operator.settle]) {
      await expectCode(step(0), 'CUT_DAMAGED');
    }
    await rm(ledger, { recursive: true });
    await expectCode(operator.ingest(0), 'CUT_LOST');
    // Another cut, made of other rows: whole in itself, and not the one that was made.
    const other = new SteppedOperator(`${operator.data}-other`, operator.world);
    await other.write([other.line('z', 0)]);
    await other.ingest(0);
    await cp(ledgerPath(other.data, 0), ledger, { recursive: true });
    await expectCode(operator.ingest(0), 'CUT_LOST');
  });

  it('only says what it would do when it is asked for that', async () => {
    const operator = await operatorOf();
    await operator.passGrace(0);
    await closeNext(operator.world);
    const names = async () => (await readdir(operator.data, { recursive: true })).sort();
    const before = await names();
    expect((await operator.ingest(0, true)).facts).to.include({ cut: 2 });
    expect(await names()).to.deep.equal(before);
    await operator.ingest(0);
    const cut = await names();
    expect((await operator.score(0, { dryRun: true })).facts).to.include({ scores: 2 });
    expect(await names()).to.deep.equal(cut);
    await operator.score(0);
    const scored = await names();
    const would = await operator.settle(0, { dryRun: true });
    expect(await names()).to.deep.equal(scored);
    expect((await operator.settle(0)).facts).to.deep.equal(would.facts);
  });

  it('goes on from a report that somebody else published, and only from the one that the chain names', async () => {
    const operator = await operatorOf();
    await settled(operator);
    await operator.makeFinal(0);
    const published = folder.path('mirror');
    await cp(reportPath(operator.data, 0), join(published, epochFolder(0)), { recursive: true });
    await rm(reportPath(operator.data, 0), { recursive: true });
    await operator.passGrace(1);
    await closeNext(operator.world);
    await operator.ingest(1);
    await operator.score(1);
    await expectCode(operator.settle(1), 'PARENT_UNAVAILABLE');
    operator.settings = {
      ...operator.settings,
      publish: { targets: [{ kind: 'directory', path: published }] },
    };
    expect((await operator.settle(1)).state).to.equal('done');
    // Final on the chain, and not here: there is nothing to settle any more.
    expect(await operator.settle(0)).to.deep.include({ state: 'skipped', reason: 'epoch 0 is final' });
  });

  it('stays the same when a pool pays into the reserve meanwhile, and the next epoch goes on from what the chain has', async () => {
    const world = await loadFixture(withPool);
    const operator = new SteppedOperator(folder.path('pool'), world);
    await operator.write([operator.line('a', 0), operator.line('b', 1, 1), operator.line('c', 2, 2)]);
    const published = folder.path('published-pool');
    // The sale is over, and nobody has closed the pool yet.
    await operator.passGrace(3);
    const [, , first] = await settled(operator);
    expect(first?.facts['pending']).to.equal('0');
    await sendCall(world.actors.mallory, closePoolCall(world.chain.addresses));
    const deposit = await world.chain.contracts.reserve.pending();
    expect(deposit > 0n).to.equal(true);
    const line = (await readFile(journalPath(operator.data, 0), 'utf8')).split('\n').slice(0, 5);
    // Ended right before it was done, and begun anew after the deposit.
    await writeFile(journalPath(operator.data, 0), `${line.join('\n')}\n`);
    await rm(reportPath(operator.data, 0), { recursive: true });
    expect((await operator.settle(0)).facts).to.deep.equal(first?.facts);
    for (let epoch = 0; epoch < 3; epoch++) {
      // One of the three says how its scores came about.
      operator.settings = { ...operator.settings, explanations: epoch === 1 };
      if (epoch > 0) expect((await settled(operator, epoch))[2]?.state).to.equal('done');
      await cp(reportPath(operator.data, epoch), join(published, epochFolder(epoch)), { recursive: true });
      const { inputs } = await readPublication(operator.data, epoch);
      for (const { from, name } of inputs) await cp(from, join(published, 'inputs', name));
      await operator.makeFinal(epoch);
    }
    const { difference, epochs } = await verify(published);
    expect({ difference, epochs }).to.deep.equal({ difference: null, epochs: 3 });
    const block = await world.hardhat.ethers.provider.getBlockNumber();
    const verdict = await verifyFromChain({
      epochs: await readFinalEpochs(world.chain, block),
      places: [folderPlace(published)],
      folder: folder.path('fetched-pool'),
      recompute: async ({ epoch, parent, parentManifest, explanations }) => {
        expect(explanations).to.equal(epoch.epoch === 1);
        const cuts = (await readOwnCuts(operator.data, epoch.epoch))?.cuts ?? [];
        const { token, vault, reserve, distributor } = world.chain.addresses;
        const contracts = [token, vault, reserve, distributor];
        return await recomputeFromCuts(
          { cuts, preset: PRESET, variant: 'demo', changes: null, map: {}, contracts, explanations },
          { record: epoch.record, parent, parentManifest },
        );
      },
      tell: () => undefined,
    });
    expect(verdict.epochs.map(({ code, reason }) => code ?? reason)).to.deep.equal([null, null, null]);
    // Inputs beside the reports are what their names say, and none is missing.
    const [input = ''] = (await readdir(join(published, 'inputs'))).filter((name) => name.endsWith('.ndjson'));
    const path = join(published, 'inputs', input);
    const bytes = await readFile(path);
    await writeFile(path, `${bytes.toString()}\n`);
    expect((await verify(published)).difference).to.include({ file: `inputs/${input}` });
    await rm(path);
    expect((await verify(published)).difference).to.include({ file: `inputs/${input}`, found: 'nothing' });
    await writeFile(path, bytes);
    await writeFile(join(published, 'inputs', 'notes.txt'), '');
    expect((await verify(published)).difference).to.include({ file: 'inputs/notes.txt', expected: 'nothing' });
  });

  it('does not begin under a record of another policy, or without its preset', async () => {
    const operator = await operatorOf();
    await operator.passGrace(0);
    await closeNext(operator.world);
    await operator.ingest(0);
    operator.settings = { ...operator.settings, preset: 'tnet' };
    const error: unknown = await operator.score(0).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ProtocolError);
    operator.settings = { ...operator.settings, preset: './nowhere.jsonc' };
    await expectCode(operator.score(0), 'PRESET_UNKNOWN');
  });
});
