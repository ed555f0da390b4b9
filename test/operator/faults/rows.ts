import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { ledgerPath } from '../../../src/operator/data-folder.ts';
import type { FaultTable } from '../../support/fault-table.ts';
import { testAddress } from '../../support/history.ts';
import type { DataFolder, OperatorWorld } from '../../support/operator-world.ts';
import { dayText, drive, driveFor, momentOf, standOf, startKeeper, writeDay } from '../../support/operator-world.ts';
import { expectStopped, expectUndisturbed } from './expect-undisturbed.ts';

const HEADER = 'id,account,time,task,measure,units';

/** A row that nobody can count, what is wrong with it, and the code of its reason. */
interface BadRow {
  readonly fault: string;
  readonly text: string;
  readonly code: string;
}

/** The values of the fault table, each in a row that is right otherwise. */
function badRows(world: OperatorWorld): readonly BadRow[] {
  const person = testAddress(1);
  const time = momentOf(world, 0, 100);
  const row = (fault: string, text: string, code: string): BadRow => ({ fault, text, code });
  const units = (given: string, code: string, fault = `units \`${given}\``): BadRow =>
    row(fault, `bad-units,${person},${time},message,text,${given}`, code);
  const by = (fault: string, account: string, code: string): BadRow =>
    row(fault, `bad-account,${account},${time},message,text,1`, code);
  const at = (fault: string, given: string, code: string): BadRow =>
    row(fault, `bad-time,${person},${given},message,text,1`, code);
  const called = (fault: string, id: string, code: string, count = 1): BadRow =>
    row(fault, `${id},${person},${time},message,text,${count}`, code);
  return [
    units('-1', 'number-negative'),
    units('NaN', 'number-malformed'),
    units('-0', 'number-negative'),
    units('1e308', 'number-exponent'),
    units((1n << 256n).toString(), 'number-too-large', 'units 2^256'),
    units('"1,000"', 'number-separator'),
    units('0x10', 'number-malformed'),
    units('0.0000001', 'number-decimals'),
    units('', 'number-empty', 'no units'),
    by('a name in the place of an address', 'alice.eth', 'address-name'),
    by('the zero address', '0x0000000000000000000000000000000000000000', 'address-zero'),
    by('an address with a bad checksum', '0xAb5801a7D398351b8bE11C439e05C5B3259aeC9C', 'address-checksum'),
    by("one of the protocol's contracts", world.remote.world.chain.addresses.vault, 'address-forbidden'),
    at('a leap second', `${time.slice(0, 10)}T23:59:60Z`, 'time-leap-second'),
    at('a time with an offset', `${time.slice(0, 19)}+02:00`, 'time-offset'),
    called('NUL in an id', 'nul\u0000id', 'control-character'),
    called('one id twice, with other content', 'once', 'conflict'),
    called('one id twice, with other content', 'once', 'conflict', 2),
    called('two spellings of one id', 'caf\u00e9', 'id-variant'),
    called('two spellings of one id', 'cafe\u0301', 'id-variant'),
  ];
}

