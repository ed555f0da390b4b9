/** `npm run clickhouse:install`: puts a ClickHouse engine for the tests into a cache folder, once; about 570 MB. */
import { engineFolder, enginePackages } from '../clickhouse/engine-folder.ts';
import { installEngine } from '../clickhouse/install-engine.ts';

const packages = enginePackages();
if (packages === undefined) {
  console.error(`lode: no engine is known for ${process.platform}-${process.arch}; the tests run on linux-x64`);
  process.exit(2);
}
try {
  await installEngine({ folder: engineFolder(), packages, say: (line) => console.error(line) });
} catch (error) {
  console.error(`lode: the engine could not be installed: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
