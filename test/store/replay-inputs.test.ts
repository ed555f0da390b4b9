import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { keepInput } from '../../src/store/replay-inputs.ts';

describe('keeping an input', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lode-inputs-'));
    await writeFile(join(folder, 'preset.jsonc'), '{}');
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('copies it under its hash', async () => {
    const name = await keepInput(join(folder, 'preset.jsonc'), join(folder, 'kept'), 'jsonc');
    expect(name).to.equal('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.jsonc');
    expect(await readFile(join(folder, 'kept', name), 'utf8')).to.equal('{}');
  });

  it('blames the file where it cannot be read, and what keeps the copy from being written where that is it', async () => {
    const missing = await failure(keepInput(join(folder, 'none.jsonc'), join(folder, 'kept'), 'jsonc'));
    expect(missing).to.include({ code: 'FILE_UNREADABLE' });
    // A full disk says it in the same way, with another code.
    await mkdir(join(folder, 'taken', 'incoming'), { recursive: true });
    const taken = await failure(keepInput(join(folder, 'preset.jsonc'), join(folder, 'taken'), 'jsonc'));
    expect(taken).to.have.property('syscall', 'copyfile');
    expect(taken).to.have.property('code', 'EISDIR');
  });
});

async function failure(task: Promise<unknown>): Promise<unknown> {
  return await task.then(
    () => null,
    (error: unknown) => error,
  );
}
