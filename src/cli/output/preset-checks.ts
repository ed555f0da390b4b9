import type { PresetCheck } from '../../settlement/preset/check/check-preset.ts';
import type { Finding, FindingLevel } from '../../settlement/preset/check/finding.ts';
import type { PresetProblem } from '../../settlement/preset/preset-error.ts';
import { counted } from './tokens.ts';

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
      const rest = isBase ? '' : ', as without it, but for:';
      const same = !isBase && problems.length === 0 && findings.length === 0;
      const verdict = check.ok ? 'can be deployed' : `CANNOT be deployed: ${counted(check.problems.length, 'problem')}`;
      return [
        `${title}: ${verdict}${same ? ', nothing else to say than without it' : rest}\n`,
        ...problems.map(({ path, line, reason }) => `  line ${line}, ${path === '' ? 'the file' : path}: ${reason}\n`),
        ...[...HEADINGS].map(([level, heading]) => sectionText(heading, findings, level)),
      ].join('');
    })
    .join('\n');
}

function sectionText(heading: string, findings: readonly Finding[], level: FindingLevel): string {
  const own = findings.filter((finding) => finding.level === level);
  if (own.length === 0) return '';
  return `  ${heading}\n${own.map(({ line, message }) => `    line ${line}: ${message}\n`).join('')}`;
}

function identity(entry: Finding | PresetProblem): string {
  return 'message' in entry ? `${entry.level} ${entry.message}` : `${entry.path} ${entry.reason}`;
}
