import { repositoryOf, type Check } from '../../../scripts/checks/check.ts';

/** What a check says of a repository with these files, each finding as `file:line message`. */
export function findings(check: Check, contents: Readonly<Record<string, string>>): readonly string[] {
  return check
    .run(repositoryOf(contents))
    .map(({ file, line, message }) => `${line === undefined ? file : `${file}:${line}`} ${message}`);
}
