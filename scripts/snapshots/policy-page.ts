import { format } from 'prettier';

import type { SchemaNode } from './policy-schema.ts';
import { policyNodes } from './policy-schema.ts';

const INTRODUCTION = `# Policy reference

<!-- Written by \`npm run snapshots\` from the schema in \`src/settlement/policy/\`. -->

A policy says who earns points for what. It stands in a preset, or in a file of its own, as JSON (with comments in a preset). Numbers are
strings in quotes, in plain decimal digits and their one spelling: \`"1.5"\`, not \`"1.50"\`, \`"+1.5"\` or \`1.5\`. A key that is not listed here is
refused, and so is a number outside its bounds; the message names the place in the file. How the rules become scores, step by
step, stands in [policy and scores](formats/scores.md). Editors check a file against \`presets/policy.schema.json\`.

In paths, \`<task>\`, \`<measure>\`, \`<attribute>\`, \`<badge>\` and \`<label>\` stand for names, \`[]\` for the entries of a list.
`;

/** What a key of a record stands for, by the name of the record. */
const NAMES: Readonly<Record<string, string>> = {
  tasks: '<task>',
  measures: '<measure>',
  measured: '<measure>',
  scarcity: '<attribute>',
  factors: '<badge>',
  levels: '<label>',
};

interface Section {
  readonly path: string;
  readonly node: SchemaNode;
}

/** The text of `docs/policy.md`: every key with its meaning, unit, bounds, default and an example. */
export async function policyPage(): Promise<string> {
  const sections = new Map<string, Section>();
  gather('', policyNodes(), sections);
  const pathOf = (node: SchemaNode) => sections.get(identity(node))?.path;
  const text = [...sections.values()].map((section) => written(section, pathOf)).join('\n\n');
  return format(`${INTRODUCTION}\n${text}\n`, { parser: 'markdown', printWidth: 120 });
}

/** Every object of the schema once, in the order in which it is first met: outer ones before what stands in them. */
function gather(path: string, given: SchemaNode, sections: Map<string, Section>): void {
  const node = plain(given);
  const below: [string, SchemaNode][] = [];
  if (node.properties !== undefined) {
    if (sections.has(identity(node))) return;
    sections.set(identity(node), { path, node });
    for (const [key, child] of Object.entries(node.properties)) below.push([join(path, key), child]);
  } else if (typeof node.additionalProperties === 'object') {
    below.push([join(path, NAMES[last(path)] ?? '<name>'), node.additionalProperties]);
  } else if (node.items !== undefined) {
    below.push([`${path}[]`, node.items]);
  }
  for (const [inner, child] of below) gather(inner, child, sections);
}

/** Two places have the same section when they take the same keys in the same words, whatever is required. */
function identity(node: SchemaNode): string {
  return JSON.stringify([node.description, Object.keys(node.properties ?? {}), node.required ?? []]);
}

function written({ path, node }: Section, pathOf: (node: SchemaNode) => string | undefined): string {
  const title = path === '' ? 'The file' : `\`${path}\``;
  const isChange = path.startsWith('overlays[]');
  const rows = Object.entries(node.properties ?? {}).map(([key, given]) => {
    const child = plain(given);
    const isRequired = node.required?.includes(key) ?? false;
    const kept = isChange && key !== 'until' ? 'stays as it is' : (child.whenLeftOut ?? 'no effect');
    const cells = [
      `\`${key}\``,
      meaning(join(path, key), child, pathOf),
      child.unit ?? '',
      [child.bounds, given === child ? undefined : 'or `null`'].filter((part) => part !== undefined).join('; '),
      isRequired ? 'required' : kept,
      child.example === undefined ? '' : `\`${JSON.stringify(child.example)}\``,
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const head = '| key | meaning | unit | bounds | left out | example |\n| --- | --- | --- | --- | --- | --- |';
  return `## ${title}\n\n${node.description ?? ''}\n\n${head}\n${rows.join('\n')}`;
}

/** What a key means, and where the keys below it stand. */
function meaning(path: string, node: SchemaNode, pathOf: (node: SchemaNode) => string | undefined): string {
  const inner = innermost(path, node);
  const words = node.description ?? inner.node.description ?? '';
  const target = pathOf(inner.node);
  const short = inner.node === node && target !== undefined ? firstSentence(words) : words;
  const names = node.propertyNames?.pattern === undefined ? '' : ` Names: \`${node.propertyNames.pattern}\`.`;
  return `${short}${names}${target === undefined ? '' : ` See [\`${target}\`](#${anchorOf(target)}).`}`;
}

/** What stands in a record or list, and in those within. */
function innermost(path: string, given: SchemaNode): Section {
  const node = plain(given);
  if (typeof node.additionalProperties === 'object' && node.properties === undefined)
    return innermost(`${path}.`, node.additionalProperties);
  return node.items === undefined ? { path, node } : innermost(`${path}[]`, node.items);
}

/** The schema without the `null` that may stand in its place. */
function plain(node: SchemaNode): SchemaNode {
  return node.anyOf?.find(({ type }) => type !== 'null' && type !== undefined) ?? node;
}

function firstSentence(text: string): string {
  return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, '.') ?? text;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function last(path: string): string {
  return path.split('.').at(-1) ?? '';
}

/** The anchor that a heading in code gets. */
function anchorOf(path: string): string {
  return path.toLowerCase().replace(/[^a-z0-9 _-]/g, '');
}
