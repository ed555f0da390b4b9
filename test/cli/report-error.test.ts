import { expect } from 'chai';

import { describeError, reportError } from '../../src/cli/report-error.ts';
import { InputError, InvariantError, MissingError, RefusedError, RetryableError } from '../../src/protocol/errors.ts';

const parameters = { code: 'CODE', shortMessage: 'what is wrong', details: { given: '1', bound: 2n } };

describe('describeError', () => {
  for (const [error, exitCode] of [
    [new InvariantError(parameters), 1],
    [new InputError(parameters), 2],
    [new RetryableError(parameters), 4],
    [new RefusedError(parameters), 5],
    [new MissingError(parameters), 6],
  ] as const) {
    it(`gives exit code ${exitCode} to ${error.name}, with its words, values and a next step`, () => {
      const report = describeError(error);
      expect(report).to.deep.include({ exitCode, code: 'CODE', message: 'what is wrong', details: parameters.details });
      expect(report.next).not.to.equal('');
    });
  }

  it('shows nothing of others that moves the cursor', () => {
    const said: string[] = [];
    const details = { reason: 'b\u001b[2Jc', next: 'd\u202ee' };
    const error = new InputError({ code: 'CODE', shortMessage: 'a\r\u009b1Ab', details });
    const io = {
      out: () => undefined,
      err: (text: string) => void said.push(text),
      isTerminal: false,
      columns: 80,
      cwd: '/',
    };
    expect(reportError(error, { io, json: false })).to.equal(2);
    expect(said.join('')).to.equal('lode: a  1Ab\n  reason: b [2Jc\n  next: d e\n');
  });

  it('takes the next step from the error when it brings one', () => {
    const report = describeError(new InputError({ ...parameters, details: { next: 'do this' } }));
    expect(report).to.deep.include({ next: 'do this', details: {} });
  });

  for (const [code, exitCode] of [
    ['ENOENT', 6],
    ['EISDIR', 2],
    ['EACCES', 5],
    ['EROFS', 5],
    ['ENOSPC', 4],
  ] as const) {
    it(`says what the system's ${code} means, exit code ${exitCode}`, () => {
      const report = describeError(Object.assign(new Error(code), { code, path: '/a/b' }));
      expect(report).to.deep.include({ exitCode, code, details: { path: '/a/b' } });
    });
  }

  it('calls everything else an internal error', () => {
    for (const value of [new Error('odd'), 'odd', undefined, null, { code: 3 }]) {
      expect(describeError(value)).to.deep.include({ exitCode: 1, code: 'INTERNAL' });
    }
  });
});
