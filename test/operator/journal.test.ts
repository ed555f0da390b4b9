import { appendFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { expect } from 'chai';
import fc from 'fast-check';

import { journalPath } from '../../src/operator/data-folder.ts';
import { openJournal, readJournal } from '../../src/operator/journal.ts';
import type { JournalLine } from '../../src/operator/steps/step.ts';
import { STEPS } from '../../src/operator/steps/step.ts';
import { runs, seed } from '../support/effort.ts';
import { expectCode } from '../support/expect-code.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const undated = (lines: readonly JournalLine[]) => lines.map(({ at, ...line }) => ({ ...line, at: at.length }));

describe('an epoch’s journal', () => {
  const folder = temporaryFolder();

  it('remembers over a restart what was begun and done', async () => {
    const data = folder.path('plain');
    const journal = await openJournal(data, 42);
    expect(journal.last('ingest')).to.equal(null);
    await journal.begin('ingest', { source: 'a' });
    await journal.finish('ingest', { inputs: { source: 'a' }, outputs: { cut: 'b' }, facts: { rows: 3, note: null } });
    await journal.begin('score', {});
    for (const one of [journal, await openJournal(data, 42)]) {
      expect(one.last('ingest')?.state).to.equal('done');
      expect(one.last('ingest', 'begun')?.inputs).to.deep.equal({ source: 'a' });
      expect(one.last('ingest', 'done')?.facts).to.deep.equal({ rows: 3, note: null });
      expect(one.last('score', 'done')).to.equal(null);
    }
    expect((await readFile(journalPath(data, 42), 'utf8')).split('\n').length).to.equal(4);
    expect(journalPath(data, 42)).to.contain('epochs/000042/journal.ndjson');
    expect(await readJournal(data, 43)).to.deep.equal([]);
  });

  it('does not grow by what is tried over and over', async () => {
    const data = folder.path('bounded');
    for (let n = 0; n < 5; n++) {
      const journal = await openJournal(data, 0);
      await journal.begin('publish', { report: 'a' }, { attempt: n });
      await journal.begin('publish', { report: 'a' });
    }
    const { size } = await stat(journalPath(data, 0));
    expect(await readJournal(data, 0)).to.have.lengthOf(1);
    const journal = await openJournal(data, 0);
    await journal.begin('publish', { report: 'b' });
    await journal.finish('publish', { inputs: { report: 'b' }, outputs: {}, facts: { place: 'x' } });
    await journal.finish('publish', { inputs: { report: 'b' }, outputs: {}, facts: { place: 'x' } });
    await journal.finish('publish', { inputs: { report: 'b' }, outputs: {}, facts: { place: 'y' } });
    expect(await readJournal(data, 0)).to.have.lengthOf(4);
    expect((await stat(journalPath(data, 0))).size).to.be.greaterThan(size);
  });

  it('keeps every whole line, wherever the last write was torn, and goes on from there', async () => {
    const whole = folder.path('whole');
    const journal = await openJournal(whole, 0);
    await journal.begin('close', { record: 'ä€𝄞' });
    await journal.finish('close', { inputs: { record: 'ä€𝄞' }, outputs: { 'a b': 'c' }, facts: { n: 1 } });
    await journal.begin('ingest', {});
    const bytes = await readFile(journalPath(whole, 0));
    const lines = undated(await readJournal(whole, 0));
    const torn = folder.path('torn');
    await mkdir(dirname(journalPath(torn, 0)), { recursive: true });
    for (let length = 0; length <= bytes.length; length++) {
      await writeFile(journalPath(torn, 0), bytes.subarray(0, length));
      const kept = bytes.subarray(0, length).filter((byte) => byte === 10).length;
      expect(undated(await readJournal(torn, 0)), `${length} bytes`).to.deep.equal(lines.slice(0, kept));
      const again = await openJournal(torn, 0);
      await again.begin('withdraw', { length: String(length) });
      const after = undated(await readJournal(torn, 0));
      expect(after.slice(0, -1), `after ${length} bytes`).to.deep.equal(lines.slice(0, kept));
      expect(after.at(-1)?.step).to.equal('withdraw');
    }
  });

  it('writes over what a write left that failed half-way', async () => {
    const data = folder.path('failed');
    const journal = await openJournal(data, 0);
    await journal.begin('close', {});
    await appendFile(journalPath(data, 0), `{"step":"ingest","state":"begun","at":"${'x'.repeat(500)}`);
    await journal.finish('close', { inputs: {}, outputs: {}, facts: {} });
    expect((await readJournal(data, 0)).map(({ state }) => state)).to.deep.equal(['begun', 'done']);
  });

  it('gives back whatever it was told', async () => {
    const names = fc.string({ maxLength: 10 }).filter((name) => name !== '__proto__');
    const table = fc.dictionary(names, fc.string(), { maxKeys: 3, noNullPrototype: true });
    const line = fc.record({ step: fc.constantFrom(...STEPS), done: fc.boolean(), inputs: table, outputs: table });
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (told) => {
        const data = folder.path(`any-${n++}`);
        const journal = await openJournal(data, 1);
        for (const { step, done, inputs, outputs } of told) {
          if (done) await journal.finish(step, { inputs, outputs, facts: outputs });
          else await journal.begin(step, inputs);
          const again = await openJournal(data, 1);
          for (const each of STEPS) expect(again.last(each)).to.deep.equal(journal.last(each));
          expect(again.last(step)?.inputs).to.deep.equal(inputs);
        }
      }),
      { seed: seed(), numRuns: runs(20, 300) },
    );
  });

  it('refuses a file that somebody else has written to, and leaves it as it is', async () => {
    const data = folder.path('strange');
    await (await openJournal(data, 0)).begin('close', {});
    const good = await readFile(journalPath(data, 0), 'utf8');
    for (const bad of ['hello\n', '{}\n', good.replace('close', 'open'), good.replace('begun', 'over'), '\n']) {
      await writeFile(journalPath(data, 0), good + bad + good);
      await expectCode(openJournal(data, 0), 'JOURNAL_INVALID');
      await expectCode(readJournal(data, 0), 'JOURNAL_INVALID');
      expect(await readFile(journalPath(data, 0), 'utf8')).to.equal(good + bad + good);
    }
  });
});
