/**
 * A ClickHouse engine in a process of its own: chdb, asked over the channel to whoever started it. It holds one session's temporary tables.
 *
 * Arguments: the folder that chdb is installed in.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { EngineAnswer, EngineRequest } from './engine-messages.ts';

interface Session {
  readonly queryAsync: (sql: string, options: { readonly format: string }) => Promise<{ bytes: () => Uint8Array }>;
}

const [folder = ''] = process.argv.slice(2);
const { Session } = createRequire(join(folder, 'package.json'))('chdb') as { readonly Session: new () => Session };
const session = new Session();
/** The profile of the server: what holds where a request says nothing else. */
let profile: Readonly<Record<string, string>> = {};
/** What holds at the moment. */
let applied: Readonly<Record<string, string>> = {};

async function run(sql: string, format = 'TabSeparated'): Promise<Uint8Array> {
  return (await session.queryAsync(sql, { format })).bytes();
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** A request's settings hold for it alone. */
async function settle(settings: Readonly<Record<string, string>>): Promise<void> {
  const wanted = { ...profile, ...settings };
  const gone = Object.keys(applied).filter((name) => !Object.hasOwn(wanted, name));
  const fresh = Object.entries(wanted).filter(([name, value]) => applied[name] !== value);
  const changes = [
    ...gone.map((name) => `${name} = DEFAULT`),
    ...fresh.map(([name, value]) => `${name} = ${quoted(value)}`),
  ];
  applied = { ...applied, ...wanted };
  if (changes.length > 0) await run(`SET ${changes.join(', ')}`);
  applied = wanted;
}

async function answer(request: EngineRequest): Promise<Uint8Array> {
  if (request.kind === 'open') {
    const tables = Buffer.from(await run('SELECT name FROM system.tables WHERE is_temporary')).toString();
    for (const name of tables.split('\n').slice(0, -1)) await run(`DROP TEMPORARY TABLE \`${name}\``);
    profile = request.profile;
    await settle({});
    return new Uint8Array();
  }
  const { sql, settings, parquet } = request;
  await settle(settings);
  const found = parquet === null ? null : /^\s*INSERT INTO (\S+)\s+FORMAT Parquet\s*$/.exec(sql);
  if (found === null || parquet === null) return await run(sql);
  return await run(`INSERT INTO ${found[1] ?? ''} FROM INFILE ${quoted(parquet)} FORMAT Parquet`);
}

process.on('message', (request: EngineRequest) => {
  const { id } = request;
  const tell = (told: EngineAnswer) => process.send?.(told);
  answer(request).then(
    (bytes) => tell({ id, bytes }),
    (error: unknown) => tell({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, bytes: new Uint8Array() } satisfies EngineAnswer);
