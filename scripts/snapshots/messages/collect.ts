import ts from 'typescript';

import { callablesAround, placeOf, walk, type Callable, type Sources } from './sources.ts';
import { isHandedOn, isParameter, Values, type Scope } from './values.ts';

/** One message that the program has: its code, and what it says. */
export interface Message {
  readonly code: string;
  /**
   * The class of the error; `report` for words that the command line has itself, `told` for what a line tells and nobody
   * throws, `row` for why a row of a ledger is refused, `answer` for what a request is answered.
   */
  readonly kind: string;
  /** What happened, with `‹…›` for what only a run knows. */
  readonly words: string;
  /** What to do next, where the error itself says so. */
  readonly next: string | null;
  /** Its exit code, or the status of the answer, where that stands beside the words. */
  readonly exit: string | null;
  readonly place: string;
}

/** All messages, and what of the sources cannot be read. */
export interface Collection {
  readonly messages: readonly Message[];
  readonly unreadable: readonly string[];
}

const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
const LONG_CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
/** What is written like a code: variables of the environment, holders of roles, and what libraries call their errors. */
const OTHERS = [/^LODE_/, /_ROLE$/, /^(?:OWN_ACCOUNT|TIMELOCK_[A-Z]+)$/, /^(?:NETWORK_ERROR|EAI_AGAIN|CALL_EXCEPTION)$/];
const ROW_CODE = /^[a-z]+(?:-[a-z]+)*$/;
/** Lines that tell a code without an error name the words by one of these. */
const WORDS = ['shortMessage', 'message', 'reason'] as const;
/** A message with more forms than these is told once, with what differs as place holders. */
const MOST_FORMS = 9;
/** What only hands on the code of an error that was made elsewhere, or is never called, makes no message. */
const NOBODY = 'nobody';
/** Deeper calls of functions that pass a message on than there are. */
const MOST_CALLERS = 4;

/** Finds every error that the sources make on purpose, and everything else that has a code and words. */
export function collectMessages(sources: Sources): Collection {
  const messages: Message[] = [];
  const unreadable: string[] = [];
  const isOwn = ownWords(sources);
  const classes = positional(sources);
  for (const file of sources.files.values()) {
    walk(file, (node) => {
      const site = errorSite(node, sources, isOwn) ?? positionalSite(node, classes) ?? toldSite(node);
      if (site === null) return;
      const found = readSite(site, sources);
      if (found === NOBODY) return;
      if (found.length === 0 && site.kind !== 'told')
        unreadable.push(`${placeOf(node)}  no code can be read in ${node.getText().slice(0, 80).replaceAll('\n', ' ')}`);
      messages.push(...found);
    });
  }
  const codes = new Set(messages.map(({ code }) => code));
  return { messages: distinct(messages), unreadable: [...unreadable, ...unreadCodes(sources, codes)] };
}

/** Texts that look like a code of ours and were read nowhere: a message that the collector does not see, as a rule. */
function unreadCodes({ files }: Sources, codes: ReadonlySet<string>): readonly string[] {
  const found: string[] = [];
  for (const file of files.values()) {
    walk(file, (node) => {
      if (!ts.isStringLiteral(node) || !LONG_CODE.test(node.text) || codes.has(node.text)) return;
      if (!isOther(node)) found.push(`${placeOf(node)}  what is ${node.text}, if no message has it for its code?`);
    });
  }
  return found;
}

/** Whether a text is no code of ours by where it stands. */
function isOther({ parent, text }: ts.StringLiteral): boolean {
  return ts.isBinaryExpression(parent) || OTHERS.some((pattern) => pattern.test(text));
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

/** Where the constructor of a class takes a code and its words one behind the other. */
interface Positions {
  readonly code: number;
  readonly words: number;
  /** The status of an answer; -1 where there is none. */
  readonly status: number;
}

/** The classes that take their code and words so: why a row is refused, and what a request is answered. */
function positional({ files }: Sources): ReadonlyMap<string, Positions> {
  const found = new Map<string, Positions>();
  for (const file of files.values()) {
    walk(file, (node) => {
      if (!ts.isConstructorDeclaration(node)) return;
      const names = node.parameters.map(({ name }) => name.getText());
      const at = (...wanted: readonly string[]) => names.findIndex((name) => wanted.includes(name));
      const positions = { code: at('code'), words: at('words', ...WORDS), status: at('status') };
      const name = node.parent.name?.text;
      if (name !== undefined && positions.code >= 0 && positions.words >= 0) found.set(name, positions);
    });
  }
  return found;
}

function positionalSite(node: ts.Node, classes: ReadonlyMap<string, Positions>): Site | null {
  const positions = ts.isNewExpression(node) ? classes.get(node.expression.getText()) : undefined;
  if (!ts.isNewExpression(node) || positions === undefined) return null;
  const given = (at: number) => node.arguments?.[at];
  const [code, words, status] = [given(positions.code), given(positions.words), given(positions.status)];
  if (code === undefined || words === undefined) return null;
  const partsOf = (values: Values, scope: Scope): Parts => {
    const said = WORDS.flatMap((name) => values.members(words, name, scope));
    return {
      codes: values.forms(code, scope),
      words: said.length > 0 ? said : values.forms(words, scope),
      next: values.members(words, 'next', scope),
      exit: status === undefined ? [] : values.forms(status, scope),
    };
  };
  return { kind: status === undefined ? 'row' : 'answer', node, partsOf };
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
    const nexts = next.flatMap((each) => values.texts(each, scope));
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
    for (const [at, code] of codes.entries()) {
      if (ts.isStringLiteral(code)) {
        if (!(kind === 'row' ? ROW_CODE : CODE).test(code.text)) continue;
        for (const words of beside(texts, codes.length, at)) {
          const said = beside(nexts, texts.length, texts.indexOf(words)).filter((text) => !text.startsWith('‹'));
          const next = said.length === 0 ? null : [...new Set(said)].join(' / ');
          found.push({ code: code.text, kind, words, next, exit, place });
        }
      } else if (ts.isPropertyAccessExpression(code)) isOthers = true;
      else if (ts.isIdentifier(code)) isOthers ||= isHandedOn(code) || !isCalled(code, sources);
    }
  }
  return found.length === 0 && isOthers ? NOBODY : found;
}

/** Of as many texts as there are of what they belong to, the one at this place; else all. */
function beside(texts: readonly string[], count: number, at: number): readonly string[] {
  const [own] = texts.slice(at, at + 1);
  return count > 1 && texts.length === count && own !== undefined ? [own] : [...new Set(texts)];
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
