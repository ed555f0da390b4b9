import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import type { Command } from 'commander';

import { EXIT_MEANINGS } from '../../src/cli/exit-codes.ts';
import { createProgram } from '../../src/cli/program.ts';

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
const silent = { out: () => undefined, err: () => undefined, isTerminal: false, columns: 80, cwd: '/' };
const program = createProgram({ io: silent, setExitCode: () => undefined });

/** The text of a section, from its heading to the next. */
function section(heading: string): string {
  const [, after = ''] = page.split(`\n## ${heading}\n`);
  return after.split('\n## ')[0] ?? '';
}

/** The cells of each row of a section's first table, without its head. */
function tableIn(text: string): string[][] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'));
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  return lines
    .slice(from, from + length)
    .slice(2)
    .map(cells);
}

/** What the page must say about a command's arguments and options. */
function definitions(command: Command): string[][] {
  const given = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    if (argument.required) return [`\`<${name}>\``, `${argument.description}; required`];
    const absent = argument.defaultValue === undefined ? '' : `; \`${String(argument.defaultValue)}\` if absent`;
    return [`\`[${name}]\``, `${argument.description}${absent}`];
  });
  const options = command.options.map(({ flags, description, mandatory, defaultValue }) => {
    const absent = defaultValue === undefined ? '' : `; \`${String(defaultValue)}\` if absent`;
    return [`\`${flags}\``, `${description}${mandatory ? '; required' : ''}${absent}`];
  });
  return [...given, ...options];
}

/** What can be run, by the words behind `lode`; a group such as `preset` does nothing by itself. */
const commands = program.commands.flatMap((command) =>
  command.commands.length === 0
    ? [{ name: command.name(), command }]
    : command.commands.map((inner) => ({ name: `${command.name()} ${inner.name()}`, command: inner })),
);

describe('docs/cli.md', () => {
  it('has the exit codes of the program', () => {
    const expected = [...EXIT_MEANINGS].map(([code, meaning]) => [`${code}`, meaning]);
    expect(tableIn(section('Exit codes'))).to.deep.equal(expected);
  });

  it('has a section for every command and for no other', () => {
    const sections = [...page.matchAll(/^## lode (.+)$/gm)].map(([, name]) => name);
    expect(sections).to.deep.equal(commands.map(({ name }) => name));
  });

  for (const { name, command } of commands) {
    it(`says of ${name} what the program says`, () => {
      const text = section(`lode ${name}`);
      expect(text.trim().split('\n\n')[0]).to.equal(command.description());
      expect(tableIn(text)).to.deep.equal(definitions(command));
    });
  }
});
