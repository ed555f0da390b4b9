import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { z } from 'zod';

import type { BuiltContract } from './built-contracts.ts';

const variable = z.object({ label: z.string(), slot: z.string(), offset: z.number(), type: z.string() });
const layout = z.object({
  storage: z.array(variable),
  types: z
    .record(
      z.string(),
      z.object({
        label: z.string(),
        numberOfBytes: z.string(),
        members: z.array(variable).optional(),
      }),
    )
    .nullable(),
});
const output = z.object({
  contracts: z.record(z.string(), z.record(z.string(), z.object({ storageLayout: layout }))),
});
const buildInfo = z.object({
  input: z.object({
    language: z.string(),
    sources: z.record(z.string(), z.object({ content: z.string() })),
    settings: z.looseObject({}),
  }),
});

type Layout = z.output<typeof layout>;
type Variable = z.output<typeof variable>;

/** CommonJS without types of its own. */
const solc = createRequire(import.meta.url)('solc') as { readonly compile: (input: string) => string };

/**
 * Where each contract keeps what: a line for each variable of its storage and for each member of the structs that occur in
 * it, with type and size.
 *
 * Asks the compiler for layouts alone, from the very sources that were built: it then generates no code, which takes seconds.
 */
export function storageFigures(contracts: readonly BuiltContract[]): ReadonlyMap<string, Record<string, string>> {
  const builds = new Map<string, ReturnType<typeof compileLayouts>>();
  return new Map(
    contracts.map(({ contractName, inputSourceName, buildInfoId }) => {
      const layouts = builds.get(buildInfoId) ?? compileLayouts(buildInfoId);
      builds.set(buildInfoId, layouts);
      const found = layouts[inputSourceName]?.[contractName];
      if (found === undefined) throw new Error(`no layout of ${contractName} in build ${buildInfoId}`);
      return [contractName, figuresOf(found.storageLayout)];
    }),
  );
}

function compileLayouts(buildInfoId: string): z.output<typeof output>['contracts'] {
  const { input } = buildInfo.parse(JSON.parse(readFileSync(`artifacts/build-info/${buildInfoId}.json`, 'utf8')));
  const settings = { ...input.settings, outputSelection: { '*': { '*': ['storageLayout'] } } };
  return output.parse(JSON.parse(solc.compile(JSON.stringify({ ...input, settings })))).contracts;
}

function figuresOf({ storage, types }: Layout): Record<string, string> {
  const known = types ?? {};
  const line = (where: string, one: Variable): [string, string] => {
    const type = known[one.type];
    const place = `slot ${one.slot.padStart(2, '0')}, byte ${String(one.offset).padStart(2, '0')}`;
    return [`${where}${place}: ${one.label}`, `${type?.label ?? one.type}, ${type?.numberOfBytes ?? '?'} bytes`];
  };
  const members = Object.values(known).flatMap(({ label, members: fields }) =>
    (fields ?? []).map((field) => line(`${label}, `, field)),
  );
  return Object.fromEntries([...storage.map((one) => line('', one)), ...members]);
}
