import { globSync, readFileSync } from 'node:fs';

import ts from 'typescript';

import { placeOf, walk, type Sources } from './sources.ts';
import { Values } from './values.ts';

/** What an error says behind its code and place: which rule of a file, an option or a preset is broken. */
export interface Reason {
  /** The code behind which it is told; `preset check` for what that command finds. */
  readonly code: string;
  readonly words: string;
  readonly place: string;
}

/** The codes behind which the rules of a folder or file are told; the first that fits counts. */
const CODES: readonly (readonly [place: string, code: string])[] = [
  ['src/cli/claims/claim-line', 'CLAIM_LINE_INVALID'],
  ['src/cli/', 'OPTION_INVALID'],
  ['src/settlement/preset/check/', 'preset check'],
  ['src/settlement/preset/', 'PRESET_INVALID'],
  ['src/settlement/policy/', 'POLICY_INVALID'],
  ['src/settlement/governed-changes', 'CHANGES_INVALID'],
  ['src/settlement/voted-policies', 'CHANGES_INVALID'],
  ['src/settlement/report/replay-document', 'REPLAY_INVALID'],
  ['src/settlement/report/', 'REPORT_INVALID'],
  ['src/chain/address-book', 'ADDRESS_BOOK_INVALID'],
  ['src/operator/config', 'CONFIG_INVALID'],
  ['deploy/parameters', 'PARAMETERS_INVALID'],
];

/** Rules of a schema that take their words for a broken one last. */
const RULES = new Set(['regex', 'refine', 'min', 'max', 'int', 'check', 'length']);
/** Functions of several files that make an error of a place and a reason. */
const FAULTS = new Set(['fault', 'faultAt']);

/** Finds the words for every rule that files, options and presets are held against. */
export function collectReasons(sources: Sources): readonly Reason[] {
  const found = new Map<string, Reason>();
  const values = new Values(sources);
  for (const file of sources.files.values()) {
    const code = CODES.find(([place]) => file.fileName.startsWith(place))?.[1];
    if (code === undefined) continue;
    walk(file, (node) => {
      const given = wordsIn(node);
      const texts = given === undefined ? [] : values.texts(given, new Map());
      for (const words of texts) {
        if (words.startsWith('‹') && !words.includes(' ‹') && !/› [a-z]/.test(words)) continue;
        found.set(JSON.stringify([code, words]), { code, words, place: placeOf(node) });
      }
    });
  }
  return [...found.values()].sort((a, b) => order(a.code, b.code) || order(a.words, b.words));
}

/** The words for a broken rule that a node holds. */
function wordsIn(node: ts.Node): ts.Expression | undefined {
  if (ts.isObjectLiteralExpression(node)) {
    const named = new Map(
      node.properties.flatMap((property) =>
        ts.isPropertyAssignment(property) ? [[property.name.getText(), property.initializer] as const] : [],
      ),
    );
    const isOurs = named.get('code')?.getText() === "'custom'" || named.has('level');
    return isOurs ? named.get('message') : named.get('error');
  }
  if (!ts.isCallExpression(node)) return undefined;
  const { expression, arguments: given } = node;
  const last = given.at(-1);
  if (ts.isIdentifier(expression)) {
    if (expression.text === 'optionFault') return given[2];
    if (expression.text === 'optionMissing') return given[1];
    return FAULTS.has(expression.text) ? given[1] : undefined;
  }
  const isRule = ts.isPropertyAccessExpression(expression) && RULES.has(expression.name.text);
  return isRule && last !== undefined && given.length > 1 ? last : undefined;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a test has the words of a message, or the longest part of them without values. */
export function expectedWords(pattern = 'test/**/*.ts'): (words: string) => boolean {
  const texts = globSync(pattern).map((path) => readFileSync(path, 'utf8').replaceAll("\\'", "'"));
  return (words) => {
    const parts = words.split(/‹[^›]*›/).map((part) => part.trim());
    const longest = parts.reduce((known, part) => (part.length > known.length ? part : known), '');
    return texts.some((text) => text.includes(longest));
  };
}
