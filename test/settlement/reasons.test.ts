import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { parse } from 'jsonc-parser';

import { parseDeploymentParameters } from '../../deploy/parameters.ts';
import { parseAddressBook } from '../../src/chain/address-book.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { parseChanges, withChanges } from '../../src/settlement/governed-changes.ts';
import { parsePolicy } from '../../src/settlement/policy/parse-policy.ts';
import { loadPreset, readPreset } from '../../src/settlement/preset/load-preset.ts';
import { presetParameters } from '../../src/settlement/preset/preset-parameters.ts';
import { parseExplanations } from '../../src/settlement/report/explanation-schema.ts';
import { inputsSchema } from '../../src/settlement/report/inputs-file.ts';
import { ineligibleSchema, parseReportFile, shardSchema } from '../../src/settlement/report/report-schema.ts';

const LINGOAI = readFileSync(new URL('../../presets/lingoai/preset.jsonc', import.meta.url), 'utf8');
const names = (count: number, name: (at: number) => string) => Array.from({ length: count }, (_, at) => name(at));
const record = <T>(keys: readonly string[], value: T) => Object.fromEntries(keys.map((key) => [key, value]));

const LAW = { a: '0.5', b: '1', c: '100', alpha: '0.5', priceRef: '1' };

/** Every rule of a preset, by the place and the value that break it; nothing takes a key away. */
const PRESET: readonly (readonly [reason: string, path: string, value?: unknown])[] = [
  ['a cap is 0.001 to 1', 'accountCap', '0.0001'],
  ['a cohort has at least 1 epoch', 'release.cohortEpochs', '0'],
  ['a curve is of the kind "phases", "even", "geometric" or "constant"', 'curve', { kind: 'steep', total: '1' }],
  ['a quorum is 0.01 to 0.5', 'governance.quorum', '60%'],
  ['a second task is called data-contribution', 'tasks.1.name', 'data-contribution'],
  ['a task id is 1 to 65535', 'tasks.3.id', '65536'],
  ['alpha is at most 1', 'reserve.law', { ...LAW, alpha: '1.5' }],
  ['an allocation of nothing is none', 'token.genesis', [{ to: `0x${'1'.repeat(40)}`, amount: '0', label: 'nobody' }]],
  ['b is above 0 and at most 10', 'reserve.law', { ...LAW, b: '11' }],
  ['c is at most 1e12 participants', 'reserve.law', { ...LAW, c: '1000000000001' }],
  ['expected a name in small letters, digits and hyphens', 'name', 'Lingo AI'],
  ['it is above 0', 'announced', [{ kind: 'score-under-cap', score: '1', of: '0', where: 'a paper', says: 'a score' }]],
  ['it is above 0 and below 2^128 wei', 'governance.handover.minimumVotes', '0'],
  ['it is at most 20 years', 'governance.handover.openAfter', '7400 days'],
  ['it is at most the voting period', 'governance.votingPeriod', '1 hours'],
  ['it is below 2^128 wei', 'governance.proposalThreshold', `${2n ** 128n}`],
  ['the capital letters of this address do not match', 'foundation.account', `0x${'aB'.repeat(20)}`],
  ['smoothing is 2 to 3650 epochs', 'reserve.smoothing', '1'],
  ['task ids must rise', 'tasks.2.id', '2'],
  ['the bond is 0.001 to 1000', 'challenge.bond', '1001'],
  ['the bound is at most 1', 'accelerationBound', '101%'],
  ['the foundation earns less than half', 'foundation.share', '50%'],
  ['the reference price is above 0', 'reserve.law', { ...LAW, priceRef: '0' }],
  ['the window is at least 6 hours', 'challenge.window', '5 hours'],
  ['this kind of announcement is not known; docs/presets.md lists them', 'announced', [{ kind: 'rumour' }]],
  ['missing: figures of voting are given together or not at all', 'governance.quorum'],
];

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The document with another value at a path. */
function altered(document: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (isList(document)) return document.map((each, at) => (`${at}` === step ? altered(each, rest, value) : each));
  const before = document as Readonly<Record<string, unknown>>; // a preset's
  return { ...before, [step]: altered(before[step], rest, value) };
}