interface Quarantined {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

async function quarantineOf({ path }: DataFolder, epoch: number): Promise<Quarantined[]> {
  const text = await readFile(join(ledgerPath(path, epoch), 'quarantine.ndjson'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Quarantined);
}

/** Rows as they must not be, through the whole loop to the root on chain. */
export function describeRows(given: { readonly world: () => OperatorWorld; readonly table: FaultTable }): void {
  it('quarantines every bad row with its place and reason, and settles as if it had never been', async () => {
    const { table } = given;
    const world = given.world();
    await world.anew();
    const data = await world.dataFolder('rows');
    const bad = badRows(world);
    const place = (name: string): string => join(data.drop, name);
    await writeDay(world, data.drop, 0);
    await writeFile(place('bad.csv'), `${[HEADER, ...bad.map(({ text }) => text)].join('\n')}\n`);
    // The same rows again, as another program writes them; and a file that nobody has finished yet.
    await writeFile(place('again.csv'), `\u{feff}${dayText(world, 0).replaceAll('\n', '\r\n')}`);
    await writeFile(place('unfinished.csv.part'), 'id,acc');
    await writeFile(place('packed.csv.gz'), gzipSync(dayText(world, 1)));
    const keeper = startKeeper(data);
    await drive(world, { until: 1, alive: keeper.alive });
    const found = await quarantineOf(data, 0);
    const expected = bad.map(({ code }, n) => ({ file: 'drop/bad.csv', line: n + 2, code }));
    const told = found.map(({ file, line, reason }) => ({ file, line, code: reason.split(':')[0] ?? '' }));
    const byPlace = (a: { readonly line: number }, b: { readonly line: number }): number => a.line - b.line;
    expect(told.sort(byPlace)).to.deep.equal(expected);
    for (const { fault, code } of bad) table.note(`a row: ${fault}`, `quarantined: \`${code}\``);

    // Late for epoch 0, which is posted; one says another thing than what was posted.
    const late = [
      `late-1,${testAddress(2)},${momentOf(world, 0, 5)},message,text,40`,
      `d0-0,${testAddress(3)},${momentOf(world, 0, 5)},message,text,40`,
    ];
    await writeFile(place('late.csv'), `${[HEADER, ...late].join('\n')}\n`);
    const quoted = `"line\nbreak",${testAddress(2)},${momentOf(world, 1, 5)},message,text,1`;
    await writeFile(place('quoted.csv'), `${HEADER}\n${quoted}\n`);
    await drive(world, { until: 3, alive: keeper.alive });
    const later = (await Promise.all([1, 2].map(async (epoch) => await quarantineOf(data, epoch)))).flat();
    expect(
      later.map(({ file, line, reason }) => ({ file, line, code: reason.split(':')[0] })).sort(byPlace),
    ).to.deep.equal([
      { file: 'drop/late.csv', line: 2, code: 'late' },
      { file: 'drop/quoted.csv', line: 2, code: 'control-character' },
      { file: 'drop/late.csv', line: 3, code: 'conflict' },
    ]);
    table.note('a row that comes after its epoch was posted', 'quarantined: `late`');
    table.note('a row: a line break in quotes', 'quarantined: `control-character`');
    table.note('an id that was posted, with other content', 'quarantined: `conflict`; what was posted stands');
    table.note('the same rows from two files, with a BOM and CRLF', 'counted once');
    table.note('a day on which nobody did anything', 'settled: nobody earns');
    await expectStopped(keeper);
    await expectUndisturbed(world, data, [2]);
  });

  it('refuses an epoch of which too much cannot be read, and settles it when the files are whole', async () => {
    const { table } = given;
    const world = given.world();
    await world.anew();
    const data = await world.dataFolder('damaged');
    const whole = gzipSync(dayText(world, 1));
    const damaged = [
      {
        name: 'cut.csv.gz',
        bytes: whole.subarray(0, whole.length / 2),
        fault: 'a gzip file that ends early',
        code: 'LEDGER_DAMAGED',
      },
      {
        ...{ name: 'strange.csv', fault: 'a file of other columns', code: 'LEDGER_DAMAGED' },
        bytes: Buffer.from('who,what\n1,2\n'),
      },
      {
        ...{ name: 'cut.parquet', fault: 'a Parquet file that ends early', code: 'LEDGER_DAMAGED' },
        bytes: Buffer.from('PAR1\u0015\u0004\u0015'),
      },
      {
        ...{ name: 'garbage.csv', fault: 'more rows than may be unreadable', code: 'LEDGER_REJECTS' },
        bytes: Buffer.from(`${HEADER}\n${'x,y,z,message,text,1\n'.repeat(60)}`),
      },
      {
        ...{ name: 'giant.csv', fault: 'a field of two megabytes', code: 'LEDGER_DAMAGED' },
        bytes: Buffer.from(`${HEADER}\n${'x'.repeat(2 << 20)},y,z,message,text,1\n`),
      },
    ];
    const keeper = startKeeper(data);
    const written = (): string => keeper.said.stdout + keeper.said.stderr;
    for (const [epoch, { name, bytes, fault, code }] of damaged.entries()) {
      const from = written().length;
      await writeDay(world, data.drop, epoch);
      await writeFile(join(data.drop, name), bytes);
      const isSaid = (): boolean => written().slice(from).includes(code);
      const isTold = await driveFor(world, { until: isSaid, alive: keeper.alive, within: 300_000 });
      expect(isTold, `${fault}: ${written().slice(from)}`).to.equal(true);
      expect((await standOf(world)).proposal, 'nothing was proposed').to.equal(0n);
      await rm(join(data.drop, name));
      await drive(world, { until: epoch + 1, alive: keeper.alive });
      table.note(fault, `\`${code}\`: the epoch is refused until the file is right`);
    }
    await expectStopped(keeper);
    await expectUndisturbed(world, data);
  });
}
