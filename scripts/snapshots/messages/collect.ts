import ts from 'typescript';

import { callablesAround, placeOf, walk, type Callable, type Sources } from './sources.ts';
import { isHandedOn, isParameter, Values, type Scope } from './values.ts';

/** One message that the program has: its code, and what it says. */
export interface Message {
  readonly code: string;
  /**
   * The class of the error; `report` for words that the command line has itself, `told` for what a line tells and nobody
   * throws, `row` for why a row of a ledger is refused.
   */
  readonly kind: string;
  /** What happened, with `‹…›` for what only a run knows. */
  readonly words: string;
  /** What to do next, where the error itself says so. */
  readonly next: string | null;
  /** Its exit code, where the words themselves say so. */
  readonly exit: string | null;
  readonly place: string;
}

/** All messages, and what of the sources cannot be read. */
export interface Collection {
  readonly messages: readonly Message[];
  readonly unreadable: readonly string[];
}

const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
const ROW_CODE = /^[a-z]+(?:-[a-z]+)*$/;
/** Lines that tell a code without an error name the words by one of these. */
const WORDS = ['shortMessage', 'message', 'reason'] as const;
/** A message with more forms than these is told once, with what differs as place holders. */
const MOST_FORMS = 8;
/** What only hands on the code of an error that was made elsewhere, or is never called, makes no message. */
const NOBODY = 'nobody';
/** Deeper calls of functions that pass a message on than there are. */
const MOST_CALLERS = 4;

/** Finds every error that the sources make on purpose, and everything else that has a code and words. */
export function collectMessages(sources: Sources): Collection {
  const messages: Message[] = [];
  const unreadable: string[] = [];
  const isOwn = ownWords(sources);
  for (const file of sources.files.values()) {
    walk(file, (node) => {
      const site = errorSite(node, sources, isOwn) ?? rowSite(node) ?? toldSite(node);
      if (site === null) return;
      const found = readSite(site, sources);
      if (found === NOBODY) return;
      if (found.length === 0 && site.kind !== 'told')
        unreadable.push(`${placeOf(node)}  no code can be read in ${node.getText().slice(0, 80).replaceAll('\n', ' ')}`);
      messages.push(...found);
    });
  }
  return { messages: distinct(messages), unreadable };
}

/** The expressions of a message. */
interface Parts {
  readonly codes: readonly ts.Node[];
  readonly words: readonly ts.Node[];
  readonly next: readonly ts.Node[];
  readonly exit: readonly ts.Node[];
}

/** Where a message is made. */
interface Site {
  readonly kind: string;
  readonly node: ts.Node;
  readonly partsOf: (values: Values, scope: Scope) => Parts;
}

function errorSite(node: ts.Node, sources: Sources, isOwn: (className: string) => boolean): Site | null {
  const isNew = ts.isNewExpression(node);
  const isSuper = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword;
  if (!isNew && !isSuper) return null;
  const kind = isNew ? node.expression.getText() : (ts.findAncestor(node, ts.isClassDeclaration)?.name?.text ?? '');
  const names = sources.ancestors(kind);
  const [properties] = node.arguments ?? [];
  if (properties === undefined || names.at(-1) !== 'Error' || !names.includes('ProtocolError')) return null;
  // What its constructor says is read there.
  if (isNew && names.some(isOwn)) return null;
  if (isSuper && !ts.isObjectLiteralExpression(properties)) return null;
  return { kind, node, partsOf: membersOf(properties) };
}

/** Classes whose constructors say themselves what their errors say. */
function ownWords({ files }: Sources): (className: string) => boolean {
  const found = new Set<string>();
  for (const file of files.values()) {
    walk(file, (node) => {
      if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.SuperKeyword) return;
      const [first] = node.arguments;
      const name = ts.findAncestor(node, ts.isClassDeclaration)?.name?.text;
      if (name !== undefined && first !== undefined && ts.isObjectLiteralExpression(first)) found.add(name);
    });
  }
  return (className) => found.has(className);
}

/** Why a row is refused: a code and words, one behind the other. */
function rowSite(node: ts.Node): Site | null {
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'Fault') return null;
  const [code, words] = node.arguments ?? [];
  if (code === undefined || words === undefined) return null;
  const partsOf = (values: Values, scope: Scope): Parts => ({
    codes: values.forms(code, scope),
    words: values.forms(words, scope),
    ...{ next: [], exit: [] },
  });
  return { kind: 'row', node, partsOf };
}

/** An object with a code and words that is no error's. */
function toldSite(node: ts.Node): Site | null {
  if (!ts.isObjectLiteralExpression(node)) return null;
  const { parent } = node;
  const isSuper = ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.SuperKeyword;
  if (ts.isNewExpression(parent) || isSuper) return null;
  const names = node.properties.map((property) => property.name?.getText() ?? '');
  if (!names.includes('code') || !WORDS.some((word) => names.includes(word))) return null;
  return { kind: names.includes('exitCode') ? 'report' : 'told', node, partsOf: membersOf(node) };
}