const VOICE = { minimumScore: '1', measures: { units: { points: '2' } } };
const policy = (changes: object = {}) => ({ format: 'lode-policy-v1', tasks: { voice: VOICE }, ...changes });
const task = (changes: object) => policy({ tasks: { voice: { ...VOICE, ...changes } } });
const multiplied = (multipliers: object, changes: object = {}) => task({ multipliers, ...changes });
const rated = (changes: object) => multiplied({ quality: { attribute: 'rating', unrated: '1', ...changes } });
const overlaid = (...overlays: object[]) => policy({ overlays });
const SCARCE = { window: '13', reference: '0.05', most: '3', unseen: '1' };
const badges = (factors: object) => multiplied({ badges: { factors, most: '4' } });
const capped = (count: number) =>
  record(
    names(count, (at) => `m${at}`),
    { points: '1', dailyCap: '2' },
  );

/** Every rule of a policy, by a document that breaks it. */
const POLICY: readonly (readonly [reason: string, document: object])[] = [
  ['a badge has at most 64 characters', badges({ ['x'.repeat(65)]: '1' })],
  ['a label has at most 64 characters', rated({ levels: { ['x'.repeat(65)]: '1' } })],
  ['a label has no invisible characters and one spelling', rated({ levels: { 'a\u200bb': '1' } })],
  ['a label is not empty', rated({ levels: { '': '1' } })],
  ['a measure is named in small letters, digits and _ . -', task({ measures: { Units: { points: '1' } } })],
  ['a measure that multiplies needs a dailyCap of at most', multiplied({ measured: { units: { per: '1' } } })],
  ['a new measure needs points', overlaid({ from: '5', tasks: { voice: { measures: { pages: { dailyCap: '5' } } } } })],
  ['a new task needs a minimum score', overlaid({ from: '5', tasks: { text: { measures: VOICE.measures } } })],
  ['a task is named in small letters, digits and hyphens', policy({ tasks: { Voice: VOICE } })],
  [
    'all multipliers together look at more than 32 attributes',
    policy({
      tasks: Object.fromEntries(
        names(5, (at) => `t${at}`).map((name, at) => [
          name,
          {
            ...VOICE,
            multipliers: {
              scarcity: record(
                names(8, (n) => `a${at}.${n}`),
                { ...SCARCE, most: '1' },
              ),
            },
          },
        ]),
      ),
    }),
  ],
  [
    'all multipliers together use more than 32 measures',
    policy({
      tasks: Object.fromEntries(
        names(5, (at) => `t${at}`).map((name, at) => {
          const own = names(8, (n) => `m${at}.${n}`);
          const multipliers = { measured: record(own, { per: '2' }) };
          return [name, { minimumScore: '1', measures: record(own, { points: '1', dailyCap: '2' }), multipliers }];
        }),
      ),
    }),
  ],
  [
    'an attribute is named in small letters, digits and _ . -',
    multiplied({ quality: { attribute: 'Rating', unrated: '1', least: '0', most: '1' } }),
  ],
  ['eligibility needs badges, age or allow', policy({ eligibility: {} })],
  ['in quotes, such as "1"', task({ minimumScore: 1 })],
  ['it is above most', rated({ least: '2', most: '1' })],
  ['it is not a whole score with 0 decimals, from 1 to 2^96 - 1', task({ minimumScore: '0.5' })],
  ['it stands beside levels, which have their own factors', rated({ levels: { gold: '1' }, most: '1' })],
  ['no badge of a ledger can be spelled like this', badges({ 'a\u200bb': '1' })],
  ['quality needs levels, or least and most', rated({})],
  ['ratings as numbers need least and most', rated({ least: '1' })],
  ['the overlay before it has not ended', overlaid({ from: '2', until: '9' }, { from: '8' })],
  ['the overlay ends before it acts', overlaid({ from: '5', until: '5' })],
  ['the task has no measure', overlaid({ from: '5', tasks: { voice: { measures: { units: null } } } })],
  ['the task has no such measure', multiplied({ measured: { pages: { per: '1' } } })],
  [
    `there are more than 1000 levels`,
    rated({
      levels: record(
        names(1001, (at) => `l${at}`),
        '1',
      ),
    }),
  ],
  [
    'there are more than 1000 values',
    multiplied({ scarcity: { a: { ...SCARCE, values: names(1001, (at) => `v${at}`) } } }),
  ],
  ['there is no such measure to take away', overlaid({ from: '5', tasks: { voice: { measures: { pages: null } } } })],
  ['there is no task', policy({ tasks: {} })],
  ['there is nothing to take away', overlaid({ from: '5', eligibility: null })],
  [
    'this column is part of every contribution and no attribute',
    multiplied({ quality: { attribute: 'account', unrated: '1', least: '0', most: '1' } }),
  ],
  ['this stands here twice', multiplied({ scarcity: { a: { ...SCARCE, values: ['de', 'de'] } } })],
  [
    'together the largest factors come to more than 1000',
    multiplied({ streak: { per: '1', most: '1000' }, badges: { factors: { a: '1' }, most: '2' } }),
  ],
  [
    'with what it is laid over there are more than 8',
    policy({
      tasks: {
        voice: {
          ...VOICE,
          measures: capped(9),
          multipliers: {
            measured: record(
              names(8, (at) => `m${at}`),
              { per: '2' },
            ),
          },
        },
      },
      overlays: [{ from: '5', tasks: { voice: { multipliers: { measured: { m8: { per: '2' } } } } } }],
    }),
  ],
  [
    ': expected plain digits, a whole number, no zero at an end that could be left out',
    multiplied({ streak: { per: '1.5', most: '2' } }),
  ],
  [
    ': expected plain digits, at most 6 decimals, no zero at an end that could be left out',
    task({ measures: { units: { points: '1.50' } } }),
  ],
];

