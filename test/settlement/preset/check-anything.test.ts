import { expect } from 'chai';
import { parse } from 'jsonc-parser';

import { checkPreset } from '../../../src/settlement/preset/check/check-preset.ts';
import { isObject } from '../../../src/settlement/preset/take-notes.ts';
import { runs } from '../../support/effort.ts';
import { PRESETS, presetText } from '../../support/presets.ts';

/** What may stand anywhere in a file that somebody edits. */
const JUNK: readonly unknown[] = [
  '',
  '0',
  '-1',
  '1',
  '100%',
  '99999999999999999999',
  '0 days',
  '1/0',
  'x',
  7,
  null,
  [],
  {},
];

type Step = string | number;

function paths(value: unknown, path: readonly Step[] = []): (readonly Step[])[] {
  const below = Array.isArray(value)
    ? value.flatMap((entry, index) => paths(entry, [...path, index]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, entry]) => paths(entry, [...path, key]))
      : [];
  return path.length === 0 ? below : [path, ...below];
}

function replaced(value: unknown, [step, ...rest]: readonly Step[], by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((entry: unknown, index): unknown => (index === step ? replaced(entry, rest, by) : entry));
  if (!isObject(value)) return value;
  return { ...value, [step]: replaced(value[step], rest, by) };
}

describe('a preset file with anything anywhere', () => {
  for (const name of PRESETS) {
    it(`${name}: is checked or refused with a reason, and nothing fails`, function () {
      this.timeout(runs(60_000, 1_200_000));
      const data: unknown = parse(presetText(name));
      const every = runs(23, 1);
      let index = 0;
      for (const path of paths(data)) {
        for (const junk of JUNK) {
          index += 1;
          if (index % every !== 0) continue;
          const { ok, problems, findings } = checkPreset(JSON.stringify(replaced(data, path, junk)));
          expect(ok, `${path.join('/')} = ${JSON.stringify(junk)}`).to.equal(problems.length === 0);
          expect(ok || findings.length === 0).to.equal(true);
          expect(problems.every(({ reason }) => reason.length > 0)).to.equal(true);
        }
      }
    });
  }
});
