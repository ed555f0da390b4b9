import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a repository. Checks read them through this, so that a test can hand them a made-up repository. */
export interface Repository {
  /** Paths from the top folder with forward slashes, sorted. */
  readonly files: readonly string[];
  /** The text of one of {@link files}. */
  readonly read: (path: string) => string;
}

/** One thing that is not as it should be. */
export interface Finding {
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** A rule of the repository. */
export interface Check {
  readonly name: string;
  /** What to do about a finding, in a sentence or two. */
  readonly fix: string;
  readonly run: (repository: Repository) => readonly Finding[];
}

/** The files of a working copy that are tracked, or new and not ignored; deleted ones are left out. */
export function workingCopy(root: string): Repository {
  const list = (args: readonly string[]): string[] =>
    execFileSync('git', ['ls-files', '-z', ...args], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
      .split('\0')
      .filter((path) => path !== '');
  const deleted = new Set(list(['--deleted']));
  const files = list(['--cached', '--others', '--exclude-standard']).filter((path) => !deleted.has(path));
  return { files: [...new Set(files)].sort(), read: (path) => readFileSync(join(root, path), 'utf8') };
}

/** A repository that exists in memory only. */
export function repositoryOf(contents: Readonly<Record<string, string>>): Repository {
  return {
    files: Object.keys(contents).sort(),
    read: (path) => {
      const text = contents[path];
      if (text === undefined) throw new Error(`no such file: ${path}`);
      return text;
    },
  };
}

/** The line, counted from 1, on which the character at `index` stands. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Every match of a pattern in a text, with its line; the pattern needs the flag g. */
export function* matches(
  text: string,
  pattern: RegExp,
): Generator<{ readonly line: number; readonly match: RegExpMatchArray }> {
  for (const match of text.matchAll(pattern)) yield { line: lineAt(text, match.index), match };
}

/** The text with comments blanked out and lines kept, for languages with `//` and block comments. */
export function withoutComments(text: string): string {
  return text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('/') ? part.replace(/[^\n]/g, ' ') : part,
  );
}

/** Whether a file holds text that people wrote: not data, not pictures, not the lock file. */
export function isText(path: string): boolean {
  return !/\.(gz|parquet|png|ico|woff2?)$/.test(path) && path !== 'package-lock.json';
}
