import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

import ts from 'typescript';

/** Anything that has parameters: a function, a method, or a constructor. */
export type Callable = ts.SignatureDeclaration;
/** Whatever calls one of them. */
export type Call = ts.CallExpression | ts.NewExpression;

/** What a name of a file stands for in another one. */
interface Imported {
  readonly path: string;
  readonly name: string;
}

/** Source files as syntax, without types: who declares what, and who calls it. */
export interface Sources {
  readonly files: ReadonlyMap<string, ts.SourceFile>;
  /** The declaration at the top of a file that a name of it stands for, wherever it is imported from. */
  readonly declaration: (file: ts.SourceFile, name: string) => ts.Node | undefined;
  /** Every call of a function, a method or (by `new`) of a class's constructor. */
  readonly callsOf: (callable: Callable) => readonly Call[];
  /** The names of a class and of all it extends, itself first. */
  readonly ancestors: (className: string) => readonly string[];
}

/** The files whose errors people meet: the program, the deployment, and the scripts that are run by hand. */
export const MESSAGE_SOURCES = ['src/**/*.ts', 'deploy/**/*.ts', 'scripts/*.ts', 'scripts/shared/*.ts'] as const;

/** Reads source files; paths are relative to the working folder, with forward slashes. */
export function readSources(patterns: readonly string[] = MESSAGE_SOURCES): Sources {
  const paths = patterns.flatMap((pattern) => globSync(pattern)).sort();
  return sourcesOf(new Map(paths.map((path) => [path, readFileSync(path, 'utf8')])));
}

/** The same over texts by their paths. */
export function sourcesOf(texts: ReadonlyMap<string, string>): Sources {
  const files = new Map<string, ts.SourceFile>();
  for (const [path, text] of texts)
    files.set(path, ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS));
  const imports = new Map<ts.SourceFile, Map<string, Imported>>();
  const tops = new Map<ts.SourceFile, Map<string, ts.Node>>();
  const calls = new Map<string, Call[]>();
  const parents = new Map<string, string>();
  for (const file of files.values()) {
    imports.set(file, importsOf(file));
    tops.set(file, topsOf(file));
    walk(file, (node) => {
      if (ts.isClassDeclaration(node) && node.name !== undefined) {
        const parent = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
        if (parent !== undefined) parents.set(node.name.text, parent.expression.getText());
      }
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
      const name = calledName(node);
      if (name !== null) calls.set(name, [...(calls.get(name) ?? []), node]);
    });
  }

  const declaration = (file: ts.SourceFile, name: string): ts.Node | undefined => {
    const own = tops.get(file)?.get(name);
    if (own !== undefined) return own;
    const from = imports.get(file)?.get(name);
    const source = from === undefined ? undefined : files.get(from.path);
    return from === undefined || source === undefined ? undefined : declaration(source, from.name);
  };

  const callsOf = (callable: Callable): readonly Call[] => {
    const isConstructor = ts.isConstructorDeclaration(callable);
    const isMethod = ts.isMethodDeclaration(callable);
    const name = isConstructor ? callable.parent.name?.text : nameOf(callable);
    if (name === undefined) return [];
    const home = callable.getSourceFile();
    return (calls.get(name) ?? []).filter((call) => {
      if (ts.isNewExpression(call) !== isConstructor) return false;
      if (isMethod) return ts.isPropertyAccessExpression(call.expression);
      if (ts.isPropertyAccessExpression(call.expression)) return false;
      const file = call.getSourceFile();
      if (file === home) return true;
      const from = imports.get(file)?.get(name);
      return from !== undefined && from.path === home.fileName;
    });
  };

  const ancestors = (className: string): readonly string[] => {
    const parent = parents.get(className);
    return parent === undefined || parent === className ? [className] : [className, ...ancestors(parent)];
  };
  return { files, declaration, callsOf, ancestors };
}

/** Every node of a tree, outer ones first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => {
    walk(child, visit);
  });
}

/** The functions around a node, the innermost first. */
export function callablesAround(node: ts.Node): readonly Callable[] {
  const found: Callable[] = [];
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) if (ts.isFunctionLike(at)) found.push(at);
  return found;
}

/** Where a node stands, as `path:line`. */
export function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function nameOf(callable: Callable): string | undefined {
  if (callable.name !== undefined) return callable.name.getText();
  const { parent } = callable;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : undefined;
}

function calledName({ expression }: Call): string | null {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : null;
}

function importsOf(file: ts.SourceFile): Map<string, Imported> {
  const found = new Map<string, Imported>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    const { text } = statement.moduleSpecifier;
    if (bindings === undefined || !ts.isNamedImports(bindings) || !text.startsWith('.')) continue;
    const path = join(dirname(file.fileName), text);
    for (const { name, propertyName } of bindings.elements)
      found.set(name.text, { path, name: (propertyName ?? name).text });
  }
  return found;
}

/** Functions, classes and constants at the top of a file. */
function topsOf(file: ts.SourceFile): Map<string, ts.Node> {
  const found = new Map<string, ts.Node>();
  for (const statement of file.statements) {
    if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name !== undefined)
      found.set(statement.name.text, statement);
    if (!ts.isVariableStatement(statement)) continue;
    for (const declared of statement.declarationList.declarations)
      if (ts.isIdentifier(declared.name)) found.set(declared.name.text, declared);
  }
  return found;
}
