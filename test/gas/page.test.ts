import { expect } from 'chai';

import { gasPage } from '../../scripts/snapshots/gas-page.ts';
import { matchPage, readFigures } from '../support/snapshot.ts';

describe('docs/gas.md', () => {
  it('is what the figures make', async () => {
    matchPage('docs/gas.md', await gasPage(readFigures('gas')));
  });

  it('cannot be made with a figure too few or one too many', async () => {
    const figures = readFigures('gas');
    const [[name] = ['']] = Object.entries(figures);
    const rest = Object.fromEntries(Object.entries(figures).filter(([other]) => other !== name));
    expect(await failure(gasPage(rest))).to.include(name);
    expect(await failure(gasPage({ ...figures, 'of a step that is gone': '1' }))).to.include('of a step that is gone');
  });
});

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
