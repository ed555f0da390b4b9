import { matches, type Check, type Finding, type Repository } from './check.ts';

const PAGE = 'docs/invariants.md';
/** How many of each family there are at least: the list grows, and never gets thinner. */
const FAMILIES = { EMIT: 4, SETL: 4, RSRV: 3, POOL: 5, ROOT: 5, VEST: 6, GOV: 4, DIFF: 3 } as const;
const ID = /\b(?:EMIT|SETL|RSRV|POOL|ROOT|VEST|GOV|DIFF)-\d+\b/g;

interface Invariant {
  readonly id: string;
  readonly line: number;
  /** The test files that the page names, or `later`. */
  readonly tested: string;
}

/** The rows `| EMIT-1 | text | where tested |` of the page. */
function listed(page: string): readonly Invariant[] {
  return [...matches(page, /^\|\s*([A-Z]+-\d+)\s*\|.*\|([^|\n]*)\|\s*$/gm)].map(({ line, match }) => ({
    id: match[1] ?? '',
    line,
    tested: (match[2] ?? '').trim(),
  }));
}

function faultOf({ id, line, tested }: Invariant, { files, read }: Repository): readonly Finding[] {
  if (tested === 'later') return [];
  const paths = [...tested.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  if (paths.length === 0) return [{ file: PAGE, line, message: `${id} names no test; name its files, or say later` }];
  return paths.flatMap((path) => {
    if (!path.startsWith('test/') || !files.includes(path)) {
      return [{ file: PAGE, line, message: `${id} names ${path}, which is not a test` }];
    }
    const says = new RegExp(`\\b${id}\\b`).test(read(path));
    return says ? [] : [{ file: PAGE, line, message: `${id} does not occur in ${path}` }];
  });
}

/** Every invariant of the page is tested where the page says, and every id that a test speaks of is on the page. */
export const invariants: Check = {
  name: 'invariants',
  fix: `Each row of ${PAGE} ends with the tests, in backticks, whose text holds the id with its hyphen, or with the word later.`,
  run: (repository: Repository) => {
    const { files, read } = repository;
    if (!files.includes(PAGE)) return [{ file: PAGE, message: 'is missing' }];
    const rows = listed(read(PAGE));
    const findings = rows.flatMap((row) => faultOf(row, repository));
    const ids = new Set<string>();
    for (const { id, line } of rows) {
      if (ids.has(id)) findings.push({ file: PAGE, line, message: `${id} stands twice` });
      ids.add(id);
    }
    for (const [family, count] of Object.entries(FAMILIES)) {
      for (let number = 1; number <= count; number++) {
        const id = `${family}-${number}`;
        if (!ids.has(id))
          findings.push({ file: PAGE, message: `${id} is missing; an invariant is never taken off the list` });
      }
    }
    for (const file of files) {
      if (!/^(test|contracts|src)\/.*\.(ts|sol)$/.test(file) || file.startsWith('test/scripts/')) continue;
      for (const { line, match } of matches(read(file), ID)) {
        if (!ids.has(match[0])) findings.push({ file, line, message: `${match[0]} is not in ${PAGE}` });
      }
    }
    return findings;
  },
};
