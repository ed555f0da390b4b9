import ts from 'typescript';

import { callablesAround, type Callable, type Sources } from './sources.ts';

/** What the parameters of functions stand for while a message is read: the arguments of one call of each. */
export type Scope = ReadonlyMap<Callable, readonly ts.Expression[]>;

/** Where a name comes from. */
type Origin =
  | { readonly kind: 'value'; readonly node: ts.Node }
  | { readonly kind: 'member'; readonly of: ts.Expression; readonly name: string }
  | { readonly kind: 'element'; readonly of: ts.Expression; readonly at: number }
  | { readonly kind: 'parameter'; readonly callable: Callable; readonly at: number; readonly member: string | null }
  | { readonly kind: 'unknown' };

/** Further through functions, constants and arguments nobody looks: a value that lies deeper is a place holder. */
const DEEPEST = 12;
/** A text with more forms than these shows what differs as a place holder. */
const MOST_FORMS = 6;

/** Reads what expressions come to, as far as the sources say so. */
export class Values {
  readonly #sources: Sources;
  /** Functions whose parameters were asked for and are not in the scope. */
  readonly open = new Set<Callable>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** The expressions that a value can be, behind names, constants, conditions, calls and arguments. */
  forms(node: ts.Node, scope: Scope, depth = 0): readonly ts.Node[] {
    if (depth > DEEPEST) return [node];
    const go = (next: ts.Node): readonly ts.Node[] => this.forms(next, scope, depth + 1);
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
      return go(node.expression);
    if (ts.isNonNullExpression(node) || ts.isAwaitExpression(node)) return go(node.expression);
    if (ts.isConditionalExpression(node)) return [...go(node.whenTrue), ...go(node.whenFalse)];
    if (ts.isBinaryExpression(node) && isChoice(node.operatorToken.kind)) return [...go(node.left), ...go(node.right)];
    if (ts.isIdentifier(node)) return this.#named(node, scope, depth);
    if (ts.isPropertyAccessExpression(node)) {
      const members = this.members(node.expression, node.name.text, scope, depth + 1);
      return members.length === 0 ? [node] : members;
    }
    if (ts.isElementAccessExpression(node)) {
      const values = go(node.expression).flatMap((form) => (ts.isObjectLiteralExpression(form) ? valuesOf(form) : []));
      return values.length === 0 ? [node] : values.flatMap(go);
    }
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return go(node.body);
    if (ts.isCallExpression(node)) return this.#returned(node, scope, depth);
    return [node];
  }

  /** What a property of an object literal can be, behind spreads and functions that give one; empty when there is none. */
  members(node: ts.Node, name: string, scope: Scope, depth = 0): readonly ts.Node[] {
    return this.forms(node, scope, depth).flatMap((form) => {
      if (!ts.isObjectLiteralExpression(form)) return [];
      for (const property of [...form.properties].reverse()) {
        if (ts.isSpreadAssignment(property)) {
          const found = this.members(property.expression, name, scope, depth + 1);
          if (found.length > 0) return found;
        } else if (property.name.getText() !== name) continue;
        else if (ts.isPropertyAssignment(property)) return this.forms(property.initializer, scope, depth + 1);
        else if (ts.isShorthandPropertyAssignment(property)) return this.forms(property.name, scope, depth + 1);
      }
      return [];
    });
  }

