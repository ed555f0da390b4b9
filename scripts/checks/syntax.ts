import { resolve } from 'node:path';

import ts from 'typescript';

import type { Finding, Repository } from './check.ts';

/** Parses one file, without types. */
export function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** Parsed declarations of the language and of packages: they are large, and the same for every program. */
const declarations = new Map<string, ts.SourceFile>();

/** A program of the files given, whose text comes from the repository, so that a check can ask for types. */
export function programOf({ files, read }: Repository, roots: readonly string[]): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  };
  const known = new Map(files.map((file) => [resolve(file), file]));
  const host = ts.createCompilerHost(options, true);
  host.fileExists = (path) => known.has(resolve(path)) || ts.sys.fileExists(path);
  host.readFile = (path) => {
    const file = known.get(resolve(path));
    return file === undefined ? ts.sys.readFile(path) : read(file);
  };
  host.getSourceFile = (path, version) => {
    const cached = declarations.get(path);
    if (cached) return cached;
    const text = host.readFile(path);
    if (text === undefined) return undefined;
    const source = ts.createSourceFile(path, text, version, true);
    if (source.isDeclarationFile && !known.has(resolve(path))) declarations.set(path, source);
    return source;
  };
  return ts.createProgram(
    roots.map((root) => resolve(root)),
    options,
    host,
  );
}

/** Every node of a tree, parents first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}

/** A finding at the line where a node begins. */
export function findingAt(file: string, node: ts.Node, message: string): Finding {
  const source = node.getSourceFile();
  return { file, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, message };
}

/** `a.b` as text for an access of a property by name, else undefined. */
export function dotted(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const left = dotted(node.expression);
  return left === undefined ? undefined : `${left}.${node.name.text}`;
}

/** Whether an identifier is used as a value, rather than naming a property, a type or a declaration. */
export function isValueUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) {
    return ts.isPropertyAssignment(parent) && parent.initializer === node;
  }
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent) || ts.isBindingElement(parent)) return false;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isMethodDeclaration(parent)) return false;
  return !(ts.isParameter(parent) || ts.isVariableDeclaration(parent)) || parent.name !== node;
}
