import { expect } from 'chai';

import { assertedIn } from '../../../scripts/snapshots/messages/asserted.ts';
import { collectMessages } from '../../../scripts/snapshots/messages/collect.ts';
import { sourcesOf } from '../../../scripts/snapshots/messages/sources.ts';

const ERRORS = `
export class ProtocolError extends Error {}
export class InputError extends ProtocolError {}
export function assertInput(holds: boolean, code: string, shortMessage: string) {
  if (!holds) throw new InputError({ code, shortMessage });
}`;

/** What is found in a file beside the classes of errors. */
function collect(text: string, others: Readonly<Record<string, string>> = {}) {
  const imports = "import { assertInput, InputError, ProtocolError } from './errors.ts';\n";
  const files = { 'src/errors.ts': ERRORS, 'src/file.ts': imports + text, ...others };
  const { messages, unreadable } = collectMessages(sourcesOf(new Map(Object.entries(files))));
  return { messages: messages.map(({ code, words, next }) => [code, words, next]), unreadable };
}

describe('the collector of messages', () => {
  it('reads words, values and the next step', () => {
    const text = `throw new InputError({
      code: 'ONE', shortMessage: \`\${given} is above \${limits.most}\`, details: { given, next: 'take less' } });`;
    expect(collect(text).messages).to.deep.equal([['ONE', '‹given› is above ‹most›', 'take less']]);
  });

  it('follows constants, conditions, lists and spreads', () => {
    const text = `
      function fail(is: boolean) {
        const [shortMessage, next] = is ? ['this', 'do a'] : ['that', 'do b'];
        const base = { code: is ? 'TWO' : 'THREE' };
        throw new InputError({ ...base, shortMessage, details: { next } });
      }`;
    expect(collect(text).messages).to.deep.equal([
      ['THREE', 'that', 'do b'],
      ['TWO', 'this', 'do a'],
    ]);
  });

  it('follows functions that make an error for others, in this file and in others', () => {
    const text = `
      function fault(code: string, { what }: { what: string }) {
        return new InputError({ code, shortMessage: \`\${what} is wrong\` });
      }
      assertInput(false, 'ASSERTED', 'it does not hold');
      throw fault('FAULT', { what: 'the line' });`;
    expect(collect(text).messages).to.deep.equal([
      ['ASSERTED', 'it does not hold', null],
      ['FAULT', 'the line is wrong', null],
    ]);
  });

  it('follows what a function returns, and what a class says itself', () => {
    const text = `
      class OwnError extends InputError {
        constructor(what: string) { super({ code: 'OWN', shortMessage: \`no \${what}\` }); }
      }
      function bad(path: string) { return { code: 'BAD', shortMessage: \`\${path} is bad\` }; }
      if (x) throw new OwnError('answer');
      throw new InputError(bad(path));`;
    expect(collect(text).messages).to.deep.equal([
      ['BAD', '‹path› is bad', null],
      ['OWN', 'no answer', null],
    ]);
  });

  it('tells many forms of one message once', () => {
    const calls = Array.from({ length: 10 }, (_, at) => `fail('reason ${at}');`).join('\n');
    const text = `function fail(reason: string) { throw new InputError({ code: 'MANY', shortMessage: \`no: \${reason}\` }); }`;
    expect(collect(`${text}\n${calls}`).messages).to.deep.equal([['MANY', 'no: ‹reason›', null]]);
  });

  it('names every error whose code it cannot read', () => {
    const { messages, unreadable } = collect("throw new InputError({ code: codes.get(name), shortMessage: 'no' });");
    expect(messages).to.deep.equal([]);
    expect(unreadable).to.have.length(1);
    expect(unreadable[0]).to.match(/^src\/file\.ts:2 {2}no code can be read in new InputError/);
  });

  it('reads what rows and requests are answered, by the places of a constructor', () => {
    const text = `
      class Answer extends Error { constructor(status: number, code: string, words: Words) { super(code); } }
      const LATE: Record<string, readonly [number, string, string]> = { a: [408, 'LATE', 'late'], b: [431, 'LARGE', 'large'] };
      const [status, code, message] = LATE[kind] ?? [400, 'ODD', 'odd'];
      send({ code, message });
      throw new Answer(409, 'TAKEN', { message: 'taken', next: 'send another' });`;
    expect(collect(text)).to.deep.equal({
      messages: [
        ['LARGE', 'large', null],
        ['LATE', 'late', null],
        ['ODD', 'odd', null],
        ['TAKEN', 'taken', 'send another'],
      ],
      unreadable: [],
    });
  });

  it('names every text that looks like a code and that no message has', () => {
    const { unreadable } = collect("send({ code: 'UNSEEN_CODE' }); if (error.code === 'OF_OTHERS') send('LODE_HOME');");
    expect(unreadable).to.deep.equal(['src/file.ts:2  what is UNSEEN_CODE, if no message has it for its code?']);
  });

  it('takes the code of an error that is handed on for no message of its own', () => {
    const text = 'function again({ code, cause }: ProtocolError) { throw new InputError({ code, shortMessage: "x", cause }); }';
    expect(collect(`${text}\nagain(error);`)).to.deep.equal({ messages: [], unreadable: [] });
  });

  it('counts as expected what a test compares with, not what it throws or is called', () => {
    const codes = new Set(['ASKED', 'THROWN', 'CALLED', 'IN_PATTERN', 'IN_TEXT', 'header']);
    const text = `
      it('CALLED', async () => {
        new InputError({ code: 'THROWN', shortMessage: '' });
        await expectCode(run(), 'ASKED');
        expect(stderr).to.match(/(IN_PATTERN)/).and.contain('code IN_TEXT, the header');
      });`;
    expect([...assertedIn('a.test.ts', text, codes)].sort()).to.deep.equal(['ASKED', 'IN_PATTERN', 'IN_TEXT']);
  });
});