function membersOf(properties: ts.Node) {
  return (values: Values, scope: Scope): Parts => {
    const codes = values.members(properties, 'code', scope);
    const words = WORDS.flatMap((name) => values.members(properties, name, scope));
    const details = values.members(properties, 'details', scope);
    const next = values.members(properties, 'next', scope);
    const detailed = details.flatMap((object) => values.members(object, 'next', scope));
    return { codes, words, next: [...next, ...detailed], exit: values.members(properties, 'exitCode', scope) };
  };
}

function readSite(site: Site, sources: Sources): readonly Message[] | typeof NOBODY {
  const all = readForms(site, sources, () => true);
  if (all === NOBODY) return all;
  const formsOf = (code: string) => new Set(all.filter((message) => message.code === code).map(({ words }) => words));
  const crowded = new Set(all.map(({ code }) => code).filter((code) => formsOf(code).size > MOST_FORMS));
  if (crowded.size === 0) return all;
  const short = readForms(site, sources, (needs) => needs === 'code');
  return [...all, ...(short === NOBODY ? [] : short)].filter(
    (message) => crowded.has(message.code) !== all.includes(message),
  );
}

/** All forms of a message, over the calls of the functions that it is passed through for the sake of what is asked for. */
function readForms(
  { kind, node, partsOf }: Site,
  sources: Sources,
  isWanted: (needs: 'code' | 'words') => boolean,
): readonly Message[] | typeof NOBODY {
  const place = placeOf(node);
  const read = (scope: Scope) => {
    const values = new Values(sources);
    const { codes, words, next, exit } = partsOf(values, scope);
    const texts = words.flatMap((each) => values.texts(each, scope));
    const nexts = next.flatMap((each) => values.texts(each, scope)).filter((text) => !text.startsWith('‹'));
    return { codes, texts, nexts, exit: exit[0]?.getText() ?? null, open: values.open };
  };
  const openOf = (scope: Scope): ReadonlySet<Callable> => {
    if (isWanted('words')) return read(scope).open;
    const values = new Values(sources);
    const { codes } = partsOf(values, scope);
    return new Set(codes.flatMap((code) => (isParameter(code) ? callablesAround(code) : [])));
  };
  let isOthers = false;
  const found: Message[] = [];
  for (const scope of scopesOf(openOf, sources)) {
    const { codes, texts, nexts, exit } = read(scope);
    for (const code of codes) {
      if (ts.isStringLiteral(code)) {
        if (!(kind === 'row' ? ROW_CODE : CODE).test(code.text)) continue;
        const next = nexts.length === 0 ? null : [...new Set(nexts)].join(' / ');
        for (const words of new Set(texts)) found.push({ code: code.text, kind, words, next, exit, place });
      } else if (ts.isPropertyAccessExpression(code)) isOthers = true;
      else if (ts.isIdentifier(code)) isOthers ||= isHandedOn(code) || !isCalled(code, sources);
    }
  }
  return found.length === 0 && isOthers ? NOBODY : found;
}

/** Whether one of the functions around a name is called at all. */
function isCalled(node: ts.Node, sources: Sources): boolean {
  return callablesAround(node).some((callable) => sources.callsOf(callable).length > 0);
}

/** The parameters of functions that a message is passed through, bound to the arguments of each call of them. */
function scopesOf(
  openOf: (scope: Scope) => ReadonlySet<Callable>,
  sources: Sources,
  scope: Scope = new Map(),
  depth = 0,
): readonly Scope[] {
  for (const callable of depth < MOST_CALLERS ? openOf(scope) : []) {
    const calls = scope.has(callable) ? [] : sources.callsOf(callable);
    if (calls.length === 0) continue;
    return calls.flatMap((call) =>
      scopesOf(openOf, sources, new Map([...scope, [callable, [...(call.arguments ?? [])]]]), depth + 1),
    );
  }
  return [scope];
}

function distinct(messages: readonly Message[]): readonly Message[] {
  const seen = new Map<string, Message>();
  for (const message of messages) {
    const { code, kind, words, next, exit } = message;
    const key = JSON.stringify([code, kind, words, next, exit]);
    if (!seen.has(key)) seen.set(key, message);
  }
  const thrown = new Set(messages.flatMap(({ kind, words }) => (kind === 'told' ? [] : [words])));
  const codes = (message: Message) => messages.filter(({ code, kind }) => code === message.code && kind === message.kind);
  const says = ({ words }: Message) => !/^‹[^›]*›$/.test(words);
  const left = [...seen.values()].filter(
    (message) =>
      !(message.kind === 'told' && thrown.has(message.words)) && (says(message) || !codes(message).some(says)),
  );
  return left.sort((a, b) => order(a.code, b.code) || order(a.kind, b.kind) || order(a.words, b.words));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
