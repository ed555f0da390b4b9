import { readFile } from 'node:fs/promises';

import { expect } from 'chai';

import { temporaryFolder } from '../support/temporary-folder.ts';
import { lode, lodeError, lodeJson } from './run-lode.ts';

const SHORT = ['simulate', '--preset', 'lingoai', '--variant', 'demo', '--years', '2'];
const sum = (amounts: readonly string[]): bigint => amounts.reduce((total, amount) => total + BigInt(amount), 0n);

interface Document {
  readonly format: string;
  readonly start: number;
  readonly startFrom: string;
  readonly epochs: number;
  readonly assumption: string;
  readonly period: string;
  readonly periods: readonly {
    index: number;
    start: number;
    end: number;
    emission: string;
    cumulative: string;
    people: number;
    perMiner: string;
  }[];
  readonly phases: readonly { name: string; total: string }[];
  readonly reserve: { in: string; out: string; deposited: string; balance: string };
  readonly supply: { minted: string; circulating: string; locked: string; reserve: string; pools: string };
  readonly steadiness: { withReserve: { coefficient: number }; without: { coefficient: number } } | null;
}

describe('lode simulate', () => {
  const folder = temporaryFolder();
  it('gives the curve of LingoAI by years, its phases, and where every token is at the end', async () => {
    const { json, code } = await lodeJson(['simulate', '--preset', 'lingoai']);
    const { periods, phases, reserve, supply, ...rest } = json as Document;
    expect(code).to.equal(0);
    expect(rest).to.include({
      format: 'lode-simulation-v1',
      start: Date.UTC(2026, 0, 1) / 1000,
      period: 'year',
      steadiness: null,
    });
    expect(rest.assumption).to.contain('one task').and.contain('equal');
    expect(periods.map(({ index, start }) => [index, new Date(start * 1000).getUTCFullYear()])).to.deep.equal(
      Array.from({ length: 20 }, (_, i) => [i + 1, 2026 + i]),
    );
    expect(phases.map(({ total }) => BigInt(total) / 10n ** 18n)).to.deep.equal([
      20_250_000_000n,
      13_500_000_000n,
      11_250_000_000n,
    ]);
    expect(sum(periods.map(({ emission }) => emission))).to.equal(45_000_000_000n * 10n ** 18n);
    expect(periods.at(-1)!.cumulative).to.equal(supply.minted);
    expect(sum([supply.circulating, supply.locked, supply.reserve, supply.pools])).to.equal(BigInt(supply.minted));
    expect(BigInt(reserve.in) - BigInt(reserve.out)).to.equal(BigInt(reserve.balance));
  });

  it('says the same twice, in words too', async () => {
    const args = [...SHORT, '--price', 'random', '--participants', '5:50'];
    const [one, other] = [await lode(args), await lode(args)];
    expect(one.code).to.equal(0);
    expect(one.stdout).to.equal(other.stdout);
    expect(one.stdout)
      .to.contain('each participant works in one task')
      .and.contain('variation (standard deviation ÷ mean)')
      .and.contain('5 in the first epoch to 50 in the last');
    expect((await lode([...args, '--seed', '2'])).stdout).to.not.equal(one.stdout);
  });

  it('takes people and prices from files, each value until the next', async () => {
    await folder.write('people.csv', 'epoch,participants\n0,10\n52,30\n');
    await folder.write('price.csv', 'epoch,price\n0,0.01\n3,0.005\n');
    const args = [...SHORT, '--participants', 'people.csv', '--price', 'price.csv', '--csv'];
    const { stdout } = await lode(args, folder.path('.'));
    const [head = '', ...rows] = stdout.trim().split('\n');
    const column = (name: string) => rows.map((row) => row.split(',')[head.split(',').indexOf(name)]);
    expect(column('people')).to.deep.equal([
      ...Array<string>(52).fill('10'),
      ...Array<string>(rows.length - 52).fill('30'),
    ]);
    expect(column('price').slice(2, 4)).to.deep.equal(['10000000000000000', '5000000000000000']);
  });

  it('draws a chart and writes where it is told', async () => {
    const { code, stdout } = await lode([...SHORT, '--svg', '--out', 'chart.svg'], folder.path('.'));
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' });
    const svg = await readFile(folder.path('chart.svg'), 'utf8');
    expect(svg)
      .to.match(/^<svg /)
      .and.not.match(/NaN|Infinity|undefined/);
  });

  it('goes on after the end of the curve', async () => {
    const { json } = await lodeJson(['simulate', '--preset', 'lingoai', '--variant', 'demo', '--years', '22']);
    const { periods } = json as Document;
    expect(periods).to.have.lengthOf(22);
    expect(periods.slice(20).map(({ emission }) => emission)).to.deep.equal(['0', '0']);
    expect(BigInt(periods[21]!.perMiner) > 0n).to.be.true;
  });

  it("starts on the preset's own date unless told otherwise, and says which day it took and why", async () => {
    const args = ['simulate', '--preset', 'tnet', '--years', '1'];
    const start = async (...more: string[]) => {
      const { json } = await lodeJson([...args, ...more]);
      const { start, startFrom } = json as Document;
      return [new Date(start * 1000).toISOString().slice(0, 10), startFrom];
    };
    expect(await start()).to.deep.equal(['2018-09-01', 'preset']);
    expect(await start('--from', '2020-02-03')).to.deep.equal(['2020-02-03', 'option']);
    expect((await lode(args)).stdout).to.contain("start    2018-09-01, the preset's own date");
    expect((await lode(SHORT)).stdout).to.contain('start    2026-01-01, since neither');
  });

  it('says why a year grants more than it emits where epochs run over its border, and only there', async () => {
    const across = 'So a year can grant more than it emits';
    expect((await lode(['simulate', '--preset', 'lingoai', '--years', '2'])).stdout).to.contain(across);
    expect((await lode(['simulate', '--preset', 'langx', '--years', '2'])).stdout).not.to.contain('more than it emits');
  });

  it('tells an empty till from a law that pays nothing', async () => {
    const langx = (await lode(['simulate', '--preset', 'langx', '--years', '11'])).stdout;
    expect(langx).to.match(/\d+ epochs paid nothing although people took part: the curve emits nothing any more/);
    expect(langx).not.to.contain("the law's factor");
  });

  it('refuses what it cannot read, naming file and line', async () => {
    await folder.write('people.csv', 'epoch,participants\n0,10\n1,many\n');
    await folder.write('twice.csv', 'epoch,participants\n0,10\n0,11\n');
    const error = async (...args: string[]) => await lodeError(2, [...SHORT, ...args], folder.path('.'));
    expect(await error('--participants', 'people.csv')).to.deep.include({ code: 'SERIES_INVALID' });
    expect((await error('--participants', 'people.csv')).message).to.contain('people.csv:3');
    expect((await error('--participants', 'twice.csv')).message).to.contain('epoch 0 is given twice');
    expect((await error('--price', '0')).code).to.equal('OPTION_INVALID');
    expect((await error('--units-sold', '1')).code).to.equal('OPTION_INVALID');
    expect(await error('--csv')).to.deep.include({
      code: 'OPTION_INVALID',
      message: '--json and --csv cannot be given together',
    });
    for (const [option, value] of [
      ['--participants', '-5'],
      ['--participants', '4000000001'],
      ['--participants', '1.5'],
      ['--participants', '5000000000000000000'],
      ['--price', '-5'],
      ['--price', '1e-3'],
    ] as const) {
      const { code, details } = await error(option, value);
      expect({ code, given: (details as { given: string }).given }).to.deep.equal({
        code: 'OPTION_INVALID',
        given: value,
      });
    }
    expect((await error('--participants', '-5')).details)
      .to.have.property('expected')
      .that.contains('from 0 to 4000000000');
    expect((await lodeError(6, [...SHORT, '--price', 'upwards'])).code).to.equal('FILE_MISSING');
  });

  it('draws many paths: the same bytes for the same seed, as words, numbers, lines and a chart', async () => {
    const args = [...SHORT, '--participants', '20:60', '--paths', '40'];
    const one = await lode(args);
    expect(one.code).to.equal(0);
    expect(one.stdout).to.equal((await lode(args)).stdout);
    expect(one.stdout).to.not.equal((await lode([...args, '--seed', '2'])).stdout);
    expect(one.stdout).to.contain('estimates in floating point').and.contain('of the exact simulation');

    const { json } = await lodeJson([...args, '--volatility', '50%', '--drift', '-5%', '--shocks', '0']);
    const document = json as {
      quantiles: Record<string, number[][]>;
      samples: { epoch: number }[];
      withheldShare: number[];
    };
    expect(document).to.deep.include({
      ...{ format: 'lode-monte-carlo-v1', paths: 40, seed: 1, volatility: 0.5, drift: -0.05, crowdVolatility: 0.4 },
      ...{ shocks: 0, levels: [5, 25, 50, 75, 95] },
    });
    const { samples, quantiles } = document;
    for (const rows of Object.values(quantiles)) {
      expect(rows).to.have.lengthOf(samples.length);
      for (const row of rows) expect([...row].sort((a, b) => a - b)).to.deep.equal(row);
    }
    expect(document.withheldShare.every((share) => share >= 0 && share <= 1)).to.equal(true);

    const csv = (await lode([...args, '--csv'])).stdout.trim().split('\n');
    expect(csv[0]).to.equal('epoch,end,figure,float5,float25,float50,float75,float95');
    expect(csv).to.have.lengthOf(1 + 9 * samples.length);
    expect((await lode([...args, '--svg'])).stdout)
      .to.match(/^<svg /)
      .and.contain('25 to 75 %')
      .and.not.match(/NaN|Infinity|undefined/);
  });

  it('is in the middle what it is without chance, where none is asked for', async () => {
    const still = ['--paths', '2', '--volatility', '0', '--crowd-volatility', '0', '--shocks', '0', '--csv'];
    const rows = (await lode([...SHORT, '--participants', '30', ...still])).stdout.trim().split('\n');
    const exact = (await lode([...SHORT, '--participants', '30', '--csv'])).stdout.trim().split('\n');
    const head = exact[0]!.split(',');
    for (const row of rows.slice(1)) {
      const [epoch, end, figure, ...levels] = row.split(',');
      expect(new Set(levels).size, 'all paths are one').to.equal(1);
      const line = exact[Number(epoch) + 1]!.split(',');
      expect(line[head.indexOf('end')]).to.equal(end);
      if (figure === 'reserve' || figure === 'locked' || figure === 'granted') {
        const wanted = Number(line[head.indexOf(figure)]) / 1e18;
        const bound = (1e-10 * Number(line[head.indexOf('emitted')])) / 1e18;
        expect(Math.abs(Number(levels[0]) - wanted), row).to.be.at.most(bound);
      }
    }
  });

  it('refuses chance without paths, a random middle, and rates that are none', async () => {
    const error = async (...args: string[]) => await lodeError(2, [...SHORT, ...args]);
    expect((await error('--volatility', '0.5')).message).to.contain(
      'how many paths are drawn, which --volatility, --drift, --crowd-volatility and --shocks describe',
    );
    const random = await error('--paths', '5', '--price', 'random');
    expect(random.message).to.contain("--price does not take 'random'");
    expect(random.details).to.have.property(
      'expected',
      'the middle of all paths when --paths is given: flat, crash, boom, a number or a file',
    );
    expect((await error('--paths', '5', '--drift', '11')).details).to.have.property(
      'expected',
      'a part such as 0.8 or 80%, from -10 to 10',
    );
    for (const [option, value] of [
      ['--paths', '0'],
      ['--paths', '10001'],
      ['--volatility', '-1%'],
      ['--volatility', 'much'],
      ['--drift', '11'],
      ['--drift', '--5%'],
    ] as const) {
      expect(await error('--paths', '5', `${option}=${value}`), value).to.deep.include({ code: 'OPTION_INVALID' });
    }
  });
});

