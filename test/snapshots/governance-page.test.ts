import { readFileSync } from 'node:fs';

import { governancePage } from '../../scripts/snapshots/governance-page.ts';
import { matchPage } from '../support/snapshot.ts';

describe('the page about deciding', () => {
  it('has the table of actions as the catalogue has them', async () => {
    const page = readFileSync(new URL('../../docs/governance.md', import.meta.url), 'utf8');
    matchPage('docs/governance.md', await governancePage(page));
  });
});
