import { appendFile, copyFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect } from 'chai';

import type { StoredBatch } from '../../../src/operator/ingest/segment-format.ts';
import { batchText, FIRST_SUM, scanSegment } from '../../../src/operator/ingest/segment-format.ts';
import { SegmentLog } from '../../../src/operator/ingest/segment-log.ts';
import { readIngested } from '../../../src/operator/ingest/segments.ts';
import { random } from '../../support/effort.ts';
import { expectCode } from '../../support/expect-code.ts';
import { INGEST_DOMAIN as DOMAIN, storedBatch as batch } from '../../support/append-batches.ts';
import { alice, contribution } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const execute = promisify(execFile);

/** The ids that a reader of the folder finds, in order. */
async function idsIn(folder: string): Promise<(string | undefined)[]> {
  const files = await readIngested(folder);
  return files.flatMap(({ rows }) => rows.map((row) => ('fields' in row ? row.fields.get('id') : undefined)));
}

const idsOf = (...batches: readonly StoredBatch[]) =>
  batches.flatMap(({ rows }) => rows.map((row) => (JSON.parse(row) as { id: string }).id));

describe('the segments of the ingest folder', () => {
  const temporary = temporaryFolder();
  let folder: string;
  let made = 0;

  beforeEach(async () => {
    folder = temporary.path(`ingest-${made++}`);
    await mkdir(folder);
  });

  const written = async (batches: readonly StoredBatch[], segmentBytes?: number) => {
    const { log, cut } = await SegmentLog.open(folder, DOMAIN, segmentBytes);
    const placed = await Promise.all(batches.map(async (one) => log.append(one)));
    await log.close();
    return { placed, cut };
  };
  const segment = (number = 1) => join(folder, `0000000${number}.seg`);

  it('hold what was appended, row by row, on the lines that were said', async () => {
    const batches = [batch(1), batch(2, 1), batch(5, 3)];
    const { placed } = await written(batches);
    expect(placed.map(({ line }) => line)).to.deep.equal([2, 5, 7]);
    const lines = (await readFile(segment(), 'utf8')).split('\n');
    for (const [index, { line }] of placed.entries()) expect(lines[line - 1]).to.equal(batches[index]!.rows[0]);
    const [file] = await readIngested(folder);
    expect(file?.file).to.equal('ingest/00000001.seg');
    expect(file?.rows.map(({ line }) => line)).to.deep.equal([2, 3, 5, 7, 8, 9]);
    expect(file?.rows[0]).to.deep.equal({
      line: 2,
      fields: new Map(Object.entries(contribution({ id: '1.0', note: 'ä😀' }))),
    });
  });

  it('are none where nothing was ever taken', async () => {
    expect(await readIngested(join(folder, 'nowhere'))).to.deep.equal([]);
    await written([]);
    expect(await idsIn(folder)).to.deep.equal([]);
  });

  it('can be read while they are written to', async () => {
    const { log } = await SegmentLog.open(folder, DOMAIN, 2_000);
    for (let sequence = 1; sequence <= 30; sequence++) {
      await log.append(batch(sequence));
      const ids = await idsIn(folder);
      expect(ids.slice(-2)).to.deep.equal([`${sequence}.0`, `${sequence}.1`]);
      expect(ids).to.have.length(2 * sequence);
    }
    await log.close();
  });

  it('go on in a next one when one is full, each held against the one before', async () => {
    const batches = Array.from({ length: 40 }, (_, index) => batch(index + 1));
    for (const one of batches) await written([one], 3_000);
    const names = (await readdir(folder)).sort();
    expect(names.filter((name) => name.endsWith('.seg')).length).to.be.greaterThan(3);
    expect(names.filter((name) => name.endsWith('.json'))).to.have.length(
      names.filter((name) => name.endsWith('.seg')).length - 1,
    );
    expect(await idsIn(folder)).to.deep.equal(idsOf(...batches));
    const { log } = await SegmentLog.open(folder, DOMAIN);
    expect(log.sealed[0]).to.deep.include({
      segment: 1,
      chainId: 31337,
      recorders: { [alice]: [1, log.sealed[0]!.batches] },
    });
    await log.close();
    // A segment that is whole in itself and another folder's is not what came next.
    const own = folder;
    folder = temporary.path('another');
    await mkdir(folder);
    for (const { sequence } of batches) await written([batch(sequence, 3)], 3_000);
    await copyFile(segment(2), join(own, '00000002.seg'));
    await expectCode(readIngested(own), 'SEGMENT_DAMAGED');
  });

  it('make their indexes anew where those are lost or wrong', async () => {
    for (let sequence = 1; sequence <= 20; sequence++) await written([batch(sequence)], 3_000);
    const index = join(folder, '00000001.json');
    const kept = await readFile(index, 'utf8');
    for (const content of [null, 'nonsense', kept.replace(/"bytes":\d+/, '"bytes":7')]) {
      if (content === null) await rm(index);
      else await writeFile(index, content);
      const { log } = await SegmentLog.open(folder, DOMAIN);
      await log.close();
      expect(await readFile(index, 'utf8')).to.equal(kept);
    }
  });

  it('know the sequences of segments that were moved away, and miss one of the last', async () => {
    for (let sequence = 1; sequence <= 30; sequence++) await written([batch(sequence)], 3_000);
    await rm(segment(1));
    const { log, current } = await SegmentLog.open(folder, DOMAIN);
    expect(log.sealed[0]?.segment).to.equal(1);
    await log.close();
    expect((await idsIn(folder)).length)
      .to.be.greaterThan(0)
      .and.lessThan(60);
    for (let number = current.number; number >= current.number - 1; number--) await rm(segment(number));
    await expectCode(SegmentLog.open(folder, DOMAIN), 'SEGMENT_MISSING');
  });

  it('lose no whole record wherever the last write was cut short, and keep nothing of half a one', async () => {
    await written([batch(1), batch(2)]);
    const whole = await readFile(segment());
    const next = Buffer.from(batchText(batch(3), scanSegment(whole).sum).text);
    for (let length = 0; length <= next.length; length++) {
      await writeFile(segment(), Buffer.concat([whole, next.subarray(0, length)]));
      const isWhole = length === next.length;
      const before = isWhole ? [batch(1), batch(2), batch(3)] : [batch(1), batch(2)];
      expect(await idsIn(folder), `${length} bytes`).to.deep.equal(idsOf(...before));
      if (length % 37 !== 0 && !isWhole) continue;
      const { cut } = await written([batch(4)]);
      expect(cut).to.equal(isWhole ? 0 : length);
      expect(await idsIn(folder)).to.deep.equal(idsOf(...before, batch(4)));
    }
  });

  it('begin anew where only the beginning of the first line was written', async () => {
    await written([]);
    const whole = await readFile(segment());
    for (const length of [0, 1, 40, whole.length - 1]) {
      await truncate(segment(), 0);
      await writeFile(segment(), whole.subarray(0, length));
      expect(await idsIn(folder)).to.deep.equal([]);
      expect((await written([batch(1)])).cut).to.equal(length);
      expect(await idsIn(folder)).to.deep.equal(idsOf(batch(1)));
    }
  });

  it('are refused when anything that was written is not what it was, and nothing is cut off', async () => {
    await written([batch(1), batch(2), batch(3)]);
    const whole = await readFile(segment());
    const { index } = random('segments');
    // The last byte is the line break that makes the last record whole: without it that record is one that was cut short.
    for (let round = 0; round < 300; round++) {
      const bytes = Uint8Array.from(whole);
      const at = index(whole.length - 1);
      bytes[at] = bytes[at]! ^ (1 << index(8));
      await writeFile(segment(), bytes);
      await expectCode(readIngested(folder), 'SEGMENT_DAMAGED');
      if (round % 50 === 0) await expectCode(SegmentLog.open(folder, DOMAIN), 'SEGMENT_DAMAGED');
      expect(Buffer.compare(await readFile(segment()), bytes)).to.equal(0);
    }
  });

  it('are refused when a record was taken out, put in twice, or put elsewhere', async () => {
    await written([batch(1), batch(2), batch(3)]);
    const text = await readFile(segment(), 'utf8');
    const [header, ...records] = text.split(/(?<=^#.*\n)/m) as [string, string, string, string];
    const [one, two, three] = records;
    for (const order of [
      [one, three],
      [two, three],
      [one, one, two, three],
      [one, three, two],
      [one, two, three, three],
    ]) {
      await writeFile(segment(), [header, ...order].join(''));
      await expectCode(readIngested(folder), 'SEGMENT_DAMAGED');
    }
    // Without the last one it is what it was before: that is what the receipt is for.
    await writeFile(segment(), [header, one, two].join(''));
    expect(await idsIn(folder)).to.deep.equal(idsOf(batch(1), batch(2)));
  });

  it('are refused when one that is closed ends early, or has another number', async () => {
    for (let sequence = 1; sequence <= 20; sequence++) await written([batch(sequence)], 3_000);
    const whole = await readFile(segment(1));
    await writeFile(segment(1), whole.subarray(0, -5));
    await expectCode(readIngested(folder), 'SEGMENT_DAMAGED');
    await expectCode(SegmentLog.open(folder, DOMAIN), 'SEGMENT_DAMAGED');
    await writeFile(segment(1), await readFile(segment(2)));
    await expectCode(readIngested(folder), 'SEGMENT_DAMAGED');
  });

  it('have nothing of a batch that the disk did not take, and go on when it does', async () => {
    // What the shell sets is a real limit of the system: from there on no write gets through.
    const limited = `trap '' XFSZ; ulimit -f 4; exec "$0" --import tsx "$1" "$2" "$3" "$4"`;
    const append = async (from: number, to: number, script: string) => {
      const program = fileURLToPath(new URL('../../support/append-batches.ts', import.meta.url));
      const args = ['-c', script, process.execPath, program, folder, String(from), String(to)];
      const { stdout } = await execute('bash', args);
      return stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' '));
    };
    const first = await append(1, 31, limited);
    const taken = first.filter(([, outcome]) => outcome === 'ok').map(([sequence]) => Number(sequence));
    const failed = first.filter(([, outcome]) => outcome === 'STORAGE_FAILED');
    expect(taken.length).to.be.greaterThan(3);
    expect(failed.length).to.be.greaterThan(3);
    expect(taken.length + failed.length).to.equal(30);
    expect(await idsIn(folder)).to.deep.equal(idsOf(...taken.map((sequence) => batch(sequence))));
    const { log, cut } = await SegmentLog.open(folder, DOMAIN);
    for (const [sequence] of failed) await log.append(batch(Number(sequence)));
    await log.close();
    expect(cut, 'already cut off').to.equal(0);
    const all = Array.from({ length: 30 }, (_, index) => batch(index + 1));
    expect((await idsIn(folder)).sort()).to.deep.equal(idsOf(...all).sort());
  });

  it('never go on in a full one beside a next one that was begun and could not be finished', async () => {
    const { log } = await SegmentLog.open(folder, DOMAIN, 500);
    // A folder stands where the next one belongs.
    await mkdir(segment(2));
    await log.append(batch(1));
    const full = await readFile(segment(1));
    for (const sequence of [2, 3]) await expectCode(log.append(batch(sequence)), 'STORAGE_FAILED');
    expect(await readFile(segment(1))).to.deep.equal(full);
    await rm(segment(2), { recursive: true });
    await log.append(batch(2));
    await log.close();
    expect(await readFile(segment(1))).to.deep.equal(full);
    expect(await idsIn(folder)).to.deep.equal(idsOf(batch(1), batch(2)));
  });

  it('are those of one deployment', async () => {
    await written([batch(1)]);
    for (const other of [
      { ...DOMAIN, chainId: 1 },
      { ...DOMAIN, distributor: `0x${'e'.repeat(40)}` },
    ]) {
      await expectCode(SegmentLog.open(folder, other), 'INGEST_OTHER_DEPLOYMENT');
    }
  });

  it('take no row that would be something else in a file', () => {
    for (const row of ['#batch {}', '{"a":1}\n{"b":2}', '{"a":"\ud800"}', '[]', '']) {
      expect(() => batchText({ ...batch(1), rows: [row] }, FIRST_SUM)).to.throw('SEGMENT_ROW');
    }
  });

  it('leave other files in the folder alone', async () => {
    await written([batch(1)]);
    await appendFile(join(folder, '1.seg'), 'mine');
    await appendFile(join(folder, 'notes.txt'), 'mine');
    expect(await idsIn(folder)).to.deep.equal(idsOf(batch(1)));
    expect((await written([batch(2)])).cut).to.equal(0);
  });
});