  /** The texts that an expression can be, with `‹what it is›` in the place of what only a run knows. */
  texts(node: ts.Node, scope: Scope): readonly string[] {
    const found = this.forms(node, scope).flatMap((form): readonly string[] => {
      if (ts.isStringLiteral(form) || ts.isNoSubstitutionTemplateLiteral(form)) return [form.text];
      if (ts.isTemplateExpression(form)) {
        return form.templateSpans.reduce<readonly string[]>(
          (heads, { expression, literal }) =>
            product(heads, this.#few(expression, scope).map((text) => `${text}${literal.text}`)),
          [form.head.text],
        );
      }
      if (ts.isBinaryExpression(form) && form.operatorToken.kind === ts.SyntaxKind.PlusToken)
        return product(this.#few(form.left, scope), this.#few(form.right, scope));
      return [`‹${label(form)}›`];
    });
    return [...new Set(found)];
  }

  /** As {@link texts}, but one place holder when there are too many forms to show. */
  #few(node: ts.Expression, scope: Scope): readonly string[] {
    const found = this.texts(node, scope);
    const isShown = found.length <= MOST_FORMS && found.every((text) => !text.startsWith('‹'));
    return isShown ? found : [`‹${label(node)}›`];
  }

  #named(node: ts.Identifier, scope: Scope, depth: number): readonly ts.Node[] {
    const origin = this.#originOf(node);
    switch (origin.kind) {
      case 'unknown':
        return [node];
      case 'value':
        return this.forms(origin.node, scope, depth + 1);
      case 'member': {
        const found = this.members(origin.of, origin.name, scope, depth + 1);
        return found.length === 0 ? [node] : found;
      }
      case 'element': {
        const lists = this.forms(origin.of, scope, depth + 1).filter(ts.isArrayLiteralExpression);
        const found = lists.flatMap(({ elements }) => elements[origin.at] ?? []);
        return found.length === 0 ? [node] : found.flatMap((value) => this.forms(value, scope, depth + 1));
      }
      case 'parameter': {
        const given = scope.get(origin.callable);
        if (given === undefined) this.open.add(origin.callable);
        const declared = origin.callable.parameters[origin.at]?.initializer;
        const value = given?.[origin.at] ?? (given === undefined ? undefined : declared);
        if (value === undefined) return [node];
        if (origin.member === null) return this.forms(value, scope, depth + 1);
        const found = this.members(value, origin.member, scope, depth + 1);
        return found.length === 0 ? [node] : found;
      }
    }
  }

  /** What a function of ours gives back for these arguments. */
  #returned(call: ts.CallExpression, scope: Scope, depth: number): readonly ts.Node[] {
    if (!ts.isIdentifier(call.expression)) return [call];
    const target = this.#sources.declaration(call.getSourceFile(), call.expression.text);
    const callable = target === undefined ? undefined : asCallable(target);
    if (callable === undefined) return [call];
    const given = returnsOf(callable);
    if (given.length === 0) return [call];
    // The expressions that come back are read where they stand: their parameters stay what the place holders say.
    const inner: Scope = new Map([...scope, [callable, [...call.arguments]]]);
    const forms = given.flatMap((value) => this.forms(value, inner, depth + 1));
    return forms.every((form) => ts.isObjectLiteralExpression(form) || ts.isStringLiteral(form)) ? forms : [call];
  }

  #originOf(node: ts.Identifier): Origin {
    const { text: name } = node;
    for (let at: ts.Node = node; ; at = at.parent) {
      const here = ts.isFunctionLike(at) ? parameterOf(at, name) : declaredIn(at, name);
      if (here !== null) return here;
      if (ts.isSourceFile(at)) break;
    }
    const top = this.#sources.declaration(node.getSourceFile(), name);
    if (top === undefined || !ts.isVariableDeclaration(top) || top.initializer === undefined) return { kind: 'unknown' };
    return { kind: 'value', node: top.initializer };
  }
}

/** What an expression is about, in a word or two: the name of what it is taken from. */
function label(node: ts.Node): string {
  if (ts.isIdentifier(node)) return words(node.text);
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.name.text;
    return name === 'length' || name === 'size' ? `number of ${label(node.expression)}` : words(name);
  }
  if (ts.isElementAccessExpression(node)) return label(node.expression);
  if (ts.isCallExpression(node)) {
    if (ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      const own = expression.kind === ts.SyntaxKind.ThisKeyword || node.arguments.length === 0;
      return own && ts.isIdentifier(expression) && !CONVERSIONS.has(name.text) ? words(name.text) : label(expression);
    }
    const [first] = node.arguments;
    return first === undefined ? label(node.expression) : label(first);
  }
  if (ts.isBinaryExpression(node)) return label(ts.isLiteralExpression(node.left) ? node.right : node.left);
  if (ts.isConditionalExpression(node)) return label(node.condition);
  if (ts.isArrayLiteralExpression(node) && node.elements[0] !== undefined) return label(node.elements[0]);
  if (ts.isSpreadElement(node) || ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
    return label(node.expression);
  if (ts.isPrefixUnaryExpression(node)) return label(node.operand);
  if (ts.isTemplateExpression(node) && node.templateSpans[0] !== undefined) return label(node.templateSpans[0].expression);
  return '…';
}

