import type { PresetCheck } from '../../settlement/preset/check/check-preset.ts';
import type { Finding, FindingLevel } from '../../settlement/preset/check/finding.ts';
import type { PresetProblem } from '../../settlement/preset/preset-error.ts';
import { counted } from '../../protocol/tokens.ts';

const HEADINGS: ReadonlyMap<FindingLevel, string> = new Map([
  ['contradiction', 'contradictions: announced, and not what this comes to'],
  ['gap', 'gaps: announced, and not or not wholly in this file'],
  ['warning', 'warnings: probably not what is wanted'],
  ['agrees', 'announced, and so it is'],
  ['note', 'notes'],
]);

/** The checks of a file for reading: the file itself first, then of each variant what is different. */
export function presetChecksText(given: string, checks: readonly PresetCheck[]): string {
  const [base] = checks;
  return checks
    .map((check) => {
      const isBase = check === base;
      const title = check.variant === null ? given : `${given}, variant ${check.variant}`;
      const known = new Set(isBase ? [] : [...(base?.findings ?? []), ...(base?.problems ?? [])].map(identity));
      const problems = check.problems.filter((problem) => !known.has(identity(problem)));
      const findings = check.findings.filter((finding) => !known.has(identity(finding)));
      const gone = isBase ? [] : fallenAway(base, check);
      const rest = isBase ? '' : ', as without it, but for:';
      const same = !isBase && problems.length === 0 && findings.length === 0 && gone.length === 0;
      const verdict = check.ok ? 'can be deployed' : `CANNOT be deployed: ${counted(check.problems.length, 'problem')}`;
      return [
        `${title}: ${verdict}${same ? ', nothing else to say than without it' : rest}\n`,
        ...problems.map(problemText),
        gone.length === 0 ? '' : `  falls away\n${gone.map((one) => `    ${one}\n`).join('')}`,
        ...[...HEADINGS].map(([level, heading]) => sectionText(heading, findings, level)),
      ].join('');
    })
    .join('\n');
}

function problemText({ path, line, reason }: PresetProblem): string {
  return line === null ? `  ${reason}\n` : `  line ${line}, ${path === '' ? 'the file' : path}: ${reason}\n`;
}

/** What speaks against the file itself and not against the variant. */
function fallenAway(base: PresetCheck | undefined, check: PresetCheck): readonly string[] {
  if (!check.ok || base === undefined) return [];
  const still = new Set(check.findings.map(subject));
  const gone = base.findings.filter((finding) => AGAINST.has(finding.level) && !still.has(subject(finding)));
  return [
    ...base.problems.map(({ reason }) => `problem: ${reason}`),
    ...gone.map(({ level, message }) => `${level}: ${message}`),
  ];
}

const AGAINST: ReadonlySet<FindingLevel> = new Set(['contradiction', 'gap', 'warning']);

function subject({ level, about, path }: Finding): string {
  return `${level} ${about} ${path}`;
}

function sectionText(heading: string, findings: readonly Finding[], level: FindingLevel): string {
  const own = findings.filter((finding) => finding.level === level);
  if (own.length === 0) return '';
  return `  ${heading}\n${own.map(({ line, message }) => `    line ${line}: ${message}\n`).join('')}`;
}

function identity(entry: Finding | PresetProblem): string {
  return 'message' in entry ? `${entry.level} ${entry.message}` : `${entry.path} ${entry.reason}`;
}
