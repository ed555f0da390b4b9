import type { SourcedValue } from '../../settlement/preset/check/sourced-values.ts';
import { table } from './table.ts';

/** What is said above the numbers of a preset. */
export interface PresetHead {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly variant: string | null;
  readonly variants: readonly { readonly name: string; readonly why: string }[];
}

/** Said at the head already, or of no use to a reader. */
const LEFT_OUT = new Set(['$schema', 'format', 'name', 'title', 'summary', 'announced']);

/** A preset for reading: a table for each section of the file, then the reasons that stand in it, each once. */
export function presetText(head: PresetHead, values: readonly SourcedValue[]): string {
  const sections = new Map<string, SourcedValue[]>();
  for (const value of values) {
    const section = String(value.path[0]);
    if (LEFT_OUT.has(section)) continue;
    sections.set(section, [...(sections.get(section) ?? []), value]);
  }
  const variant = head.variant === null ? '' : `, variant ${head.variant}`;
  const others = head.variants.map(({ name, why }) => `  ${name}: ${why}\n`);
  return [
    `${head.title} (${head.name}${variant})\n${head.summary}\n`,
    ...(others.length === 0 ? [] : ['\nvariants\n', ...others]),
    ...[...sections].map(([section, entries]) => `\n${section}\n${sectionText(entries)}`),
    '\n“published” stands in the system’s own documents, “derived” was computed from them, “assumed” was never published.\n',
  ].join('');
}

function sectionText(values: readonly SourcedValue[]): string {
  const reasons: string[] = [];
  const rows = values.map(({ path, value, source, why }) => {
    const known = why === undefined ? -1 : reasons.indexOf(why);
    if (why !== undefined && known === -1) reasons.push(why);
    const note = why === undefined ? '' : `[${known === -1 ? reasons.length : known + 1}]`;
    return [path.slice(path.length > 1 ? 1 : 0).join('.'), value, source ?? '', note];
  });
  const columns = [{ title: 'value' }, { title: 'is' }, { title: 'source' }, { title: 'why' }];
  return `${table(columns, rows)}${reasons.map((why, index) => `  [${index + 1}] ${why}\n`).join('')}`;
}
