import { format } from 'prettier';
import { z } from 'zod';

import { presetSchema } from '../../src/settlement/preset/preset-schema.ts';
import { SOURCES } from '../../src/settlement/preset/take-notes.ts';
import { forEditors, policyNodes } from './policy-schema.ts';

type Node = Readonly<Record<string, unknown>>;

/** Another draft's name, which stands for the whole file only. */
const DRAFT = '$schema';

/**
 * The JSON Schema of a preset file, for editors: the schema that the program uses, with a note
 * `{ "value", "source", "why" }` allowed in the place of any value, and with variants, in which every key may be left out.
 */
export function presetJsonSchema(): Node {
  const top = nodeOf(z.toJSONSchema(presetSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any' }));
  const policy = nodeOf(forEditors(policyNodes()));
  const properties = { ...(top['properties'] as Node), policy };
  const definitions = new Definitions();
  const whole = definitions.inside({ ...top, properties }, 'preset', false);
  const part = definitions.inside({ ...top, properties }, 'preset', true);
  const variant = {
    type: 'object',
    required: ['why', 'set'],
    additionalProperties: false,
    properties: { why: { type: 'string', description: 'What is different, and for whom.' }, set: part },
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Lode preset',
    description: 'A whole token economy in one file: see docs/presets.md.',
    ...whole,
    properties: {
      ...(whole['properties'] as Node),
      variants: {
        type: 'object',
        description: 'Other economies of the same system: what `set` names is laid over the rest of the file.',
        additionalProperties: variant,
      },
    },
    definitions: definitions.all,
  };
}

/** The bytes of `presets/preset.schema.json`. */
export async function presetSchemaFile(): Promise<string> {
  return await format(JSON.stringify(presetJsonSchema()), { parser: 'json', printWidth: 120 });
}

/** Each schema that stands in the file, once, under the path at which it was met first. */
class Definitions {
  readonly all: Record<string, Node> = {};
  readonly #names = new Map<string, string>();

  /** A schema whose values may be given plainly or in a note. In a note, which replaces, nothing may be left out. */
  #wrapped(node: Node, path: string, partial: boolean): Node {
    const { description, ...plain } = this.inside(node, path, partial);
    const said = description === undefined ? {} : { description };
    const either = [this.#refer(plain, partial ? `${path}.part` : path), this.#note(node, path)];
    return { ...said, anyOf: either };
  }

  #note(node: Node, path: string): Node {
    const { description: _, ...plain } = this.inside(node, path, false);
    const note = {
      type: 'object',
      required: ['value', 'source', 'why'],
      additionalProperties: false,
      properties: {
        value: this.#refer(plain, path),
        source: { enum: [...SOURCES], description: 'Where the value comes from.' },
        why: { type: 'string', minLength: 1, description: 'The document, the computation, or the reason.' },
      },
    };
    return this.#refer(note, `${path}.note`);
  }

  /** A schema with everything below it wrapped; `partial`: no key has to be there. */
  inside(node: Node, path: string, partial: boolean): Node {
    const entries = Object.entries(node).filter(([key]) => key !== DRAFT && !(partial && key === 'required'));
    return Object.fromEntries(
      entries.map(([key, value]) => {
        if (key === 'properties') {
          const inner = Object.entries(value as Node);
          return [key, Object.fromEntries(inner.map(([name, one]) => [name, this.#wrapped(nodeOf(one), `${path}.${name}`, partial)]))];
        }
        if (key === 'items') return [key, this.#wrapped(nodeOf(value), `${path}.entry`, false)];
        if (key === 'additionalProperties' && typeof value === 'object') {
          return [key, this.#wrapped(nodeOf(value), `${path}.any`, partial)];
        }
        if (key === 'anyOf' || key === 'oneOf') {
          return ['anyOf', (value as Node[]).map((one, index) => this.inside(one, `${path}.${index}`, partial))];
        }
        return [key, value];
      }),
    );
  }

  #refer(node: Node, path: string): Node {
    const text = JSON.stringify(node);
    let name = this.#names.get(text);
    if (name === undefined) {
      name = path;
      for (let again = 2; name in this.all; again++) name = `${path}.${again}`;
      this.#names.set(text, name);
      this.all[name] = node;
    }
    return { $ref: `#/definitions/${name}` };
  }
}

function nodeOf(value: unknown): Node {
  if (typeof value === 'object' && value !== null) return value as Node;
  throw new TypeError(`${String(value)} is no schema`);
}
