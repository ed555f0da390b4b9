import type { Query } from '../../settlement/policy/sql.ts';

/** A query as statements that run one after the other. */
export interface StagedQuery {
  /** Steps that become tables of their own, in their order: what each of them is made by. */
  readonly tables: readonly { readonly name: string; readonly select: string }[];
  /** Reads those tables, and whatever else it needs as subqueries. */
  readonly select: string;
}

/** Where a statement names a step or a table, and what it calls it. */
const NAMED = /\b(FROM|JOIN)\s+(\w+)(?:\s+AS\s+(\w+))?/g;

/**
 * Lays a query out so that no step is computed twice by an engine that computes a step anew each time that it is named: what is named once
 * is written where it is named, what is named more often becomes a table. What no step leads to is left out.
 *
 * @param made - The steps that are tables already, from queries before
 */
export function stageQuery({ steps, select }: Query, made: ReadonlySet<string> = new Set()): StagedQuery {
  const bodies = new Map(steps);
  const times = new Map<string, number>();
  const pending = [select];
  for (let sql = pending.pop(); sql !== undefined; sql = pending.pop()) {
    for (const [, , name = ''] of sql.matchAll(NAMED)) {
      const body = bodies.get(name);
      if (body === undefined || made.has(name)) continue;
      const before = times.get(name) ?? 0;
      times.set(name, before + 1);
      if (before === 0) pending.push(body);
    }
  }
  const whole = (sql: string): string =>
    sql.replace(NAMED, (named, keyword: string, name: string, alias: string = name) => {
      const body = times.get(name) === 1 ? bodies.get(name) : undefined;
      return body === undefined ? named : `${keyword} (${whole(body)}) AS ${alias}`;
    });
  const tables = steps.filter(([name]) => (times.get(name) ?? 0) > 1);
  return { tables: tables.map(([name, body]) => ({ name, select: whole(body) })), select: whole(select) };
}
