import { format } from 'prettier';

import type { Action } from '../../src/chain/governance/action.ts';
import { ACTIONS, WITHOUT_ACTION } from '../../src/chain/governance/actions.ts';
import { FLAGS } from '../../src/chain/governance/wishes.ts';

/** Between these lines of `docs/governance.md` stands what this file writes. */
export const GENERATED = ['<!-- from the catalogue: npm run snapshots -->', '<!-- end of the catalogue -->'] as const;

/** The page with its table of actions as the catalogue has them now. */
export async function governancePage(page: string): Promise<string> {
  const [begin, end] = GENERATED;
  const [before, rest = ''] = page.split(begin);
  const [, after] = rest.split(end);
  if (before === undefined || after === undefined) throw new Error(`the page lacks the lines ${begin} and ${end}`);
  const text = `${before}${begin}\n\n${actionTable()}\n${withoutAction()}\n${end}${after}`;
  return await format(text, { parser: 'markdown', printWidth: 120 });
}

function actionTable(): string {
  const head = ['what', 'options', 'calls', 'acts', 'bounds in code'];
  return tableOf([head, head.map(() => '---'), ...ACTIONS.map(row)]);
}

function row({ title, wishes, contract, functions, acts, bounds }: Action): string[] {
  const options = wishes.map((wish) => `\`--${FLAGS[wish].option}\``).join(', ');
  const calls = Object.keys(functions).map((name) => `\`${contract}.${name}\``);
  return [title, options, calls.join(', '), acts, bounds];
}

function withoutAction(): string {
  const rows = Object.entries(WITHOUT_ACTION).map(([name, why]) => `- \`${name}\`: ${why}.`);
  return `What governance may call besides, and nothing is offered for:\n\n${rows.join('\n')}\n`;
}

function tableOf(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
