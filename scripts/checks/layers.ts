import { dirname, join, normalize } from 'node:path/posix';

import { matches, withoutComments, type Check, type Finding, type Repository } from './check.ts';

interface Layer {
  readonly name: string;
  readonly rank: number;
}

/** What a file of some folder belongs to; a layer knows only itself and layers of a lower rank. */
interface Scheme {
  readonly files: RegExp;
  readonly importPattern: RegExp;
  readonly layerOf: (path: string) => Layer | undefined;
  readonly order: string;
}

const CONTRACT_RANKS: Readonly<Record<string, number>> = {
  types: 0,
  libraries: 0,
  token: 1,
  emission: 2,
  reserve: 4,
  vesting: 4,
  distribution: 5,
};

const SOURCE_RANKS: Readonly<Record<string, number>> = {
  protocol: 0,
  settlement: 1,
  simulation: 2,
  chain: 3,
  store: 3,
  operator: 4,
  claims: 4,
  cli: 5,
};

/** The page stands in a folder of its own, beside `src`. */
const PAGE: Layer = { name: 'web', rank: 5 };

/** Layers from this rank on act on the world; those below take values and give values. */
const SHELL = 3;

/** What stands outside of `src` and yet is no secret to the shell. */
const OUTSIDE = /^(types|deploy)\/|^hardhat\.config\.ts$/;

function contractLayer(path: string): Layer | undefined {
  const [, folder = '', ...rest] = path.split('/');
  if (rest.length === 0) return undefined;
  if (folder === 'mocks') return { name: 'mocks', rank: 9 };
  // The two halves of this folder stand on opposite sides: who mines what, and who decides.
  if (folder === 'governance') {
    return /TaskRegistry|TaskTable/.test(path) ? { name: 'task registry', rank: 3 } : { name: 'governance', rank: 6 };
  }
  const rank = CONTRACT_RANKS[folder];
  if (rank === undefined) return undefined;
  return { name: rank === 0 ? 'types and libraries' : folder, rank };
}

function sourceLayer(path: string): Layer | undefined {
  if (path.startsWith('web/src/')) return PAGE;
  const [, folder = '', ...rest] = path.split('/');
  const rank = SOURCE_RANKS[folder];
  return rank === undefined || rest.length === 0 ? undefined : { name: folder, rank };
}

const SCHEMES: readonly Scheme[] = [
  {
    files: /^contracts\/.*\.sol$/,
    importPattern: /\bimport\s+(?:[^"';]*?\bfrom\s+)?["']([^"']+)["']/g,
    layerOf: contractLayer,
    order:
      'types, libraries ← token ← emission ← task registry ← {reserve, vesting} ← distribution ← governance, mocks outside',
  },
  {
    files: /^(src|web\/src)\/.*\.tsx?$/,
    importPattern: /\b(?:import|export)\s+(?:[^"';]*?\bfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/g,
    layerOf: sourceLayer,
    order: 'protocol ← settlement ← simulation ← {chain, store} ← {claims, operator} ← {cli, web}',
  },
];

function findingsOf(file: string, text: string, scheme: Scheme): readonly Finding[] {
  const own = scheme.layerOf(file);
  if (!own) {
    return [{ file, message: 'belongs to no layer; put it into a folder that scripts/checks/layers.ts names' }];
  }
  const findings: Finding[] = [];
  for (const { line, match } of matches(withoutComments(text), scheme.importPattern)) {
    const specifier = match[1] ?? match[2] ?? '';
    if (!specifier.startsWith('.')) continue;
    const target = normalize(join(dirname(file), specifier));
    const top = file.split('/', 1)[0] ?? '';
    const other = scheme.layerOf(target);
    if (!target.startsWith(`${top}/`) && !(own === PAGE && target.startsWith('src/'))) {
      // Only what speaks with a chain may know the bindings, the deployment and the settings of the chain it starts.
      if (OUTSIDE.test(target) && own.rank >= SHELL) continue;
      findings.push({ file, line, message: `${own.name} imports ${target}, outside of ${top}/` });
      continue;
    }
    if (!other || other.name === own.name || other.rank < own.rank) continue;
    findings.push({
      file,
      line,
      message: `${own.name} imports ${target} of ${other.name}; allowed is ${scheme.order}`,
    });
  }
  return findings;
}

export const layers: Check = {
  name: 'layers',
  fix: 'Imports go one way. Move what both sides need into the lower layer, or pass it in as a plain argument.',
  run: ({ files, read }: Repository) =>
    SCHEMES.flatMap((scheme) =>
      files.filter((file) => scheme.files.test(file)).flatMap((file) => findingsOf(file, read(file), scheme)),
    ),
};
