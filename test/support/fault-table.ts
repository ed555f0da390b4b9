import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

import { isDeep } from './effort.ts';

const PAGE = new URL('../../docs/faults.md', import.meta.url).pathname;

/** One fault, how often it was made to happen, and what came of it. */
interface Row {
  readonly fault: string;
  readonly outcome: string;
  times: number;
}

/** What was done to an operator, and what came of it; rows keep the order in which they were first noted. */
export class FaultTable {
  readonly #name: string;
  readonly #rows: Row[] = [];
  readonly #notes: string[] = [];

  /** `name` is that of the section of docs/faults.md between `<!-- name -->` and `<!-- /name -->`. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Notes that a fault happened, and what came of it. */
  note(fault: string, outcome: string, times = 1): void {
    const known = this.#rows.find((row) => row.fault === fault && row.outcome === outcome);
    if (known === undefined) this.#rows.push({ fault, outcome, times });
    else known.times += times;
  }

  /** Says something about the run as a whole. */
  say(note: string): void {
    this.#notes.push(note);
  }

  /** Prints the table; a full run also writes it into its section of the page. */
  async publish(): Promise<void> {
    const head = { fault: 'fault', times: 'times', outcome: 'outcome' };
    const rows = [head, ...this.#rows.map((row) => ({ ...row, times: row.times.toLocaleString('en') }))];
    const width = (key: keyof typeof head): number => Math.max(...rows.map((row) => row[key].length));
    const [fault, times, outcome] = [width('fault'), width('times'), width('outcome')];
    const lines = rows.map(
      (row) => `| ${row.fault.padEnd(fault)} | ${row.times.padEnd(times)} | ${row.outcome.padEnd(outcome)} |`,
    );
    lines.splice(1, 0, `| ${'-'.repeat(fault)} | ${'-'.repeat(times)} | ${'-'.repeat(outcome)} |`);
    const notes = this.#notes.map((note) => `${note}\n`).join('\n');
    const text = `${notes === '' ? '' : `${notes}\n`}${this.#rows.length === 0 ? '' : `${lines.join('\n')}\n`}`;
    console.log(text.replace(/^/gm, '    '));
    if (!isDeep || !existsSync(PAGE)) return;
    const page = await readFile(PAGE, 'utf8');
    const [begin, end] = [`<!-- ${this.#name} -->`, `<!-- /${this.#name} -->`];
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/faults.md has no section ${this.#name}`);
    await writeFile(PAGE, `${page.slice(0, from + begin.length)}\n\n${text}\n${page.slice(to)}`);
  }
}
