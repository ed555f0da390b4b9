import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import { expect } from 'chai';

import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import { withEngineSession } from '../../src/store/clickhouse/engine-session.ts';
import type { ScoringEngine } from '../../src/store/scoring-engine.ts';
import type { ScoringOptions } from '../../src/store/scoring-tables.ts';
import { lode } from '../cli/run-lode.ts';
import { expectCode } from '../support/expect-code.ts';
import { DAY, policyOf, row, START, TASKS } from '../support/scoring.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { realEngine } from './real-engine.ts';

/** A query that takes the engine far longer than anybody waits, and little memory. */
const ENDLESS = 'SELECT toInt64(sum(cityHash64(number) % 7)) AS n FROM numbers(1000000000000)';

describe('ClickHouse that fails', function () {
  this.timeout(120_000);
  const optionsOf = (engine: ScoringEngine): ScoringOptions => ({
    ledger: { contributions: Array.from({ length: 300 }, (_, at) => row(at % 9)), usage: [], accounts: [] },
    policy: policyOf({ multipliers: { consistency: { epochs: '3', bonus: '0.5' } } }),
    tasks: TASKS,
    taskMap: new Map([['voice', 'voice']]),
    clock: { start: START, length: DAY },
    fromEpoch: 0,
    toEpoch: 9,
    engine,
  });

  describe('given a password', () => {
    const real = realEngine({ user: 'lode', password: 'ö "\'%:\\' });
    const folder = temporaryFolder();

    it('scores with it, and refuses another one and none', async () => {
      expect(await scoreEpochs(optionsOf(real.engine()))).to.have.length(9);
      for (const password of ['wrong', '']) {
        await expectCode(scoreEpochs(optionsOf(real.engine({ password }))), 'ENGINE_LOGIN');
      }
      expect(real.sessions()).to.equal(0);
    });

    it('takes it from the environment alone, and says nothing of it', async () => {
      await mkdir(folder.path('.'), { recursive: true });
      const rows = [
        'id,account,time,task,measure,units',
        `a,0x${'11'.repeat(20)},2024-01-01T10:00:00Z,messages,text,8`,
      ];
      await writeFile(folder.path('rows.csv'), `${rows.join('\n')}\n`);
      const address = `clickhouse:${real.url().replace('//', '//lode@')}`;
      const args = ['score', '--preset', 'langx', '--contributions', 'rows.csv', '--epoch', '0', '--json'];
      const cwd = folder.path('.');
      const plain = await lode(args, cwd);
      const there = await lode([...args, '--engine', address], cwd, { LODE_ENGINE_PASSWORD: 'ö "\'%:\\' });
      expect(there).to.deep.equal(plain);
      const refused = await lode([...args, '--engine', address], cwd, { LODE_ENGINE_PASSWORD: 'a-secret' });
      expect(refused.code).to.equal(2);
      expect(lodeErrorCode(refused.stdout)).to.equal('ENGINE_LOGIN');
      expect(refused.stdout + refused.stderr).not.to.contain('a-secret');
    });
  });

  describe('given the same rows', () => {
    const real = realEngine();
    const folder = temporaryFolder();

    it('DIFF-1: lode replay writes the same bytes', async () => {
      const cwd = folder.path('.');
      const ledger = [
        '--contributions',
        `${process.cwd()}/examples/tldr/tldr-contributions.csv.gz`,
        '--usage',
        `${process.cwd()}/examples/tldr/tldr-usage.csv.gz`,
      ];
      const args = [
        'replay',
        '--preset',
        'lingoai',
        ...ledger,
        '--from',
        '2024-01-01',
        '--epochs',
        '12',
        '--json',
        '--explanations',
      ];
      const here = await lode([...args, '--out', 'here'], cwd);
      const there = await lode([...args, '--out', 'there', '--engine', `clickhouse:${real.url()}`], cwd);
      expect(there.code, there.stderr).to.equal(0);
      expect(there.stdout).to.equal(here.stdout);
      expect(await readdir(folder.path('there'))).to.deep.equal(await readdir(folder.path('here')));
      expect((await lode(['verify', 'there'], cwd)).code).to.equal(0);
    });
  });

  describe('given no memory', () => {
    const real = realEngine({ profile: { max_memory_usage: '200000' } });

    it('says so', async () => {
      await expectCode(scoreEpochs(optionsOf(real.engine())), 'ENGINE_FULL');
      expect(real.sessions()).to.equal(0);
    });
  });

  describe('given a limit on results that would cut them off', () => {
    const real = realEngine({ profile: { max_result_rows: '3', result_overflow_mode: 'break' } });

    it('says so instead of giving fewer scores', async () => {
      await expectCode(scoreEpochs(optionsOf(real.engine())), 'ENGINE_FULL');
    });
  });

  describe('given a profile that is read-only', () => {
    const real = realEngine({ profile: { readonly: '1' } });

    it('says that it may not', async () => {
      await expectCode(scoreEpochs(optionsOf(real.engine())), 'ENGINE_DENIED');
    });
  });

  describe('given too little time', () => {
    const real = realEngine();

    it('gives up', async () => {
      const place = { url: real.url(), user: 'default', password: '', timeout: 1 };
      await expectCode(
        withEngineSession(place, async ({ rows }) => await rows(ENDLESS, ['n'])),
        'ENGINE_TIMEOUT',
      );
    });
  });

  describe('killed in the middle of a query', () => {
    let kills = true;
    const real = realEngine({
      watch: (sql, engine) => {
        if (kills && sql.includes('activity')) engine.kill();
      },
    });

    it('is not reachable, leaves nothing here, and the next run succeeds', async () => {
      const before = (await readdir(tmpdir())).filter((name) => name.startsWith('lode-engine-'));
      await expectCode(scoreEpochs(optionsOf(real.engine())), 'ENGINE_UNREACHABLE');
      expect((await readdir(tmpdir())).filter((name) => name.startsWith('lode-engine-'))).to.deep.equal(before);
      expect(real.sessions()).to.equal(0);
      kills = false;
      expect(await scoreEpochs(optionsOf(real.engine()))).to.deep.equal(
        await scoreEpochs({ ...optionsOf(real.engine()), engine: undefined }),
      );
    });
  });
});

function lodeErrorCode(stdout: string): unknown {
  return (JSON.parse(stdout) as { readonly error: { readonly code: string } }).error.code;
}