const EVENLY = record(
  ['data-contribution', 'data-processing', 'cross-lingual-llm', 'validation'],
  `${10n ** 18n / 4n}`,
);

/** Rules of a file of changes. */
const CHANGES: readonly (readonly [reason: string, changes: object])[] = [
  ['a task has this id already', { tasks: [{ id: 1, name: 'new' }] }],
  ['a task has this name already', { tasks: [{ id: 9, name: 'validation' }] }],
  ['epochs must rise', { deposits: [5, 5].map((epoch) => ({ epoch, amount: '1' })) }],
  ['not by rising address, each once', { contracts: ['22', '11'].map((byte) => `0x${byte.repeat(20)}`) }],
  ['the preset has no such task', { weights: [{ from: 1, tasks: { typing: `${10n ** 18n}` } }] }],
  ['not after the change before it', { weights: [5, 5].map((from) => ({ from, tasks: EVENLY })) }],
];

function reasonOf(read: () => unknown, code: string): string {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== code) throw error;
    return error.shortMessage;
  }
  throw new Error('it was taken');
}

describe('the reasons behind a code', () => {
  for (const [reason, path, value] of PRESET) {
    it(`PRESET_INVALID: ${reason}`, () => {
      const text = JSON.stringify(altered(parse(LINGOAI), path.split('.'), value));
      const reasons = readPreset(text).problems.map((problem) => problem.reason);
      expect(reasons.filter((each) => each.includes(reason))).not.to.deep.equal([], reasons.join('\n'));
    });
  }

  for (const [reason, document] of POLICY) {
    it(`POLICY_INVALID: ${reason}`, () => {
      expect(reasonOf(() => parsePolicy(document), 'POLICY_INVALID')).to.contain(reason);
    });
  }

  const parameters = presetParameters(loadPreset(LINGOAI), 1_700_000_000);
  for (const [reason, changes] of CHANGES) {
    it(`CHANGES_INVALID: ${reason}`, () => {
      const text = JSON.stringify({ format: 'lode-changes-v1', ...changes });
      expect(reasonOf(() => withChanges(parameters, parseChanges(text)), 'CHANGES_INVALID')).to.contain(reason);
    });
  }

  const INPUT = { role: 'preset', name: 'p.jsonc', sha256: 'a'.repeat(64), bytes: 1, cid: `bafkrei${'a'.repeat(52)}` };
  for (const [reason, path, input] of [
    ['not the role of an input', 'inputs.0.role', 'Preset'],
    ['not a sha-256 of 64 lower-case digits', 'inputs.0.sha256', 'A'.repeat(64)],
    ['not a content id', 'inputs.0.cid', 'Qm'],
  ] as const) {
    it(`REPORT_INVALID: ${reason}`, () => {
      const whole = { format: 'lode-inputs-v1', epoch: 1, variant: null, map: {}, inputs: [INPUT] };
      const read = (document: unknown) => () =>
        parseReportFile(inputsSchema, 'inputs.json', new TextEncoder().encode(JSON.stringify(document)));
      expect(read(whole)()).to.deep.equal(whole);
      expect(reasonOf(read(altered(whole, path.split('.'), input)), 'REPORT_INVALID')).to.contain(reason);
    });
  }

  it('REPORT_INVALID: amounts that are none, and accounts out of their order', () => {
    const bytes = (document: object) => new TextEncoder().encode(JSON.stringify(document));
    const [low, high] = ['11', '22'].map((byte) => `0x${byte.repeat(20)}`);
    const accounts = [high, low].map((account) => ({ account, reason: 'too-young' }));
    const ineligible = bytes({ format: 'lode-ineligible-v1', epoch: 1, accounts });
    expect(
      reasonOf(() => parseReportFile(ineligibleSchema, 'ineligible.json', ineligible), 'REPORT_INVALID'),
    ).to.contain('the accounts do not rise');
    const leaves = [[low, '01', [], 0]];
    const shard = { format: 'lode-shard-v1', epoch: 1, root: `0x${'1'.repeat(64)}`, leafCount: 1, prefix: 0 };
    const file = bytes({ ...shard, ...{ prefixBits: 0, first: 0, audits: [], leaves, left: [], right: [] } });
    expect(reasonOf(() => parseReportFile(shardSchema, 'shards/0.json', file), 'REPORT_INVALID')).to.contain(
      'not a whole number in decimal digits',
    );
  });

  it('REPORT_INVALID: explanations that are none, or do not belong where they stand', () => {
    const account = `0x${'11'.repeat(20)}`;
    const factor = { kind: 'streak', numerator: '1', denominator: '0' };
    const day = { task: 1, day: 1, earned: '1', capped: '1', factors: [factor], kept: '1' };
    const entry = { account, rows: [], days: [day], tasks: [], eligibility: null };
    const head = { format: 'lode-explanations-v1', epoch: 1, decimals: 6, prefix: 0, prefixBits: 1 };
    const read = (document: object, path: string, prefixBits = 1) =>
      reasonOf(() => {
        const bytes = new TextEncoder().encode(JSON.stringify({ ...head, accounts: [], ...document }));
        return parseExplanations(path, bytes, { epoch: 1, prefixBits });
      }, 'REPORT_INVALID');
    expect(read({ accounts: [entry] }, 'explanations/0.json')).to.contain('nothing can be divided by 0');
    const strange = 'not the explanations that belong there';
    expect(read({}, 'explanations/1.json'), 'another name').to.contain(strange);
    expect(read({}, 'explanations/0.json', 2), 'another tree').to.contain(strange);
    expect(read({ epoch: 2 }, 'explanations/0.json'), 'another epoch').to.contain(strange);
    const other = { ...entry, days: [], account: `0x${'99'.repeat(20)}` };
    expect(read({ accounts: [other] }, 'explanations/0.json'), 'another shard').to.contain(strange);
  });

  it('ADDRESS_BOOK_INVALID, PARAMETERS_INVALID: addresses and times that are none', () => {
    const book = { format: 'lode-addresses-v1', chainId: 1, startBlock: 0 };
    const preset = { name: 'x', variant: null, hash: `0x${'1'.repeat(64)}` };
    const contracts = { authority: '0x12' };
    const text = JSON.stringify({ ...book, preset, contracts });
    expect(reasonOf(() => parseAddressBook(text), 'ADDRESS_BOOK_INVALID')).to.contain('authority: not an address');
    const start = JSON.stringify({ format: 'lode-deployment-v1', preset: 'p', variant: null, start: 'soon' });
    expect(reasonOf(() => parseDeploymentParameters(start), 'PARAMETERS_INVALID')).to.contain(
      'expected a time such as 2027-01-01T00:00:00Z',
    );
  });
});
