import ts from 'typescript';

import { matches, type Check, type Finding, type Repository } from './check.ts';
import { findingAt, nodesOf, parse } from './syntax.ts';

const SCRIPT = /\.(ts|tsx|mts|mjs|js)$/;
const SUITES = new Set(['describe', 'context', 'suite', 'it', 'specify', 'test']);
const SHORTHANDS = new Set(['fdescribe', 'fit', 'xcontext', 'xdescribe', 'xit', 'xspecify', 'xtest']);

const COMMENT_FAULTS: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  {
    pattern: /(?:\/\/|\/\*|\*)[^\n]*\b(TO(?:DO)|FIX(?:ME)|X(?:XX)|HA(?:CK))\b/g,
    message: 'leaves something to be done',
  },
  {
    pattern: /(?:\/\/|\/\*)\s*(eslint-disable(?:-next-line|-line)?)(?![^\n]* -- \S)/g,
    message: 'silences a rule without ` -- reason`',
  },
  { pattern: /\/\/\s*(@ts-(?:ignore|nocheck))/g, message: 'silences the compiler' },
  { pattern: /\/\/\s*(@ts-expect-error)\s*$/gm, message: 'expects an error without a reason' },
  { pattern: /\/\/\s*(solhint-disable(?:-next-line|-line)?)\s*$/gm, message: 'silences every rule; name the one' },
];

function testFaultOf(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  if (ts.isIdentifier(expression) && SHORTHANDS.has(expression.text))
    return `${expression.text} focuses or skips tests`;
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const { expression: left, name } = expression;
  if (name.text === 'skip' && left.kind === ts.SyntaxKind.ThisKeyword) return 'this.skip() skips a test';
  if (name.text !== 'only' && name.text !== 'skip') return undefined;
  return ts.isIdentifier(left) && SUITES.has(left.text)
    ? `${left.text}.${name.text} focuses or skips tests`
    : undefined;
}

/** Nothing is focused, skipped, silenced without a reason or left for later. */
export const leftovers: Check = {
  name: 'leftovers',
  fix: 'Finish it or take it out. A rule that has to be silenced says why on the same line.',
  run: ({ files, read }: Repository) =>
    files.flatMap((file) => {
      if (!SCRIPT.test(file) && !file.endsWith('.sol')) return [];
      const text = read(file);
      const findings: Finding[] = [];
      for (const { pattern, message } of COMMENT_FAULTS) {
        for (const { line, match } of matches(text, pattern)) {
          findings.push({ file, line, message: `${match[1] ?? ''} ${message}` });
        }
      }
      if (file.endsWith('.sol')) {
        for (const { line } of matches(text, /\bvm\.skip\s*\(/g))
          findings.push({ file, line, message: 'vm.skip skips a test' });
        return findings;
      }
      for (const node of nodesOf(parse(file, text))) {
        const fault = testFaultOf(node);
        if (fault !== undefined) findings.push(findingAt(file, node, fault));
      }
      return findings;
    }),
};
