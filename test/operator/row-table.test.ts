import { expect } from 'chai';
import fc from 'fast-check';

import { RowTable } from '../../src/operator/ledger/row-table.ts';
import { runs, seed } from '../support/effort.ts';

const text = fc.constantFrom('', 'a', 'b', 'c', 'A', 'a\nb');
const anyRow = fc.record({
  key: fc.oneof(
    text,
    fc.nat(3_000).map((n) => `r${n}`),
  ),
  says: text,
  spelling: text,
  epoch: fc.nat(9),
});

describe('a table of rows', () => {
  it('says of each row what a map of whole rows says', () => {
    fc.assert(
      fc.property(
        fc.array(anyRow, { maxLength: 6_000, size: 'max' }),
        fc.array(anyRow, { maxLength: 50 }),
        (rows, asked) => {
          const [table, map] = [new RowTable(), new Map<string, (typeof rows)[number]>()];
          for (const row of rows) {
            table.add(row);
            if (!map.has(row.key)) map.set(row.key, row);
          }
          expect(table.size).to.equal(map.size);
          for (const row of [...rows.slice(-50), ...asked]) {
            const known = map.get(row.key);
            expect(table.has(row.key)).to.equal(known !== undefined);
            if (known === undefined) expect(table.find(row)).to.equal(undefined);
            else {
              const inSpelling = known.spelling === row.spelling ? 'in what it says' : 'in its spelling';
              const differs = known.says === row.says ? 'in nothing' : inSpelling;
              expect(table.find(row)).to.deep.equal({ epoch: known.epoch, differs });
            }
          }
        },
      ),
      { seed: seed(), numRuns: runs(10, 500) },
    );
  });

  it('takes some fifty bytes a row, however long the row is', () => {
    const long = 'x'.repeat(2_000);
    const table = new RowTable();
    const rows = 40_000;
    for (let n = 0; n < rows; n++) table.add({ key: `${n} ${long}`, says: long, spelling: '', epoch: 1 });
    const own = (rows * 10 + 65_536) * 4;
    expect(table.bytes).to.be.within(own, own + 4_096 * 40);
    expect(table.bytes / rows).to.be.lessThan(60);
    expect(table.size).to.equal(rows);
  });
});
