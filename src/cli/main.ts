import { readFileSync } from 'node:fs';

import { Command } from 'commander';

/** The version and description stand once, in package.json. */
function packageFacts(): { readonly version: string; readonly description: string } {
  const facts: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  if (typeof facts !== 'object' || facts === null || !('version' in facts) || !('description' in facts)) {
    throw new Error('package.json lacks its version or description');
  }
  return { version: String(facts.version), description: String(facts.description) };
}

const { version, description } = packageFacts();
const program = new Command('lode').description(description).version(version);

await program.parseAsync();
