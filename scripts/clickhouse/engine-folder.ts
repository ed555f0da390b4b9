import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** A package of the engine: what it is called, and the hash (sha-512, base64) that its archive has to have. */
export interface EnginePackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

const LIBRARY = '26.7.3-stable.1';

/** The engine itself, by platform and processor: 180 MB to fetch, 570 MB on disk. */
const LIBRARIES: Readonly<Record<string, EnginePackage>> = {
  'linux-x64': {
    name: '@chdb/lib-linux-x64-gnu',
    version: LIBRARY,
    integrity: 'sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==',
  },
};

/** What it is asked through. */
const AROUND: readonly EnginePackage[] = [
  {
    name: 'chdb',
    version: '3.4.0',
    integrity: 'sha512-HMNj4dq3lIrwqxwGSuuEjo9EIlC+k8IjsSQHh1ZStGvV6MRckfvPM2aDqzdW1ti3fldrt9UIntJBm0AbV9nbDQ==',
  },
  {
    name: '@clickhouse/client-common',
    version: '1.23.0',
    integrity: 'sha512-OkuxPkQ+ph8CCrt/4DYBvlJ9D9Q9q7FwvP8FdwER+7UDNO3jN4Ee6SZl9iLupKJIvKeuS68+x86ZyqFuHdPK3g==',
  },
];

/** The packages of this machine's engine; undefined where none is known for it. */
export function enginePackages(machine = `${process.platform}-${process.arch}`): readonly EnginePackage[] | undefined {
  const library = Object.hasOwn(LIBRARIES, machine) ? LIBRARIES[machine] : undefined;
  return library === undefined ? undefined : [...AROUND, library];
}

/** Where the engine lies once it is installed: outside the repository, so that a fresh `npm ci` leaves it alone. */
export function engineFolder(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return env['LODE_CLICKHOUSE'] ?? join(cache, 'lode', `clickhouse-${LIBRARY}`);
}

/** The tests that need the engine. */
export const ENGINE_TESTS = 'test/clickhouse/*.test.ts';

/** The file that is written last; it names the hashes of what was installed. */
export const INSTALLED = 'installed.json';

/** Whether the very engine that is named here is installed. */
export function isEngineInstalled(folder = engineFolder(), packages = enginePackages()): boolean {
  const path = join(folder, INSTALLED);
  return packages !== undefined && existsSync(path) && readFileSync(path, 'utf8') === installedText(packages);
}

/** What {@link INSTALLED} holds. */
export function installedText(packages: readonly EnginePackage[]): string {
  return `${JSON.stringify(packages, null, 2)}\n`;
}
