import type { ErrorFragment } from 'ethers';
import { format } from 'prettier';

import { CONTRACT_ERRORS, RevertError } from '../../src/chain/revert-error.ts';
import { REFUSALS } from '../../src/chain/revert-words.ts';
import { EXIT, EXIT_MEANINGS, type ExitCode } from '../../src/cli/exit-codes.ts';
import { describeError, SYSTEM_WORDS } from '../../src/cli/report-error.ts';
import {
  InputError,
  InvariantError,
  MissingError,
  ProtocolError,
  RefusedError,
  RetryableError,
} from '../../src/protocol/errors.ts';
import type { Message } from './messages/collect.ts';
import type { Reason } from './messages/reasons.ts';
import { UNPROVOKED } from './messages/unprovoked.ts';
import type { Sources } from './messages/sources.ts';

const CLASSES = { RevertError, RefusedError, MissingError, InputError, InvariantError, RetryableError, ProtocolError };

const INTRODUCTION = `# Messages

<!-- Written by \`npm run snapshots\` from the sources. -->

Every error that \`lode\` makes, by its exit code and its code. The first line on stderr says what happened, the lines below give the values, the last one
what to do next; with \`--json\` the same stands in \`error\`: \`exitCode\`, \`code\`, \`message\`, \`details\`, \`next\` ([the command line](cli.md)). Codes are stable; words can
get better. \`‹…›\` stands for a value of the run. Where a row says nothing to do next, what the section says is printed. A test
produces each of these codes, but for [those that nobody can provoke](#provoked-by-no-test).
`;

/** What a section says before its rows. */
const SECTIONS: readonly (readonly [exit: ExitCode, title: string])[] = [
  [EXIT.input, 'Something given is wrong'],
  [EXIT.difference, 'Something is not what it should be'],
  [EXIT.retry, 'Something outside does not answer'],
  [EXIT.refused, 'The present state does not allow it'],
  [EXIT.missing, 'Something is not there'],
  [EXIT.internal, 'Faults of lode'],
];

/** Words that are others': of the parser of command lines, or of the error that stopped a deployment. */
const WORDS_OF_OTHERS: Readonly<Record<string, string>> = {
  COMMAND_UNKNOWN: 'unknown command ‹command›',
  USAGE: 'what of the command line cannot be read: an option that is not known, or lacks, or an argument too many',
  INTERNAL: 'what broke within, with its lines for a report of the fault',
  NOT_TAKEN: 'what every endpoint said when it refused the transaction',
  DEPLOYMENT_STOPPED: 'what stopped the deployment',
};

/** A message with what its class adds: the exit code, and what is printed when it says nothing to do next. */
export interface ListedMessage extends Message {
  readonly exitCode: ExitCode | null;
  readonly general: string;
}

/** The same messages, with the exit code and the general next step that the command line gives to each. */
export function listMessages(messages: readonly Message[], sources: Sources): readonly ListedMessage[] {
  return messages.map((message) => {
    const { code, kind, exit, words } = message;
    const own = { ...message, words: /^‹[^›]*›$/.test(words) ? (WORDS_OF_OTHERS[code] ?? words) : words };
    if (kind === 'told' || kind === 'row' || kind === 'answer') return { ...own, exitCode: null, general: '' };
    const names: readonly string[] = sources.ancestors(kind);
    const name = names.find((each): each is keyof typeof CLASSES => each in CLASSES) ?? 'ProtocolError';
    const report = describeError(new CLASSES[name]({ code, shortMessage: words }));
    return { ...own, exitCode: exit === null ? report.exitCode : (Number(exit) as ExitCode), general: report.next }; // read from EXIT
  });
}

/** Errors of the operating system that the command line has words for. */
export function systemMessages(): readonly ListedMessage[] {
  return Object.entries(SYSTEM_WORDS).map(([code, [exitCode, words, next]]) => ({
    ...{ code, kind: 'report', words, next, exit: null, place: 'src/cli/report-error.ts', exitCode, general: '' },
  }));
}

