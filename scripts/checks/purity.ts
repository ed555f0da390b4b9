import ts from 'typescript';

import type { Check, Finding, Repository } from './check.ts';
import { dotted, findingAt, isValueUse, nodesOf, parse } from './syntax.ts';

/** What the pure layers may use from outside: parsers, hashers and content ids, all of them free of effects. */
const ALLOWED_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  settlement: ['hash-wasm', 'ipfs-unixfs-importer', 'jsonc-parser', 'multiformats', 'zod'],
  simulation: [],
};

/** Globals whose answer depends on the moment, the machine, the locale or chance. */
const IMPURE_GLOBALS = new Set([
  'Intl',
  'XMLHttpRequest',
  'console',
  'crypto',
  'fetch',
  'navigator',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

const IMPURE_MEMBERS = new Set([
  'Date.now',
  'Math.random',
  'globalThis.crypto',
  'globalThis.process',
  'import.meta.env',
]);

const LOCALE_METHODS = new Set([
  'localeCompare',
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toLocaleLowerCase',
  'toLocaleUpperCase',
]);

/** Methods of Date that answer in the time zone of the machine; the UTC ones are fine. */
const LOCAL_TIME_METHOD = /^(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset|Year)$/;

function importFault(layer: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return undefined;
  const allowed = ALLOWED_PACKAGES[layer] ?? [];
  if (allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`))) return undefined;
  const what = allowed.length === 0 ? 'nothing from outside' : `${allowed.join(', ')} and nothing else from outside`;
  return `imports '${specifier}'; src/${layer} may use ${what}`;
}

function faultOf(node: ts.Node, layer: string): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
    return ts.isStringLiteral(node.moduleSpecifier) ? importFault(layer, node.moduleSpecifier.text) : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [specifier] = node.arguments;
    return specifier && ts.isStringLiteral(specifier) ? importFault(layer, specifier.text) : 'imports a computed path';
  }
  if (ts.isNewExpression(node) && dotted(node.expression) === 'Date' && (node.arguments ?? []).length === 0) {
    return 'reads the clock by new Date()';
  }
  if (ts.isPropertyAccessExpression(node)) {
    if (IMPURE_MEMBERS.has(dotted(node) ?? '')) return `uses ${dotted(node) ?? ''}`;
    if (LOCALE_METHODS.has(node.name.text)) return `uses ${node.name.text}, which depends on the locale`;
    if (LOCAL_TIME_METHOD.test(node.name.text)) return `uses ${node.name.text}, which depends on the time zone`;
  }
  if (ts.isIdentifier(node) && IMPURE_GLOBALS.has(node.text) && isValueUse(node)) return `uses ${node.text}`;
  return undefined;
}

/** `src/protocol`, `src/settlement` and `src/simulation` take values and give values. */
export const purity: Check = {
  name: 'purity',
  fix: 'Pass time, randomness, files and network answers in as arguments, from src/store, src/chain or src/cli.',
  run: ({ files, read }: Repository) =>
    files.flatMap((file) => {
      const layer = /^src\/(protocol|settlement|simulation)\/.*\.ts$/.exec(file)?.[1];
      if (layer === undefined) return [];
      const findings: Finding[] = [];
      for (const node of nodesOf(parse(file, read(file)))) {
        const fault = faultOf(node, layer);
        if (fault !== undefined) findings.push(findingAt(file, node, fault));
      }
      return findings;
    }),
};
