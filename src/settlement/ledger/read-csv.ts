import { Fault } from './fault.ts';
import { columnsFault } from './parse-fields.ts';
import type { Columns } from './parse-fields.ts';
import type { RawRow } from './rows.ts';
import { MAX_LINE, MAX_RECORD } from './split-lines.ts';
import type { TextLine } from './split-lines.ts';

/**
 * Reads CSV as RFC 4180 says it, strictly: commas, a header, quotes only around a whole field and doubled inside it.
 *
 * A record that breaks the rules is one bad row, never a guess, and the record after it is read as if nothing had
 * happened. What stands inside quotes is never taken for a row of its own, whatever it looks like: a text that somebody
 * put into an attribute cannot smuggle rows in. Under a quote that is never closed every line down to the end is a bad row.
 * After a line too long to keep nobody knows what is inside quotes: the file is damaged, and nothing after it is read.
 */
export class CsvReader {
  readonly #columns: Columns;
  #header: readonly string[] | undefined;
  #headerFault: Fault | undefined;
  #record: OpenRecord | undefined;
  #stopped = false;

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  /** The rows that these lines complete. */
  push(lines: readonly TextLine[]): RawRow[] {
    const rows: RawRow[] = [];
    for (const line of lines) {
      if (this.#stopped) break;
      if (line.cut) {
        this.#stopped = true;
        rows.push({ line: line.line, fault: new Fault('file-corrupt', `the line is longer than ${MAX_LINE} bytes`) });
        break;
      }
      const record = this.#record ?? new OpenRecord(line.line);
      this.#record = record.push(line) ? undefined : record;
      if (this.#record === undefined) this.#finish(record, rows);
    }
    return rows;
  }

  /**
   * What is wrong at the end, `nextLine` being the line that would come next: the lines under a quote that is still open,
   * or that there was no header, which a file already known as `damaged` is not blamed for.
   */
  end(nextLine: number, damaged: boolean): RawRow[] {
    if (this.#stopped) return [];
    if (this.#record !== undefined) {
      const { line } = this.#record;
      const words = `the quote opened on line ${line} is not closed before the end of the file`;
      const fault = new Fault(this.#header === undefined ? 'header' : 'csv-quote', words);
      return Array.from({ length: nextLine - line }, (_, index) => ({ line: line + index, fault }));
    }
    if (damaged || this.#header !== undefined || this.#headerFault !== undefined) return [];
    return [{ line: nextLine, fault: new Fault('file-empty', 'there is not even a header') }];
  }

  #finish(record: OpenRecord, rows: RawRow[]): void {
    const { line, fault, fields } = record;
    if (this.#header === undefined && this.#headerFault === undefined) {
      const problem = this.#readHeader(record);
      if (problem !== undefined) rows.push({ line, fault: problem });
      return;
    }
    if (this.#headerFault !== undefined) rows.push({ line, fault: new Fault('header', this.#headerFault.words) });
    else if (fault !== undefined) rows.push({ line, fault });
    else if (fields.length !== this.#header?.length) {
      const words = `the row has ${fields.length} columns, the header ${this.#header?.length}`;
      rows.push({ line, fault: new Fault('csv-columns', words) });
    } else rows.push({ line, fields: new Map(this.#header.map((name, index) => [name, fields[index] ?? ''])) });
  }

  #readHeader({ fault, fields }: OpenRecord): Fault | undefined {
    const twice = fields.find((name, index) => fields.indexOf(name) !== index);
    const problem =
      fault ??
      (twice === undefined
        ? columnsFault(fields, this.#columns)
        : new Fault('header', `two columns are called ${twice}`));
    if (problem === undefined) this.#header = fields;
    else this.#headerFault = new Fault('header', `the header cannot be used: ${problem.words}`);
    return this.#headerFault;
  }
}

type State = 'start' | 'plain' | 'quoted' | 'closed';

/** A record while it is being read, line by line. */
class OpenRecord {
  readonly line: number;
  readonly fields: string[] = [];
  fault: Fault | undefined;
  #state: State = 'start';
  #field = '';
  #length = 0;

  constructor(line: number) {
    this.line = line;
  }

  /** Takes in one line; true when the record ends with it. */
  push({ text, fault }: TextLine): boolean {
    if (fault === 'encoding') this.#spoil(new Fault('encoding', 'the row is not UTF-8'));
    if (fault === 'record-too-long' || this.#length + text.length > MAX_RECORD) {
      this.#spoil(new Fault('record-too-long', `the row is longer than ${MAX_RECORD} bytes`));
    }
    this.#length += text.length;
    if (this.#state === 'start' && !text.includes('"')) {
      this.fields.push(...text.split(','));
      return true;
    }
    for (const character of text) this.#take(character);
    if (this.#state === 'quoted') {
      this.#add('\n');
      return false;
    }
    this.fields.push(this.#field);
    return true;
  }

  #take(character: string): void {
    if (this.#state === 'quoted') {
      if (character === '"') this.#state = 'closed';
      else this.#add(character);
    } else if (character === ',') {
      this.fields.push(this.#field);
      this.#field = '';
      this.#state = 'start';
    } else if (character === '"' && this.#state === 'start') {
      this.#state = 'quoted';
    } else if (character === '"' && this.#state === 'closed') {
      this.#add('"');
      this.#state = 'quoted';
    } else {
      if (character === '"' || this.#state === 'closed') {
        this.#spoil(new Fault('csv-quote', 'a quote stands where none may stand'));
      }
      if (this.#state === 'start') this.#state = 'plain';
      this.#add(character);
    }
  }

  /** A spoiled record is read on only to find its end; its text is not kept. */
  #add(text: string): void {
    if (this.fault === undefined) this.#field += text;
  }

  #spoil(fault: Fault): void {
    this.fault ??= fault;
  }
}
