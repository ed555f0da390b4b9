import { globSync, readFileSync } from 'node:fs';

import ts from 'typescript';

/**
 * Which of these codes a test expects: a text or a pattern of a test has it. What a test throws itself, and what it is
 * called, proves nothing and does not count.
 */
export function assertedCodes(codes: ReadonlySet<string>, patterns = ['test/**/*.ts', 'test/solidity/**/*.sol']): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of patterns.flatMap((pattern) => globSync(pattern)).sort()) {
    const text = readFileSync(path, 'utf8');
    const expected = path.endsWith('.sol') ? selectorsIn(text, codes) : assertedIn(path, text, codes);
    for (const code of expected) found.add(code);
  }
  return found;
}

/** Errors of contracts whose selectors a Solidity test expects. */
function selectorsIn(text: string, codes: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...text.matchAll(/\b(\w+)\.selector\b/g)].flatMap(([, name = '']) => (codes.has(name) ? [name] : [])));
}

/** The same for one file. */
export function assertedIn(path: string, text: string, codes: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (words: string, whole: string | null): void => {
    for (const [word] of words.matchAll(/[A-Za-z][A-Za-z0-9_]*(?:-[a-z]+)*/g)) {
      // A code that is a word of the language as well is expected where it stands alone.
      if (codes.has(word) && (/[_-]/.test(word) || word === whole)) found.add(word);
    }
  };
  const look = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) return;
    if (ts.isCallExpression(node) && /^(?:it|describe)\b/.test(node.expression.getText())) {
      node.arguments.slice(1).forEach(look);
      return;
    }
    if (ts.isStringLiteralLike(node)) add(node.text, node.text);
    else if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) add(node.getText(), null);
    node.forEachChild(look);
  };
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  file.forEachChild(look);
  // Tests of one contract name its errors without the contract, and put the two together in one place.
  for (const [, contract = ''] of text.matchAll(/[`'](\w+_)(?:\$\{|')/g))
    for (const [, rest = ''] of text.matchAll(/'(\w+)'/g)) if (codes.has(contract + rest)) found.add(contract + rest);
  return found;
}
