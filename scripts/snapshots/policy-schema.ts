import { format } from 'prettier';
import { z } from 'zod';

import { policySchema } from '../../src/settlement/policy/policy-schema.ts';

/** A JSON Schema with what our own schemas say about each key besides. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly bounds?: string;
  readonly whenLeftOut?: string;
  readonly example?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly propertyNames?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly [key: string]: unknown;
}

/** What the policy's schema says, as JSON Schema of what stands in a file. */
export function policyNodes(): SchemaNode {
  return z.toJSONSchema(policySchema, { io: 'input' }) as SchemaNode;
}

/** The schema as editors read it: unit, bounds and default become part of each description. */
export function forEditors(node: SchemaNode): SchemaNode {
  const { unit, bounds, whenLeftOut, example, ...rest } = node;
  const inner = Object.entries(rest).map(([key, value]) => [key, convert(key, value)]);
  const words = [
    node.description,
    unit === undefined ? undefined : `In ${unit}${bounds === undefined ? '' : `: ${bounds}`}.`,
    unit === undefined && bounds !== undefined ? `${bounds.charAt(0).toUpperCase()}${bounds.slice(1)}.` : undefined,
    whenLeftOut === undefined ? undefined : `Left out: ${whenLeftOut}.`,
  ].filter((part) => part !== undefined);
  return {
    ...(Object.fromEntries(inner) as SchemaNode),
    ...(words.length === 0 ? {} : { description: words.join(' ') }),
    ...(example === undefined ? {} : { examples: [example] }),
  };
}

/** Where further schemas stand below a key. */
function convert(key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (key === 'properties') {
    return Object.fromEntries(Object.entries(value).map(([name, node]) => [name, forEditors(node as SchemaNode)]));
  }
  if (key === 'anyOf' && Array.isArray(value)) return value.map((node) => forEditors(node as SchemaNode));
  return ['items', 'additionalProperties', 'propertyNames'].includes(key) ? forEditors(value as SchemaNode) : value;
}

/** The bytes of `presets/policy.schema.json`. */
export async function policySchemaFile(): Promise<string> {
  return format(JSON.stringify(forEditors(policyNodes())), { parser: 'json', printWidth: 120 });
}