describe('lode preset fit', () => {
  it('prints a, b, c as a preset writes them, and what is left over at each point', async () => {
    const { json, code } = await lodeJson(['preset', 'fit', '10=95%', '100=70%', '1000=1.1666…%']);
    expect(code).to.equal(0);
    const { a, b, c, method, points } = json as {
      a: string;
      b: string;
      c: string;
      method: string;
      points: { residual: string }[];
    };
    expect(method).to.equal('exact');
    expect([a.slice(0, 10), b.slice(0, 10), c.slice(0, 10)]).to.deep.equal(['0.98833333', '0.02335101', '135.565506']);
    for (const { residual } of points) expect(residual).to.match(/^-?0\.000000000000000/);
  });

  it('reads percentages, decimals, fractions and repeating digits as the same point', async () => {
    const solve = async (point: string) => (await lode(['preset', 'fit', '10=95%', '100=0.7', point])).stdout;
    const written = await solve('1000=7/600');
    for (const point of ['1000=1.1666666666666666%', '1000=1.16…%', '1000=1.166...%', '1000=0.01166…']) {
      expect(await solve(point), point).to.equal(written);
    }
  });

  it('names a part that is none, and what was meant', async () => {
    const error = async (point: string) => await lodeError(2, ['preset', 'fit', point, '100=70%', '1000=1%']);
    const missing = await error('10=95');
    expect(missing.message).to.contain("'10=95' withholds 9500 %").and.contain('between 0 and 100 %');
    expect(missing.details).to.have.property('hint', 'for 95 percent write 10=95%');
    const tooMuch = await error('10=150%');
    expect(tooMuch.message).to.contain("'10=150%' withholds 150 %");
    expect(tooMuch.details).not.to.have.property('hint');
  });

  it('refuses too few points, impossible ones and what is no point', async () => {
    const code = async (...points: string[]) => (await lodeError(2, ['preset', 'fit', ...points])).code;
    expect(await code('10=95%', '100=70%')).to.equal('FIT_INVALID');
    expect(await code('10=50%', '100=70%', '1000=90%')).to.equal('FIT_IMPOSSIBLE');
    expect(await code('10=95%', '100=70%', '1000')).to.equal('OPTION_INVALID');
  });
});
