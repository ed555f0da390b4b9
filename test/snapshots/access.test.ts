import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { withAccessTables } from '../../scripts/snapshots/access-tables.ts';
import { ACCESS_TABLE } from '../../deploy/roles.ts';
import { matchPage } from '../support/snapshot.ts';

const PAGE = 'docs/trust.md';

describe('the tables of who may call what (GOV-3)', () => {
  it('stand on docs/trust.md as they are in deploy/', async () => {
    matchPage(PAGE, await withAccessTables(readFileSync(PAGE, 'utf8')));
  });

  it('name every function of the code', async () => {
    const page = await withAccessTables(readFileSync(PAGE, 'utf8'));
    const missing = ACCESS_TABLE.flatMap(({ contract, functions }) =>
      (functions as readonly string[])
        .filter((name) => !page.split('\n').some((line) => line.includes(contract) && line.includes(`\`${name}\``)))
        .map((name) => `${contract}.${name}`),
    );
    expect(missing).to.deep.equal([]);
  });

  it('have their place on a page, or say that there is none', async () => {
    let error: unknown;
    await withAccessTables('# A page without tables\n').catch((thrown: unknown) => (error = thrown));
    expect(error).to.be.instanceOf(Error);
  });
});