/** Every error of the contracts by its name. */
export function contractErrors(): readonly ErrorFragment[] {
  const byName = new Map([...CONTRACT_ERRORS.values()].map((fragment) => [fragment.name, fragment]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The text of `docs/messages.md`. */
export async function messagesPage(messages: readonly ListedMessage[], reasons: readonly Reason[]): Promise<string> {
  const isAnswer = ({ kind, place }: Message) =>
    kind === 'answer' || (kind === 'told' && /serve-status|\/ingest\//.test(place));
  const isScript = ({ place }: Message) => place.startsWith('scripts/');
  const ofKind = (kind: string) => messages.filter((message) => message.kind === kind);
  const thrown = messages.filter((message) => message.exitCode !== null && !isScript(message));
  const text = [
    INTRODUCTION,
    '## Exit codes',
    ['| exit code | meaning |', '| --- | --- |', ...[...EXIT_MEANINGS].map((cells) => `| ${cells.join(' | ')} |`)].join('\n'),
    ...SECTIONS.flatMap(([exit, title]) => section(exit, title, thrown)),
    '## Refused by a contract: exit code 5',
    'The code is the name of the error. These are told in words:',
    refusals(true),
    'The others by their figures alone; most are of the libraries that the contracts are made with, and no command gets that far:',
    refusals(false),
    '## Told on a line',
    'Lines of `lode watch`, `lode keeper`, `lode claim` and `lode verify --from-chain` that say why something was not sent, not judged or not equal, while the command goes on; with `--json` in `code`:',
    list(ofKind('told').filter((message) => !isAnswer(message))),
    '## Answered over HTTP',
    'What `lode ingest serve`, and the status of `lode keeper`, answer to a request that they do not take, as JSON (`code`, `message`, `next`):',
    list(messages.filter(isAnswer).map((message) => ({ ...message, words: withStatus(message) }))),
    '## Told by the scripts: exit code 1',
    'The scripts that lead an epoch through its life ([deployment](deployment.md)) print the code and these words:',
    list(messages.filter(isScript)),
    '## Reasons',
    'What stands for `‹reason›`, or is expected instead of what an option or setting was given, by the code behind which it is told:',
    ...reasonsByCode(reasons),
    '## Rows of a ledger',
    'Why a row counts for nothing ([the ledger](formats/ledger.md)); the words stand in reports, behind file and line:',
    list(ofKind('row')),
    '## Provoked by no test',
    Object.entries(UNPROVOKED)
      .map(([code, reason]) => `- \`${code}\`: ${escape(reason)}`)
      .join('\n'),
    "Nor are the errors that the contracts inherit from OpenZeppelin's and that no command has words for.",
  ].join('\n\n');
  return format(`${text}\n`, { parser: 'markdown', printWidth: 120 });
}

function reasonsByCode(reasons: readonly Reason[]): readonly string[] {
  const codes = [...new Set(reasons.map(({ code }) => code))];
  return codes.map((code) => {
    const own = reasons.filter((reason) => reason.code === code);
    return [`- \`${code}\``, ...own.map(({ words }) => `  - ${escape(words)}`)].join('\n');
  });
}

function withStatus({ exit, words }: Message): string {
  return exit === null ? words : `${exit}: ${words}`;
}

function section(exit: ExitCode, title: string, all: readonly ListedMessage[]): readonly string[] {
  const messages = all.filter(({ exitCode }) => exitCode === exit);
  if (messages.length === 0) return [];
  const generals = [...new Set(messages.filter(({ next }) => next === null).map(({ general }) => general))];
  const general = generals.map((each) => `“${each}”`).join(', or ');
  return [
    `## ${title}: exit code ${exit}`,
    generals.length === 0 ? '' : `Where nothing else is said: ${general}.`,
    list(messages),
  ];
}

/** One entry a code: what it says, and what to do next. */
function list(messages: readonly Message[]): string {
  const codes = [...new Set(messages.map(({ code }) => code))].sort((a, b) => (a < b ? -1 : 1));
  return codes.map((code) => entry(code, messages.filter((message) => message.code === code))).join('\n');
}

function entry(code: string, messages: readonly Message[]): string {
  const arrow = (next: string | null) => (next === null ? '' : ` → ${escape(next)}`);
  const [first] = messages;
  const words = [...new Set(messages.map((message) => escape(message.words)))];
  if (first !== undefined && messages.every(({ next }) => next === first.next)) {
    if (words.length === 1) return `- \`${code}\`: ${words.join()}${arrow(first.next)}`;
    return [`- \`${code}\`${arrow(first.next)}`, ...words.map((each) => `  - ${each}`)].join('\n');
  }
  const lines = new Set(messages.map((message) => `  - ${escape(message.words)}${arrow(message.next)}`));
  return [`- \`${code}\``, ...lines].join('\n');
}

function refusals(told: boolean): string {
  const shown = contractErrors().filter(({ name }) => name in REFUSALS === told);
  if (!told) return shown.map((fragment) => `- \`${fragment.format('full').replace(/^error /, '')}\``).join('\n');
  return list(
    shown.map(({ name }) => {
      const [template = '', next = null] = REFUSALS[name] ?? [];
      const words = template.replace(/\{(\w+):\w+\}/g, (_, figure: string) => `‹${spaced(figure)}›`);
      return { code: name, words, next, kind: 'RevertError', exit: null, place: '' };
    }),
  );
}

function spaced(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

/** Text as it stands in a list: what Markdown would take for its own is not. */
function escape(text: string): string {
  return text
    .split('`')
    .map((part, at) => (at % 2 === 1 ? part : part.replace(/[<*_\\]/g, '\\$&')))
    .join('`')
    .replaceAll('\n', ' ');
}
