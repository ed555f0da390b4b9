import { dirname, join, normalize } from 'node:path/posix';

import { matches, type Check, type Finding, type Repository } from './check.ts';

/** The anchor that a heading gets on the usual hosts. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[`*]|\[|\]\([^)]*\)/g, '')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { match } of matches(withoutCode(markdown), /^#{1,6}\s+(.+)$/gm)) {
    const anchor = anchorOf(match[1] ?? '');
    let name = anchor;
    for (let count = 1; anchors.has(name); count++) name = `${anchor}-${count}`;
    anchors.add(name);
  }
  return anchors;
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, (block) => block.replace(/[^\n]/g, ' '));
}

/** Every link inside the repository leads to a file, and to a heading where it names one. */
export const links: Check = {
  name: 'links',
  fix: 'Correct the path or the heading; paths are relative to the page.',
  run: ({ files, read }: Repository) => {
    const known = new Set(files.flatMap((file) => [file, ...parentsOf(file)]));
    return files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => {
        const findings: Finding[] = [];
        const text = withoutCode(read(file)).replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length));
        for (const { line, match } of matches(text, /\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)) {
          const target = match[1] ?? '';
          if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
          const [path = '', anchor] = target.split('#', 2);
          const page = path === '' ? file : normalize(join(dirname(file), decodeURI(path))).replace(/\/$/, '');
          if (page !== '.' && !known.has(page))
            findings.push({ file, line, message: `links to ${target}, which is not there` });
          else if (anchor !== undefined && page.endsWith('.md') && !anchorsOf(read(page)).has(anchor)) {
            findings.push({ file, line, message: `links to ${target}, but that page has no such heading` });
          }
        }
        return findings;
      });
  },
};

function parentsOf(file: string): readonly string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
