import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import type { Command } from 'commander';

import { createProgram } from '../../src/cli/program.ts';
import { configSchema, parseConfig } from '../../src/operator/config.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, 'examples/operator');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const silent = { out: () => undefined, err: () => undefined, isTerminal: false, columns: 80, cwd: '/' };
const program = createProgram({ io: silent, setExitCode: () => undefined });
const units = readdirSync(FOLDER).filter((name) => name.endsWith('.service'));

/** The command lines of ours in a recipe: the words behind `lode`, up to where another program or a file begins. */
function commandLines(text: string): string[] {
  const found: string[] = [];
  for (const line of text.split(/[\n`]/)) {
    const words = line.trim().split(/\s+/);
    const at = words.findLastIndex((word, place) => {
      const isOurs = word === 'lode' || word.endsWith('lode.mjs');
      return isOurs && /^[a-z]/.test(words[place + 1] ?? '') && words[place + 1] !== 'cd';
    });
    if (at === -1) continue;
    const own = words.slice(at + 1);
    const end = own.findIndex((word) => /^[&|>#\d]/.test(word) || word.includes('>'));
    found.push((end === -1 ? own : own.slice(0, end)).join(' '));
  }
  return found;
}

/** What is wrong with a command line: a command or a flag that the program does not have. */
function faultOf(line: string): string | null {
  const words = line.split(/\s+/);
  let command: Command = program;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const next = command.commands.find((one) => one.name() === word);
    if (next !== undefined) command = next;
    else if (word.startsWith('-')) {
      const flag = word;
      if (!command.options.some(({ long, short }) => long === flag || short === flag)) {
        return `lode ${line}: there is no ${flag}`;
      }
    } else if (command.commands.length > 0) return `lode ${line}: there is no '${word}'`;
  }
  return null;
}

describe('the recipes for operators', () => {
  const folder = temporaryFolder();

  it('name only commands and flags that the program has', () => {
    const files = [...units.map((name) => `examples/operator/${name}`), 'examples/operator/cron', 'docs/operator.md'];
    for (const file of files) {
      const code = file.endsWith('.md') ? blocksOf(read(file)) : withoutRemarks(read(file));
      const lines = commandLines(code);
      expect(lines, file).to.not.deep.equal([]);
      expect(
        lines.map(faultOf).filter((fault) => fault !== null),
        file,
      ).to.deep.equal([]);
    }
    expect(faultOf('keeper --never')).to.equal('lode keeper --never: there is no --never');
    expect(faultOf('epoch bury')).to.equal("lode epoch bury: there is no 'bury'");
  });

  it('are units that systemd understands, hardened alike, without a key in the clear', async () => {
    for (const name of units) {
      const text = read(`examples/operator/${name}`);
      const settings = text.split('\n').filter((line) => /^[A-Za-z]+=/.test(line));
      for (const line of text.split('\n')) expect(line).to.match(/^(#.*|\[\w+\]|[A-Za-z]+=.*|)$/);
      expect(settings).to.include.members([
        'DynamicUser=yes',
        'NoNewPrivileges=yes',
        'ProtectSystem=strict',
        'Restart=on-failure',
      ]);
      // The programs of this machine stand where they stand; everything else is as it is delivered.
      const path = await folder.write(name, text.replaceAll('/usr/bin/node', process.execPath));
      const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
        encoding: 'utf8',
      });
      if (error === undefined) expect({ status, stderr }, name).to.deep.equal({ status: 0, stderr: '' });
      else expect(error).to.include({ code: 'ENOENT' });
    }
    expect(read('examples/operator/lode-keeper.service')).to.match(/^LoadCredentialEncrypted=password:/m);
    expect(read('examples/operator/lode-ingest.service')).to.not.match(/LoadCredential/);
  });

  it('have settings that the program reads', () => {
    const config = parseConfig(read('examples/operator/lode.config.json'), '/var/lib/lode/lode.config.json');
    expect(config.publish.targets.map(({ kind }) => kind)).to.deep.equal(['directory', 'http', 'ipfs']);
    expect(config.ledger.dropFolder).to.equal('/var/lib/lode/drop');
  });

  it('build an image from the lock file alone, without keys and without what a machine made', () => {
    const steps = withoutRemarks(read('Dockerfile')).split('\n');
    const runs = steps.filter((line) => line.startsWith('RUN '));
    expect(runs[0]).to.match(/^RUN npm ci\b/);
    expect(runs.join('\n')).to.not.match(/\b(curl|wget|git|apt-get|npm i(nstall)?|npx|pip)\b/);
    for (const [, source = ''] of read('Dockerfile').matchAll(/^COPY (?!--from)(\S+) /gm)) {
      expect(readdirSync(ROOT, { recursive: false }).some((name) => source === '.' || source.startsWith(String(name))))
        .to.be.true;
    }
    const ignored = read('.dockerignore').split('\n');
    expect(ignored).to.include.members(['.git', '**/node_modules', 'artifacts', '**/key.json', '**/lode.config.json']);
  });
});

describe('docs/operator.md', () => {
  it('has every field of the settings, and no other', () => {
    const page = read('docs/operator.md').split('\n## The settings\n')[1]?.split('\n## ')[0] ?? '';
    const listed = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, field = '']) => field);
    expect([...listed].sort()).to.deep.equal(fieldsOf(configSchema.shape).sort());
  });
});

/** The fields of a schema of objects, with their paths; groups that can be null stand for themselves as well. */
function fieldsOf(shape: Readonly<Record<string, unknown>>, below = ''): string[] {
  return Object.entries(shape).flatMap(([name, type]) => {
    const path = `${below}${name}`;
    const { inner, isNullable } = unwrapped(type);
    if (inner === null) return [path];
    return [...(isNullable ? [path] : []), ...fieldsOf(inner, `${path}.`)];
  });
}

/** The shape of an object behind defaults and null; null where there is none. */
function unwrapped(type: unknown): {
  readonly inner: Readonly<Record<string, unknown>> | null;
  readonly isNullable: boolean;
} {
  let [at, isNullable] = [type, false];
  for (;;) {
    const { def } = at as {
      readonly def: { readonly type: string; readonly innerType?: unknown; readonly shape?: object };
    };
    if (def.type === 'nullable') isNullable = true;
    if (def.innerType === undefined) {
      return { inner: def.type === 'object' ? { ...def.shape } : null, isNullable };
    }
    at = def.innerType;
  }
}

function withoutRemarks(text: string): string {
  return text.replace(/^#.*$/gm, '');
}

/** The shell blocks of a page, and what stands between backquotes in its text. */
function blocksOf(page: string): string {
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const inline = [...page.replace(/```[\s\S]*?```/g, '').matchAll(/`lode [^`\n]+`/g)].map(([text]) => text);
  return [...blocks, ...inline].join('\n').replaceAll('\\\n', ' ');
}
