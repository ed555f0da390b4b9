import { createRequire } from 'node:module';

import { expect } from 'chai';
import { parse } from 'jsonc-parser';

import { presetJsonSchema, presetSchemaFile } from '../../scripts/snapshots/preset-schema.ts';
import { PRESETS, presetText } from '../support/presets.ts';
import { matchPage } from '../support/snapshot.ts';

interface Validator {
  (data: unknown): boolean;
  readonly errors?: readonly { readonly dataPath: string; readonly message?: string }[] | null;
}

/** The validator that the linter brings along. */
function validator(): Validator {
  const fromEslint = createRequire(createRequire(import.meta.url).resolve('eslint'));
  const Ajv = fromEslint('ajv') as new (options: object) => { compile: (schema: object) => Validator };
  return new Ajv({ unknownFormats: 'ignore' }).compile(presetJsonSchema());
}

describe('presets/preset.schema.json', () => {
  const validate = validator();

  it('is what the program itself goes by', async () => {
    matchPage('presets/preset.schema.json', await presetSchemaFile());
  });

  for (const name of PRESETS) {
    it(`takes ${name}, which names it`, () => {
      const data = parse(presetText(name)) as { $schema: string };
      expect(data.$schema).to.equal('../preset.schema.json');
      expect(validate(data), JSON.stringify(validate.errors?.slice(0, 5))).to.equal(true);
    });
  }

  for (const [what, from, to] of [
    ['an unknown key', '"challenge": {', '"challenge": { "windwo": "1", '],
    ['a number without quotes', '"id": "2",', '"id": 2,'],
    ['a number in another spelling', '"6000000000"', '"6,000,000,000"'],
    ['a source that is none', '"source": "published", "why": "6 B', '"source": "rumour", "why": "6 B'],
    ['a curve of an unknown kind', '"kind": "even"', '"kind": "evn"'],
    ['an unknown key of the policy', '"minimumScore": {', '"minimum": {'],
    ['an unknown key of a variant', '"set": {', '"set": { "cap": "1",'],
  ] as const) {
    it(`refuses ${what}`, () => {
      const text = presetText('tnet').replace(from, to);
      expect(text).to.not.equal(presetText('tnet'));
      expect(validate(parse(text))).to.equal(false);
    });
  }
});
