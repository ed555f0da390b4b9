import { expect } from 'chai';

import type { PresetCheck } from '../../../src/settlement/preset/check/check-preset.ts';
import { checkPreset, checkWithVariants } from '../../../src/settlement/preset/check/check-preset.ts';
import type { Finding, FindingLevel } from '../../../src/settlement/preset/check/finding.ts';
import { loadPreset } from '../../../src/settlement/preset/load-preset.ts';
import { inPercent, inTokens } from '../../../src/settlement/preset/check/figures.ts';
import { PRESETS, type PresetName, presetText } from '../../support/presets.ts';

const check = (name: PresetName, variant?: string) => checkPreset(presetText(name), variant);

function findings({ findings: all }: PresetCheck, level: FindingLevel, about?: string): readonly Finding[] {
  return all.filter((finding) => finding.level === level && (about === undefined || finding.about === about));
}

const abouts = (of: PresetCheck, level: FindingLevel) => findings(of, level).map(({ about }) => about);

/** A preset's text with one place changed; the place must be there. */
function changed(name: PresetName, from: string | RegExp, to: string): string {
  const text = presetText(name);
  const after = text.replace(from, to);
  expect(after).to.not.equal(text);
  return after;
}

describe('preset check', () => {
  it('finds no problem in any preset or variant that comes with lode', () => {
    for (const name of PRESETS) {
      for (const { variant, ok, problems } of checkWithVariants(presetText(name))) {
        expect({ name, variant, ok, problems }).to.deep.equal({ name, variant, ok: true, problems: [] });
      }
    }
  });

  it('finds every number of the four presets with its source', () => {
    for (const name of PRESETS) {
      for (const one of checkWithVariants(presetText(name))) {
        expect(findings(one, 'warning', 'source'), `${name} ${one.variant}`).to.deep.equal([]);
      }
    }
  });

  it('tells all problems at once, each with path and line', () => {
    const text = presetText('lingoai')
      .replace('"id": "2",', '"id": 2,')
      .replace('"period": "year"', '"period": "week"')
      .replace('"challenge": {', '"challenge": { "windwo": "1",')
      .replace(/"points": \{\s+"value": "1"/, '"points": { "value": "-1"');
    const { ok, problems, findings: none } = checkPreset(text);
    expect({ ok, none }).to.deep.equal({ ok: false, none: [] });
    expect(problems.map(({ path }) => path).sort()).to.deep.equal([
      '/challenge/windwo',
      '/curve/period',
      '/policy/tasks/data-contribution/measures/units/points',
      '/tasks/1/id',
    ]);
    for (const { path, line } of problems) {
      const key = path.split('/').at(-1) ?? '';
      expect(text.split('\n')[(line ?? 0) - 1], path).to.contain(`"${key}"`);
    }
  });

  it('tells the line of a value that stands inside a note', () => {
    const text = changed('lingopod', '"minutes": { "points": "1", "dailyCap": "240" }', '"minutes": { "points": "x" }');
    const [problem] = checkPreset(text).problems;
    expect(problem?.path).to.equal('/policy/tasks/voice-corpus/measures/minutes/points');
    expect(text.split('\n')[(problem?.line ?? 0) - 1]).to.contain('"points": "x"');
  });

  it('refuses a note without a reason, and one with something else in it', () => {
    const note = '"value": "12%", "source": "published", "why": "Share of the first 12 months."';
    const text = changed('lingopod', note, '"value": "12%", "source": "published", "why": "", "who": "me"');
    expect(checkPreset(text).problems.map(({ path, reason }) => `${path}: ${reason}`)).to.deep.equal([
      '/announced/1/value: a number with a source needs its "why" in words',
      '/announced/1/value/who: unknown key beside "value", "source" and "why"',
    ]);
  });

  /** Path and reason of every problem. */
  const refusals = (text: string, variant?: string) =>
    checkPreset(text, variant).problems.map(({ path, reason }) => `${path}: ${reason}`);

  it('tells what sections say against each other, whatever is wrong with a third', () => {
    const window = changed('tnet', '"8 hours"', '"13 hours"');
    for (const [from, to, path] of [
      [/"total": \{ "value": "6000000000"/, '"total": { "value": "-1"', '/curve/total'],
      ['"2018-09-01"', '"x"', '/start/date'],
      ['"unitPool": null', '"unitPool": null, "foo": 1', '/foo'],
    ] as const) {
      const paths = checkPreset(window.replace(from, to)).problems.map((problem) => problem.path);
      expect(paths.sort()).to.deep.equal([path, '/challenge/window'].sort());
    }
  });

  it('tells a renamed task at each place that does not know it', () => {
    expect(refusals(changed('tnet', '"name": "inference"', '"name": "inferenc"'))).to.deep.equal([
      '/ledgerTasks/infer: no task is called inference',
      '/policy/tasks: the policy has no rules for the task inferenc in epoch 0',
    ]);
  });

  it('refuses the zero address, of an allocation and of the foundation', () => {
    const nobody = `0x${'0'.repeat(40)}`;
    const genesis = `"genesis": [{ "to": "${nobody}", "amount": "1", "label": "x" }]`;
    expect(refusals(changed('tnet', '"genesis": []', genesis))).to.deep.equal([
      '/token/genesis/0/to: the zero address is nobody',
    ]);
    expect(refusals(changed('tnet', '"account": null', `"account": "${nobody}"`))).to.deep.equal([
      '/foundation/account: the zero address is nobody',
    ]);
    expect(findings(check('tnet'), 'note', 'foundation')[0]?.message).to.contain('The deployment has to name');
  });

  it('refuses a threshold that the governor would, and warns of a hand-over that opens at once', () => {
    const threshold = (tokens: string) =>
      changed('tnet', /"proposalThreshold": \{\s+"value": "1000000"/, `"proposalThreshold": { "value": "${tokens}"`);
    expect(refusals(threshold('60000000'))).to.deep.equal([]);
    expect(refusals(threshold('60000000.1'))).to.deep.equal([
      '/governance/proposalThreshold: it is at most a hundredth of all tokens there will ever be: 60000000',
    ]);
    const open = (days: number) => checkPreset(changed('tnet', '"1095 days"', `"${days} days"`));
    expect(findings(open(29), 'warning', 'handover')).to.have.length(1);
    expect(findings(open(30), 'warning', 'handover')).to.deep.equal([]);
  });

  it('names the bounds of the policy, and how many decimals it takes', () => {
    const most = (text: string) =>
      refusals(changed('langx', '"most": { "value": "10"', `"most": { "value": "${text}"`))[0];
    const at = '/policy/tasks/messages/multipliers/badges/most';
    expect(most('1001')).to.equal(`${at}: "1001" is not a factor: it is outside its bounds, 1 to 1000`);
    expect(most('9'.repeat(60))).to.match(/: it is outside its bounds, 1 to 1000$/);
    expect(most('1.2345678')).to.contain('expected plain digits, at most 6 decimals');
    const units = refusals(changed('langx', '"dailyCap": { "value": "100"', '"dailyCap": { "value": "1.5"'))[0];
    expect(units).to.contain('expected plain digits, a whole number');
    const tokens = refusals(
      changed('langx', '"amount": { "value": "10000"', `"amount": { "value": "1.${'1'.repeat(19)}"`),
    );
    expect(tokens[0]).to.contain('at most 60 digits and 18 decimals');
  });

  for (const [name, variant, from, to, path] of [
    [
      'tnet',
      'registered',
      '"dailyCap": {\n          "value": "100000"',
      '"dailyCap": {\n          "value": "x"',
      '/policy/tasks/datasets/dailyCap',
    ],
    ['lingopod', 'demo', '"units": { "value": "10000"', '"units": { "value": "x"', '/unitPool/units'],
    ['tnet', 'registered', '"badges": ["registered"]', '"badges": [""], "agee": "1"', '/policy/eligibility/agee'],
  ] as const) {
    it(`tells the line of ${path} where it stands, with the variant ${variant} of ${name}`, () => {
      const text = changed(name, from, to);
      const [problem] = checkPreset(text, variant).problems;
      expect(problem?.path).to.equal(path);
      const key = path.split('/').at(-1) ?? '';
      const at = key === 'agee' ? text.indexOf('"agee"') : text.indexOf(to);
      expect(problem?.line).to.equal(text.slice(0, at).split('\n').length);
    });
  }

  it('takes a byte order mark, and refuses what is not UTF-8', () => {
    expect(checkPreset(`\uFEFF${presetText('tnet')}`)).to.deep.equal(check('tnet'));
    const bytes = Buffer.from(presetText('tnet'));
    bytes[bytes.indexOf('TuringNet')] = 0xff;
    expect(refusals(bytes.toString('utf8'))).to.deep.equal([
      ': the file is not UTF-8: a character here cannot be read',
    ]);
  });

  it('tells what is no JSON in words, once', () => {
    const text = presetText('tnet');
    expect(refusals(text.slice(0, 3000))).to.have.length(1);
    expect(refusals('{"a": {"b": {')[0]).to.match(/^: a (key in double quotes is expected|closing brace)/);
    expect(refusals("{'a': 1}")[0]).to.match(/double quotes/);
    for (const broken of ['{"a" 1}', '{"a": 1 "b": 2}', '{"a": "x}', '{"a": 1}}', '{"a": 1e}', '{"a": "\\q"}', '/*']) {
      const [reason = '', ...more] = refusals(broken);
      expect(more).to.deep.equal([]);
      expect(reason).to.match(/^: [a-z]/);
    }
  });

  it('tells a number that does not say where it comes from', () => {
    const text = changed('langx', /"amount": \{[^}]+\}/, '"amount": "10000"');
    expect(findings(checkPreset(text), 'warning').map(({ path, message }) => `${path} ${message}`)).to.deep.equal([
      '/curve/amount 10000 does not say where it comes from: published, derived or assumed.',
    ]);
  });
});

describe('announced figures are computed, never believed', () => {
  it('lingopod: the printed first month and decline come to 12.25 B, so 4.25 B are never emitted', () => {
    const [sum] = findings(check('lingopod'), 'contradiction', 'geometric-sum');
    expect(sum?.message).to.contain('Computed: 12,250,000,000; 4,250,000,000 of the announced 16,500,000,000');
    expect(sum?.figures['computed']).to.equal('12250000000.000006220532222201');
    const [total] = findings(check('lingopod', 'published'), 'contradiction', 'curve-total');
    expect(total?.message).to.contain('4,250,000,000 of the announced 16,500,000,000 are never emitted');
    expect(findings(check('lingopod', 'calibrated'), 'agrees', 'curve-total')).to.have.length(1);
  });

  it('lingopod: 12.48 % against 12 %', () => {
    for (const variant of [undefined, 'published']) {
      const [share] = findings(check('lingopod', variant), 'contradiction', 'geometric-share');
      expect(share?.message).to.contain('Computed: 12.4801 %, not 12 %.');
    }
    expect(findings(check('lingopod', 'published'), 'contradiction', 'curve-share')).to.have.length(1);
    expect(findings(check('lingopod'), 'agrees', 'curve-share')).to.have.length(1);
  });

  it('lingopod: 38.5 B have no published curve', () => {
    for (const variant of [undefined, 'published']) {
      const [gap] = findings(check('lingopod', variant), 'gap', 'allocation');
      expect(gap?.message).to.contain('the other 38,500,000,000 have no published curve');
    }
  });

  it('lingopod: lambda and n_ref stand in no formula', () => {
    const [unused] = findings(check('lingopod'), 'contradiction', 'unused');
    expect(unused?.message).to.contain('No published formula uses λ (difficulty factor) or n_ref.');
  });

  it('lingopod: each variant keeps what it says it keeps', () => {
    const printed = ['curve-decline', 'curve-period'];
    expect(abouts(check('lingopod', 'published'), 'agrees')).to.include.members(printed);
    expect(abouts(check('lingopod'), 'contradiction')).to.include.members(printed);
  });

  it('lingopod: the seven y values agree', () => {
    expect(findings(check('lingopod'), 'agrees', 'withheld')).to.have.length(7);
    const wrong = checkPreset(changed('lingopod', '0.7000000006186333', '0.7000000007'));
    expect(findings(wrong, 'contradiction', 'withheld')).to.have.length(1);
  });

  it('lingopod: the law counts accounts, and only `devices` has a rule who counts', () => {
    expect(findings(check('lingopod'), 'warning', 'eligibility')).to.have.length(1);
    expect(findings(check('lingopod', 'devices'), 'warning', 'eligibility')).to.deep.equal([]);
    expect(findings(check('lingoai'), 'warning', 'eligibility')).to.deep.equal([]);
    expect(findings(check('lingoai', 'demo'), 'warning', 'eligibility')).to.have.length(1);
  });

  it('langx: 1105 of 50,000 is 0.0221 and 221 tokens; the printed 0.0432 and 432 are misprints', () => {
    const langx = check('langx');
    const shown = (level: FindingLevel) =>
      [...findings(langx, level, 'score-share'), ...findings(langx, level, 'score-tokens')].map(
        ({ figures }) => `${figures['announced']} ${figures['computed']}`,
      );
    expect(shown('contradiction')).to.deep.equal(['0.0432 0.0221', '432 221']);
    expect(shown('agrees')).to.deep.equal(['0.0221 0.0221', '0.1083 0.108333333333333333', '221 221']);
  });

  it('langx: an example pays 10.83 %, which is no very small percentage; `strict` would cut it', () => {
    expect(findings(check('langx'), 'agrees', 'score-under-cap')).to.have.length(1);
    const words = findings(check('langx'), 'contradiction', 'words').map(({ message }) => message);
    expect(words[0]).to.contain('a very small percentage');
    expect(words[1]).to.contain('paid on top of the 10,000, and the limit per person applies to the sum');
    expect(findings(check('langx', 'strict'), 'contradiction', 'score-under-cap')).to.have.length(1);
  });

  it('langx: all badges together stay under their limit', () => {
    const [badges] = findings(check('langx'), 'note', 'badge-factor');
    expect(badges?.figures).to.deep.equal({ announced: '10', computed: '5', difference: '-5' });
    expect(badges?.message).to.contain('come to 5 (4.9 without what is assumed: Referrer): the limit never acts.');
    expect(findings(check('langx'), 'agrees', 'badge-factor')[0]?.figures).to.include({ computed: '3.1' });
    const dearer = checkPreset(changed('langx', '"Teacher": { "value": "0.1"', '"Teacher": { "value": "0.2"'));
    expect(findings(dearer, 'contradiction', 'badge-factor')[0]?.message).to.contain('Computed: 3.2, not 3.1.');
  });

  for (const [what, from, to, score] of [
    ['points', '"points": { "value": "10", "source": "published", "why": "text · 10" }', '"points": "99"', '7157'],
    [
      'cap',
      '"dailyCap": { "value": "100", "source": "published", "why": "Daily cap of texts." }',
      '"dailyCap": "79"',
      '1096.5',
    ],
    ['measured', '"per": { "value": "120"', '"per": { "value": "60"', '2210'],
    ['streak', '"per": { "value": "10"', '"per": { "value": "20"', '552.5'],
    ['badge', '"value": "0.2", "source"', '"value": "0.3", "source"', '1170'],
  ] as const) {
    it(`langx: the worked example is computed by the policy, so another ${what} contradicts it`, () => {
      const wrong = checkPreset(changed('langx', from, to));
      const [found] = findings(wrong, 'contradiction', 'score');
      expect(found?.figures).to.include({ announced: '1105', computed: score });
      expect(findings(wrong, 'contradiction', 'score-share')).to.have.length(2);
      expect(findings(wrong, 'contradiction', 'score-tokens')).to.have.length(2);
    });
  }

  it('langx: of the second example only the division can be checked, and that is said', () => {
    const shares = findings(check('langx'), 'agrees', 'score-share').map(({ message }) => message);
    expect(shares[0]).to.contain('By the policy the work scores 1,105.');
    expect(shares[1]).to.contain('Only the division is checked: no work is published behind this score.');
  });

  it('lingopod: a task has its part of the 55 B, and the curve gives it less', () => {
    const gaps = findings(check('lingopod'), 'gap', 'task-allocation');
    expect(gaps[0]?.message).to.contain(
      'That is 30 % of the announced 55,000,000,000. The curve of this file gives the task 4,950,000,000 of its 16,500,000,000.',
    );
    expect(gaps).to.have.length(5);
    expect(findings(check('lingopod'), 'agrees', 'task-allocation')).to.deep.equal([]);
  });

  it('tnet: ends on the last day of 2026', () => {
    expect(findings(check('tnet'), 'agrees', 'curve-end')).to.have.length(1);
    const late = checkPreset(changed('tnet', '"2018-09-01"', '"2018-10-01"'));
    expect(findings(late, 'contradiction', 'curve-end')[0]?.message).to.contain('2027-01-31, not 2026-12-31');
  });

  it('lingoai: three phases, and nothing contradicts', () => {
    expect(abouts(check('lingoai'), 'agrees')).to.deep.equal([
      'curve-total',
      ...Array<string>(3).fill('curve-phase'),
      'curve-falls',
      'curve-never-zero',
      ...Array<string>(4).fill('task-share'),
    ]);
    expect(abouts(check('lingoai'), 'contradiction')).to.deep.equal([]);
  });

  it('lingoai: a year above the one before is told', () => {
    const text = changed('lingoai', '["25%", "22%", "20%", "18%", "15%"]', '["25%", "20%", "22%", "18%", "15%"]');
    const [warning] = findings(checkPreset(text), 'warning', 'curve');
    expect(warning?.message).to.equal('The curve rises: year 3 emits 4,455,000,000, the one before 4,050,000,000.');
    expect(findings(checkPreset(text), 'contradiction', 'curve-falls')[0]?.message).to.contain(
      'Computed: year 3 emits 4,455,000,000, the one before 4,050,000,000.',
    );
  });

  it('lingoai: two years alike, an empty year and other task shares contradict what is announced', () => {
    const shares = '["25%", "22%", "20%", "18%", "15%"]';
    const alike = checkPreset(changed('lingoai', shares, '["25%", "22%", "20%", "16.5%", "16.5%"]'));
    expect(findings(alike, 'contradiction', 'curve-falls')).to.have.length(1);
    const empty = checkPreset(changed('lingoai', shares, '["25%", "22%", "20%", "33%", "0%"]'));
    expect(findings(empty, 'contradiction', 'curve-never-zero')[0]?.message).to.contain('year 5 emits nothing.');
    const text = changed('lingoai', /"weight": \{\s*"value": "40%"/, '"weight": { "value": "35%"');
    const other = text.replace(/"weight": \{\s*"value": "20%"/, '"weight": { "value": "25%"');
    expect(findings(checkPreset(other), 'contradiction', 'task-share').map(({ message }) => message)).to.deep.equal([
      '“Data contribution: 40 %.” Computed: 35 %, not 40 %.',
      '“Data processing: 20 %.” Computed: 25 %, not 20 %.',
    ]);
  });

  it('what is merely not published is assumed, and a day that was read into a month is derived', () => {
    for (const name of PRESETS) {
      const { provenance } = loadPreset(presetText(name));
      const merely = provenance.filter(({ why }) => /No limit|no share|No acceleration|is mentioned/.test(why));
      expect(merely.map(({ source }) => source)).to.deep.equal(merely.map(() => 'assumed'));
      expect(merely, name).to.not.deep.equal([]);
    }
    const sources = new Map(loadPreset(presetText('tnet')).provenance.map(({ path, source }) => [path, source]));
    expect(sources.get('/start/date')).to.equal('derived');
    expect(sources.get('/announced/1/value')).to.equal('derived');
  });
});

describe('figures in sentences', () => {
  it('are rounded half up and grouped', () => {
    expect(inTokens(4_249_999_999_999_993_779_467_777_799n)).to.equal('4,250,000,000');
    expect(inTokens(1_005_000_000_000_000_000n)).to.equal('1.01');
    expect(inTokens(0n)).to.equal('0');
    expect(inPercent(10n ** 18n / 3n)).to.equal('33.3333 %');
    expect(inPercent(-(10n ** 18n) / 2n)).to.equal('-50 %');
  });
});
