import ts from 'typescript';

import type { Check, Finding, Repository } from './check.ts';
import { dotted, findingAt, isValueUse, nodesOf, programOf } from './syntax.ts';

/**
 * What of Math is exact: these give back an integer, unrounded, for every integer that a number can hold.
 * All others round, or only make sense for fractions.
 */
const EXACT_MATH = new Set(['Math.abs', 'Math.max', 'Math.min', 'Math.sign', 'Math.clz32', 'Math.imul']);

const FLOAT_GLOBALS = new Set(['parseFloat', 'Infinity', 'NaN', 'Float16Array', 'Float32Array', 'Float64Array']);

const FLOAT_MEMBERS = new Set([
  'Number.parseFloat',
  'Number.EPSILON',
  'Number.MIN_VALUE',
  'Number.MAX_VALUE',
  'Number.NaN',
  'Number.POSITIVE_INFINITY',
  'Number.NEGATIVE_INFINITY',
]);

const FLOAT_METHODS = new Set([
  'toFixed',
  'toPrecision',
  'toExponential',
  'getFloat32',
  'getFloat64',
  'setFloat32',
  'setFloat64',
]);

/** Operators that can leave the whole numbers when they meet two of them. */
const INEXACT_OPERATORS = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.SlashToken, '/'],
  [ts.SyntaxKind.SlashEqualsToken, '/='],
  [ts.SyntaxKind.AsteriskAsteriskToken, '**'],
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken, '**='],
]);

/** `// integer: why` at the end of the line or on the line above lets an operator or a conversion through. */
const REASON = /\/\/ integer: \S.{3,}/;

function hasReason(node: ts.Node): boolean {
  const source = node.getSourceFile();
  const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const lines = source.text.split('\n');
  return REASON.test(lines[line] ?? '') || REASON.test(lines[line - 1] ?? '');
}

function isBigInt(checker: ts.TypeChecker, node: ts.Expression): boolean {
  const type = checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(node));
  const parts = type.isUnionOrIntersection() ? type.types : [type];
  return parts.some((part) => (part.flags & ts.TypeFlags.BigIntLike) !== 0);
}

function literalFault(text: string, value: number): string | undefined {
  if (!Number.isInteger(value)) return `${text} is not a whole number`;
  return Number.isSafeInteger(value) ? undefined : `${text} is larger than a number holds exactly; write ${text}n`;
}

function memberFault(node: ts.PropertyAccessExpression): string | undefined {
  const name = dotted(node) ?? '';
  if (name.startsWith('Math.') && !EXACT_MATH.has(name) && name !== 'Math.random') {
    return `uses ${name}; of Math only ${[...EXACT_MATH].join(', ')} are exact`;
  }
  if (FLOAT_MEMBERS.has(name)) return `uses ${name}`;
  return FLOAT_METHODS.has(node.name.text) ? `uses ${node.name.text}` : undefined;
}

function callFault(node: ts.CallExpression, checker: ts.TypeChecker): string | undefined {
  const name = dotted(node.expression);
  const [argument] = node.arguments;
  if (name === 'Number' && argument && isBigInt(checker, argument) && !hasReason(node)) {
    return 'turns a bigint into a number; keep the bigint, or say `// integer: why it is small`';
  }
  if (name === 'z.number' && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name.text === 'int')) {
    return 'z.number() accepts fractions; use z.int()';
  }
  return undefined;
}

/** The value of a whole number written down, also as a power: `32`, `2 ** 32`. */
function constantOf(node: ts.Expression): number | undefined {
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.AsteriskAsteriskToken) return undefined;
  const base = constantOf(node.left);
  const exponent = constantOf(node.right);
  const value = base === undefined || exponent === undefined ? undefined : base ** exponent;
  return Number.isSafeInteger(value) ? value : undefined;
}

function withoutParentheses(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? withoutParentheses(node.expression) : node;
}

/** `(a - (a % b)) / b`, which divides exactly. */
function isExactDivision(node: ts.BinaryExpression): boolean {
  if (node.operatorToken.kind !== ts.SyntaxKind.SlashToken) return false;
  const difference = withoutParentheses(node.left);
  if (!ts.isBinaryExpression(difference) || difference.operatorToken.kind !== ts.SyntaxKind.MinusToken) return false;
  const rest = withoutParentheses(difference.right);
  if (!ts.isBinaryExpression(rest) || rest.operatorToken.kind !== ts.SyntaxKind.PercentToken) return false;
  return rest.left.getText() === difference.left.getText() && rest.right.getText() === node.right.getText();
}

function operatorFault(node: ts.BinaryExpression, checker: ts.TypeChecker): string | undefined {
  const operator = INEXACT_OPERATORS.get(node.operatorToken.kind);
  if (operator === undefined || (isBigInt(checker, node.left) && isBigInt(checker, node.right))) return undefined;
  if (constantOf(node) !== undefined || isExactDivision(node) || hasReason(node)) return undefined;
  return `uses ${operator} on numbers; use bigint, or (a - (a % b)) / b, or say \`// integer: why it is exact\``;
}

function faultOf(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  if (ts.isNumericLiteral(node)) return literalFault(node.getText(), Number(node.text));
  if (ts.isBinaryExpression(node)) return operatorFault(node, checker);
  if (ts.isPropertyAccessExpression(node)) return memberFault(node);
  if (ts.isCallExpression(node)) return callFault(node, checker);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusToken) return 'converts by a unary plus';
  if (ts.isIdentifier(node) && FLOAT_GLOBALS.has(node.text) && isValueUse(node)) return `uses ${node.text}`;
  return undefined;
}

/** A file of the simulation that measures or fits says so at its top; what it computes is shown and never paid. */
const FLOATS = /^\/\/ floats: \S.{9,}/;

/** No floating point where amounts and scores are computed. */
export const integers: Check = {
  name: 'integers',
  fix: 'Amounts and scores are bigint from the first parse to the last byte; numbers only count and index.',
  run: (repository: Repository) => {
    const roots = repository.files.filter(
      (file) =>
        /^src\/(protocol|settlement)\/.*\.ts$/.test(file) ||
        (/^src\/simulation\/.*\.ts$/.test(file) && !FLOATS.test(repository.read(file))),
    );
    if (roots.length === 0) return [];
    const program = programOf(repository, roots);
    const checker = program.getTypeChecker();
    const findings: Finding[] = [];
    for (const source of program.getSourceFiles()) {
      const file = roots.find((root) => source.fileName.endsWith(`/${root}`));
      if (file === undefined) continue;
      for (const node of nodesOf(source)) {
        const fault = faultOf(node, checker);
        if (fault !== undefined) findings.push(findingAt(file, node, fault));
      }
    }
    return findings;
  },
};
