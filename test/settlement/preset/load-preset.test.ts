import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { InputError } from '../../../src/protocol/errors.ts';
import { addCalendar } from '../../../src/settlement/preset/calendar.ts';
import { curvePeriods, lastEmissionEpoch } from '../../../src/settlement/preset/curve-periods.ts';
import { loadPreset } from '../../../src/settlement/preset/load-preset.ts';
import { parseDecimal, parseDuration, parseRatio } from '../../../src/settlement/preset/decimals.ts';

const LINGOAI = readFileSync(new URL('../../../presets/lingoai/preset.jsonc', import.meta.url), 'utf8');
const WAD = 10n ** 18n;
const START = Date.UTC(2026, 0, 1) / 1000;

/** What the loader says against `text`: `path: reason`. */
function fault(text: string, variant?: string): string {
  try {
    loadPreset(text, { variant });
  } catch (error) {
    if (error instanceof InputError)
      return `${error.code} ${String(error.details['path'])}: ${String(error.details['reason'])}`;
    throw error;
  }
  return 'accepted';
}

const lineOf = (text: string, variant?: string) => {
  try {
    loadPreset(text, { variant });
  } catch (error) {
    if (error instanceof InputError) return error.details['line'];
  }
  return undefined;
};

describe('loadPreset', () => {
  describe('given the LingoAI preset', () => {
    const preset = loadPreset(LINGOAI);
    const periods = curvePeriods(preset.curve, START);
    const years = periods.map((period, index) => period.cumulative - (periods[index - 1]?.cumulative ?? 0n));

    it('has 20 calendar years that end on the anniversaries of the start', () => {
      expect(periods.map((period) => new Date(period.end * 1000).toISOString())).to.deep.equal(
        Array.from({ length: 20 }, (_, year) => `${2027 + year}-01-01T00:00:00.000Z`),
      );
    });

    it('sums to 20.25, 13.5 and 11.25 billion, to the wei', () => {
      expect(periods[4]?.cumulative).to.equal(20_250_000_000n * WAD);
      expect(periods[9]?.cumulative).to.equal(33_750_000_000n * WAD);
      expect(periods[19]?.cumulative).to.equal(45_000_000_000n * WAD);
    });

    it('has the yearly table of the assumptions, exactly', () => {
      const percent = [
        ...[25, 22, 20, 18, 15].map((share) => [20_250_000_000n, share] as const),
        ...[22, 21, 20, 19, 18].map((share) => [13_500_000_000n, share] as const),
        ...[13, 12, 11.5, 11, 10.5, 10, 9, 8.5, 7.5, 7].map((share) => [11_250_000_000n, share] as const),
      ];
      expect(years).to.deep.equal(percent.map(([phase, share]) => (phase * WAD * BigInt(share * 10)) / 1000n));
    });

    it('declines every year and never reaches zero', () => {
      years.forEach((year, index) => {
        expect(year > 0n, `year ${index + 1}`).to.equal(true);
        if (index > 0) expect(year < (years[index - 1] ?? 0n), `year ${index + 1}`).to.equal(true);
      });
    });

    it('pays four tasks 40/20/10/30', () => {
      expect(preset.tasks.map((task) => [task.id, task.name, task.weight])).to.deep.equal([
        [1, 'data-contribution', (WAD * 4n) / 10n],
        [2, 'data-processing', (WAD * 2n) / 10n],
        [3, 'cross-lingual-llm', WAD / 10n],
        [4, 'validation', (WAD * 3n) / 10n],
      ]);
    });

    it('says for every assumed number why', () => {
      const assumed = preset.provenance.filter((note) => note.source === 'assumed');
      expect(assumed.length).to.be.greaterThan(10);
      expect(assumed.every((note) => note.why.length > 5)).to.equal(true);
      expect(assumed.map((note) => note.path)).to.include('/release/over');
    });

    it('has no reserve law of its own, and the demo has one', () => {
      expect(preset.reserve.law).to.equal(null);
      const demo = loadPreset(LINGOAI, { variant: 'demo' });
      expect(demo.reserve.law?.a).to.equal((WAD * 98n) / 100n);
      expect(demo.curve).to.deep.equal(preset.curve);
      expect(demo.tasks).to.deep.equal(preset.tasks);
      expect(preset.variants).to.deep.equal(['verified', 'demo']);
    });
  });

  describe('refuses with the path in the file', () => {
    const cases: readonly (readonly [string, string | RegExp, string, string])[] = [
      ['an unknown key', '"challenge": {', '"challenge": { "windwo": "1", ', '/challenge/windwo: unknown key'],
      ['an unknown key deep in a list', '"id": "2",', '"id": "2", "wieght": "1",', '/tasks/1/wieght: unknown key'],
      ['a key that stands twice', '"id": "2",', '"id": "2", "id": "3",', '/tasks/1/id: this key stands twice'],
      ['a prototype', '"challenge": {', '"challenge": { "__proto__": {}, ', '/challenge/__proto__: unknown key'],
      [
        'a number without quotes',
        '"id": "2",',
        '"id": 2,',
        '/tasks/1/id: expected a whole number such as "4" as a string in quotes, got a number',
      ],
      [
        'an exponent',
        '"45000000000"',
        '"4.5e10"',
        '/curve/total: expected an amount of tokens such as "20250000000", got "4.5e10"',
      ],
      [
        'separators',
        '"45000000000"',
        '"45,000,000,000"',
        '/curve/total: expected an amount of tokens such as "20250000000", got "45,000,000,000"',
      ],
      [
        'a sum that is not the total',
        '"45000000000"',
        '"45000000001"',
        '/curve/total: the phases sum to 45000000000, not to the total 45000000001',
      ],
      [
        'shares that do not make a whole',
        '"15%"]',
        '"14%"]',
        '/curve/phases/0/shares: the shares sum to 0.99, not to 1',
      ],
      [
        'weights that do not make a whole',
        '"value": "40%"',
        '"value": "41%"',
        '/tasks: the weights sum to 1.01, not to 1',
      ],
      ['a weight under the floor', '"value": "40%"', '"value": "0.01%"', '/tasks/0/weight: a weight is at least 0.001'],
      [
        'a mapping to no task',
        '"corpus": "data-contribution"',
        '"corpus": "data"',
        '/ledgerTasks/corpus: no task is called data',
      ],
      [
        'a window above half an epoch',
        /"window": \{\s+"value": "2 days"/,
        '"window": { "value": "4 days"',
        '/challenge/window: the window is at most half an epoch',
      ],
      [
        'a return faster than the smoothing',
        /"rho": \{\s+"value": "1\/52"/,
        '"rho": { "value": "1/25"',
        '/reserve/rho: rho is at most 1/smoothing',
      ],
      ...(['0 days', '86399 seconds', '1209601 seconds', '30 days'] as const).map(
        (delay) =>
          [
            `a timelock of ${delay}`,
            /"minDelay": \{\s+"value": "2 days"/,
            `"minDelay": { "value": "${delay}"`,
            '/governance/minDelay: the delay of the timelock is 1 to 14 days',
          ] as const,
      ),
      ['another format', 'lode-preset-v1', 'lode-preset-v2', '/format: Invalid input: expected "lode-preset-v1"'],
      [
        'a missing key',
        '"accountCap"',
        '// "accountCap"',
        '/accountCap: expected a ratio such as "0.4", "40%" or "1/52" as a string in quotes, got nothing',
      ],
      [
        'a source that is none',
        /"value": "45000000000",\s+"source": "published"/,
        '"value": "45000000000", "source": "rumour"',
        '/curve/total: a source is "published", "derived" or "assumed"',
      ],
    ];
    for (const [name, search, replacement, expected] of cases) {
      it(name, () => {
        const text = LINGOAI.replace(search, replacement);
        expect(text).to.not.equal(LINGOAI);
        expect(fault(text)).to.equal(`PRESET_INVALID ${expected}`);
      });
    }

    it('no timelock of 1 or of 14 days', () => {
      for (const [delay, seconds] of [
        ['1 day', 86_400],
        ['14 days', 1_209_600],
      ] as const) {
        const text = LINGOAI.replace(/"minDelay": \{\s+"value": "2 days"/, `"minDelay": { "value": "${delay}"`);
        expect(loadPreset(text).governance.minDelay).to.equal(seconds);
      }
    });

    it('what the policy refuses', () => {
      const points = LINGOAI.replace(/"points": \{\s+"value": "1"/, '"points": { "value": "-1"');
      expect(fault(points)).to.match(/^PRESET_INVALID \/policy\/tasks\/data-contribution\/measures\/units\/points: /);
      const task = LINGOAI.replaceAll(/"validation": \{/g, '"validity": {');
      expect(fault(task)).to.equal(
        'PRESET_INVALID /policy/tasks: the policy has no rules for the task validation in epoch 0',
      );
    });

    it('and with the line', () => {
      const text = LINGOAI.replace('"id": "2",', '"id": 2,');
      expect(lineOf(text)).to.equal(LINGOAI.slice(0, LINGOAI.indexOf('"id": "2",')).split('\n').length);
    });

    it('and with the line of the variant where that is to blame', () => {
      const text = LINGOAI.replace('"value": "0.98"', '"value": "1.98"');
      expect(fault(text)).to.equal('accepted');
      expect(fault(text, 'demo')).to.equal('PRESET_INVALID /reserve/law/a: a is above 0 and at most 1');
      expect(lineOf(text, 'demo')).to.equal(LINGOAI.slice(0, LINGOAI.indexOf('"a": {')).split('\n').length);
    });

    for (const name of ['constructor', 'toString', '__proto__']) {
      it(`a variant called ${name}, which no file describes`, () => {
        const reason = `no variant is called ${name}; there are: verified, demo`;
        expect(fault(LINGOAI, name)).to.equal(`PRESET_INVALID /variants: ${reason}`);
      });
    }

    for (const [what, text] of [
      ['lists', '['.repeat(200_000) + ']'.repeat(200_000)],
      ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
      ['lists that objects close', '[}'.repeat(200_000)],
      ['lists after a string that does not end', `"\n${'['.repeat(200_000)}`],
      ['lists after comments', `// "\n/* " */${'['.repeat(200_000)}`],
    ] as const) {
      it(`${what} nested without end`, () => {
        expect(fault(text)).to.equal('PRESET_INVALID : nested too deeply');
      });
    }

    it('a variant that does not exist', () => {
      expect(fault(LINGOAI, 'demi')).to.equal(
        'PRESET_INVALID /variants: no variant is called demi; there are: verified, demo',
      );
    });

    for (const [name, text] of [
      ['an empty file', ''],
      ['half a file', LINGOAI.slice(0, 3000)],
      ['a list', '[]'],
      ['a NUL', '{"format": \0}'],
    ] as const) {
      it(name, () => expect(fault(text)).to.match(/^PRESET_INVALID : /));
    }
  });
});

describe('quantities', () => {
  it('are parsed exactly or not at all', () => {
    expect(parseDecimal('0.000000000000000001', 18)).to.equal(1n);
    expect(parseDecimal('0.0000000000000000001', 18)).to.equal(undefined);
    for (const text of ['', '-1', '+1', '1e3', '.5', '5.', '00', '1 000', '0x10', 'NaN', '١']) {
      expect(parseDecimal(text, 18), text).to.equal(undefined);
    }
  });

  it('know per cents and fractions', () => {
    expect(parseRatio('11.5%')).to.equal(115n * 10n ** 15n);
    expect(parseRatio('1/52')).to.equal(19_230_769_230_769_230n);
    expect(parseRatio('1/0')).to.equal(undefined);
    expect(parseRatio('%')).to.equal(undefined);
  });

  it('know lengths of time', () => {
    expect(parseDuration('26 weeks')).to.equal(15_724_800);
    expect(parseDuration('1 day')).to.equal(86_400);
    expect(parseDuration('1 month')).to.equal(undefined);
  });
});

describe('addCalendar', () => {
  const at = (text: string) => Date.parse(text) / 1000;
  it('keeps day and time of day, and takes the last day of a shorter month', () => {
    expect(addCalendar(at('2024-02-29T12:34:56Z'), 1, 'year')).to.equal(at('2025-02-28T12:34:56Z'));
    expect(addCalendar(at('2024-02-29T12:34:56Z'), 4, 'year')).to.equal(at('2028-02-29T12:34:56Z'));
    expect(addCalendar(at('2025-01-31T00:00:00Z'), 1, 'month')).to.equal(at('2025-02-28T00:00:00Z'));
    expect(addCalendar(at('2025-01-31T00:00:00Z'), 13, 'month')).to.equal(at('2026-02-28T00:00:00Z'));
    expect(addCalendar(at('2025-11-15T00:00:00Z'), 2, 'month')).to.equal(at('2026-01-15T00:00:00Z'));
  });
});

describe('lastEmissionEpoch', () => {
  it('is the partial epoch in which the curve ends', () => {
    const clock = { start: START, length: 7 * 86_400 };
    const periods = curvePeriods(loadPreset(LINGOAI).curve, START);
    const last = lastEmissionEpoch(periods, clock);
    expect(last).to.equal(1043);
    const end = periods.at(-1)?.end ?? 0;
    expect(clock.start + last * clock.length < end && end <= clock.start + (last + 1) * clock.length).to.equal(true);
  });
  it('is a whole one where the borders coincide', () => {
    expect(lastEmissionEpoch([{ end: 100, cumulative: 1n }], { start: 0, length: 50 })).to.equal(1);
    expect(lastEmissionEpoch([{ end: 101, cumulative: 1n }], { start: 0, length: 50 })).to.equal(2);
  });
});
