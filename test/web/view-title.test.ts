import { expect } from 'chai';

import { viewTitle } from '../../web/src/app/view-title.ts';

describe('what a view is called', () => {
  it('is its name and that of the page, whatever part of it is open', () => {
    expect(viewTitle('/', 'Mine')).to.equal('Overview – Mine');
    expect(viewTitle('/miner/0x12', 'Mine')).to.equal('Miner – Mine');
    expect(viewTitle('/governance/decision/7', 'Mine')).to.equal('Governance – Mine');
    expect(viewTitle('/what-if', 'Mine')).to.equal('What if – Mine');
  });

  it('is that of the page where there is no such view', () => {
    expect(viewTitle('/nowhere', 'Mine')).to.equal('Mine');
  });
});
