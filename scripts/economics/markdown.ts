import { format, resolveConfig } from 'prettier';

/** The page that these figures stand on. */
export const PAGE = 'docs/economics.md';

/** A table in Markdown; the first column holds words, the others figures. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

/** `12.3 %` */
export function percentage(part: number, decimals = 1): string {
  return `${(part * 100).toFixed(decimals)} %`;
}

/**
 * The page with the text between `<!-- name: computed -->` and `<!-- name: end -->` replaced by what was computed.
 *
 * @throws when the page has no such place
 */
export async function withComputed(page: string, blocks: ReadonlyMap<string, string>): Promise<string> {
  let text = page;
  for (const [name, block] of blocks) {
    const [from, to] = [`<!-- ${name}: computed -->`, `<!-- ${name}: end -->`];
    const [begin, end] = [text.indexOf(from), text.indexOf(to)];
    if (begin === -1 || end < begin) throw new Error(`${PAGE} has no place for '${name}'`);
    text = `${text.slice(0, begin + from.length)}\n\n${block}\n\n${text.slice(end)}`;
  }
  return await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}
