import { expect } from 'chai';

import { gasPages } from '../../scripts/snapshots/gas-page.ts';
import { matchPage, readFigures } from '../support/snapshot.ts';

describe('docs/gas.md', () => {
  it('is what the figures make, with its charts', async () => {
    for (const [path, text] of Object.entries(await gasPages(readFigures('gas')))) matchPage(path, text);
  });

  it('cannot be made with a figure too few or one too many', async () => {
    const figures = readFigures('gas');
    const [[name] = ['']] = Object.entries(figures);
    const rest = Object.fromEntries(Object.entries(figures).filter(([other]) => other !== name));
    expect(await failure(gasPages(rest))).to.include(name);
    expect(await failure(gasPages({ ...figures, 'of a step that is gone': '1' }))).to.include('of a step that is gone');
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
