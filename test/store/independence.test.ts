import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

describe('the store', () => {
  const folder = temporaryFolder();

  it('DIFF-1: reads and scores the same under any locale, time zone and number of threads', async () => {
    const digest = async (zone: string, locale: string, threads: string) => {
      const script = ['--import', 'tsx', 'test/support/digest-ledger.ts', folder.path(`${threads}.parquet`), threads];
      const env = { ...process.env, TZ: zone, LANG: locale, LC_ALL: locale };
      return (await run(process.execPath, script, { env })).stdout;
    };
    const [one, other] = await Promise.all([digest('UTC', 'C', '1'), digest('Pacific/Apia', 'tr_TR.UTF-8', '4')]);
    expect(one).to.match(/^[0-9a-f]{64}$/);
    expect(other, 'DIFF-1').to.equal(one);
  });
});
