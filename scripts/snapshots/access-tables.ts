import { format } from 'prettier';

import type { AccessRow, Caller } from '../../deploy/roles.ts';
import { ACCESS_TABLE, CALLERS } from '../../deploy/roles.ts';

const [BEGIN, END] = [
  '<!-- Written by `npm run snapshots` from `deploy/roles.ts`: from here -->',
  '<!-- to here -->',
];

/** Who holds a role: in the time of the council, and after the hand-over. */
const HOLDERS: Readonly<Record<Exclude<Caller, keyof typeof CALLERS>, readonly [before: string, after: string]>> = {
  OPERATOR: ['the operators', 'the operators'],
  GUARDIAN: ['the guardians', 'the guardians'],
  GOVERNANCE: ['the timelock, by the council', 'the timelock, by the holders’ vote'],
  ADMIN: ['the timelock, by the council', 'the timelock, by the holders’ vote'],
  TIMELOCK_ADMIN: ['the contract `Handover`, by its one step', 'the timelock, by the holders’ vote'],
  TIMELOCK_PROPOSER: ['the council', 'the governor'],
  TIMELOCK_CANCELLER: ['the council, and `GuardianCanceller`', 'the governor, and `GuardianCanceller`'],
  TIMELOCK_EXECUTOR: ['the council', 'anyone'],
};

/** A page with the tables of who may call what as the code has them, in the place of those that stand there. */
export async function withAccessTables(page: string): Promise<string> {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`the page has no place for the tables: ${BEGIN} … ${END}`);
  const text = [before, BEGIN, tables(), END, after].join('\n\n');
  return await format(text, { parser: 'markdown', printWidth: 120 });
}

function tables(): string {
  const open = ACCESS_TABLE.flatMap((row) => cellsOf(row, (name) => !(name in (row.closed?.by ?? {}))));
  const closed = ACCESS_TABLE.flatMap((row) =>
    Object.entries(row.closed?.by ?? {}).map(([name, error]) => [
      row.contract,
      code(name),
      row.closed?.after === 'hand-over' ? 'the hand-over' : 'the set-up',
      code(error),
    ]),
  );
  return [
    table(['role', 'until the hand-over', 'after it'], holders()),
    'Everything that changes anything:',
    table(['who', 'contract', 'functions', 'waits for', 'what for'], together(open)),
    'What worked once at most, and what is told now to whoever was allowed to:',
    table(['contract', 'function', 'over since', 'error'], closed),
  ].join('\n\n');
}

function holders(): string[][] {
  return Object.entries(HOLDERS).map(([role, [before, after]]) => [role, before, after]);
}

function cellsOf({ role, contract, functions, delay, why }: AccessRow, isShown: (name: string) => boolean): string[][] {
  const shown = (functions as readonly string[]).filter(isShown);
  if (shown.length === 0) return [];
  const who = role in CALLERS ? CALLERS[role as keyof typeof CALLERS] : role; // just looked for
  return [[who, contract, shown.map(code).join(', '), delay === 'timelock' ? 'the timelock' : '–', why]];
}

/** Rows that differ in nothing but the contract, as one. */
function together(rows: readonly string[][]): string[][] {
  const byRest = new Map<string, string[]>();
  for (const [who = '', contract = '', ...rest] of rows) {
    const key = JSON.stringify([who, ...rest]);
    const known = byRest.get(key);
    byRest.set(key, [who, known === undefined ? contract : `${known[1]}, ${contract}`, ...rest]);
  }
  return [...byRest.values()];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function code(name: string): string {
  return `\`${name}\``;
}
