import { expect } from 'chai';

import { contractErrors, listMessages, messagesPage, systemMessages } from '../../scripts/snapshots/messages-page.ts';
import { REFUSALS } from '../../src/chain/revert-words.ts';
import { assertedCodes } from '../../scripts/snapshots/messages/asserted.ts';
import { collectMessages } from '../../scripts/snapshots/messages/collect.ts';
import { collectReasons, expectedWords } from '../../scripts/snapshots/messages/reasons.ts';
import { readSources } from '../../scripts/snapshots/messages/sources.ts';
import { UNPROVOKED } from '../../scripts/snapshots/messages/unprovoked.ts';
import { matchPage } from '../support/snapshot.ts';

describe('the messages of the program', function () {
  this.timeout(120_000);
  const sources = readSources();
  const { messages, unreadable } = collectMessages(sources);
  const reasons = collectReasons(sources);
  const listed = [...listMessages(messages, sources), ...systemMessages()];

  it('can all be read from the sources', () => {
    expect(unreadable.join('\n')).to.equal('');
  });

  it('stand on docs/messages.md as they are in the code', async () => {
    matchPage('docs/messages.md', await messagesPage(listed, reasons));
  });

  it('are each expected by a test, but for those that nobody can provoke', () => {
    // What lode's contracts inherit from OpenZeppelin's and no command has words for is tested there.
    const refusals = contractErrors().filter(({ name }) => name.includes('_') || name in REFUSALS);
    const codes = new Set([...listed.map(({ code }) => code), ...refusals.map(({ name }) => name)]);
    const isExpected = expectedWords();
    const asserted = assertedCodes(codes);
    const missing = [...codes].filter((code) => !asserted.has(code)).sort();
    const words = reasons.map((reason) => reason.words).filter((each) => !isExpected(each));
    expect([...missing, ...words].sort()).to.deep.equal(Object.keys(UNPROVOKED).sort());
  });
});
