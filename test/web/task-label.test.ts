import { expect } from 'chai';

import { taskLabel } from '../../web/src/format/task-label.ts';

describe('what a task is called on the page', () => {
  const names = new Map([
    [1, 'validation'],
    [2, 'review'],
    [3, 'review'],
    [4, 'a\u202etask'],
    [5, 'a\u200btask'],
  ]);

  it('is the name that it was given on chain', () => {
    expect(taskLabel(names, 1)).to.equal('validation');
  });

  it('is its number while it has no name', () => {
    expect(taskLabel(names, 9)).to.equal('task 9');
  });

  it('has the number beside it where another one has the same name, or one that looks the same', () => {
    expect([2, 3, 4, 5].map((task) => taskLabel(names, task))).to.deep.equal([
      'review (task 2)',
      'review (task 3)',
      'a?task (task 4)',
      'a?task (task 5)',
    ]);
  });
});