const CONVERSIONS = new Set(['toString', 'join', 'map', 'slice', 'filter', 'trim', 'keys', 'values']);

function words(name: string): string {
  return name
    .replace(/^#/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}

function product(heads: readonly string[], tails: readonly string[]): readonly string[] {
  return heads.flatMap((head) => tails.map((tail) => head + tail));
}

function isChoice(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
}

/** Whatever can be taken out of an object literal by a key. */
function valuesOf({ properties }: ts.ObjectLiteralExpression): readonly ts.Expression[] {
  return properties.flatMap((property) => (ts.isPropertyAssignment(property) ? [property.initializer] : []));
}

function asCallable(node: ts.Node): Callable | undefined {
  if (ts.isFunctionDeclaration(node)) return node;
  if (!ts.isVariableDeclaration(node) || node.initializer === undefined) return undefined;
  return ts.isArrowFunction(node.initializer) ? node.initializer : undefined;
}

/** The expressions that a function gives back. */
function returnsOf(callable: Callable): readonly ts.Expression[] {
  const body = 'body' in callable ? callable.body : undefined;
  if (body === undefined) return [];
  if (!ts.isBlock(body)) return [body]; // an arrow function's
  const found: ts.Expression[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    node.forEachChild(look);
  };
  look(body);
  return found;
}

function parameterOf(callable: Callable, name: string): Origin | null {
  for (const [at, parameter] of callable.parameters.entries()) {
    if (ts.isIdentifier(parameter.name) && parameter.name.text === name)
      return { kind: 'parameter', callable, at, member: null };
    if (!ts.isObjectBindingPattern(parameter.name)) continue;
    const member = memberIn(parameter.name, name);
    if (member !== null) return { kind: 'parameter', callable, at, member };
  }
  return null;
}

function declaredIn(node: ts.Node, name: string): Origin | null {
  if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer)) {
    const isOurs = node.initializer.declarations.some((declared) => declared.name.getText().includes(name));
    return isOurs ? { kind: 'unknown' } : null;
  }
  if (!ts.isBlock(node) && !ts.isSourceFile(node) && !ts.isCaseOrDefaultClause(node)) return null;
  for (const statement of node.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: declared, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(declared) && declared.text === name)
        return initializer === undefined ? { kind: 'unknown' } : { kind: 'value', node: initializer };
      const member = ts.isObjectBindingPattern(declared) ? memberIn(declared, name) : null;
      if (member !== null)
        return initializer === undefined ? { kind: 'unknown' } : { kind: 'member', of: initializer, name: member };
      if (!ts.isArrayBindingPattern(declared)) continue;
      const at = declared.elements.findIndex((one) => ts.isBindingElement(one) && one.name.getText() === name);
      if (at >= 0) return initializer === undefined ? { kind: 'unknown' } : { kind: 'element', of: initializer, at };
    }
  }
  return null;
}

function memberIn(pattern: ts.ObjectBindingPattern, name: string): string | null {
  const element = pattern.elements.find((one) => one.dotDotDotToken === undefined && one.name.getText() === name);
  return element === undefined ? null : (element.propertyName ?? element.name).getText();
}

/** Whether a name stands for a parameter of one of the functions around it. */
export function isParameter(node: ts.Node): boolean {
  return ts.isIdentifier(node) && callablesAround(node).some((callable) => parameterOf(callable, node.text) !== null);
}

/** Whether a name is taken out of a value that has it already: out of an error, as a rule. */
export function isHandedOn(node: ts.Identifier): boolean {
  for (const callable of callablesAround(node)) {
    const origin = parameterOf(callable, node.text);
    if (origin !== null) return origin.kind === 'parameter' && origin.member !== null;
  }
  return true;
}
