/**
 * Runs the repository's own checks: `run.ts sources` before a build, `run.ts artifacts` after one.
 * Exits with 1 if anything was found, and says how to mend it.
 */
import { globSync, readFileSync } from 'node:fs';

import { workingCopy, type Check, type Repository } from './check.ts';
import { contractSize, sizeLimitKept } from './contract-size.ts';
import { fileLength } from './file-length.ts';
import { fileNames } from './file-names.ts';
import { integers } from './integers.ts';
import { invariants } from './invariants.ts';
import { layers } from './layers.ts';
import { leftovers } from './leftovers.ts';
import { links } from './links.ts';
import { pins } from './pins.ts';
import { purity } from './purity.ts';
import { secrets } from './secrets.ts';
import { words } from './words.ts';

const SOURCE_CHECKS: readonly Check[] = [
  layers,
  purity,
  integers,
  leftovers,
  invariants,
  fileLength,
  fileNames,
  links,
  words,
  secrets,
  pins,
  sizeLimitKept,
];

function report(checks: readonly Check[], repository: Repository): boolean {
  let clean = true;
  for (const { name, fix, run } of checks) {
    const findings = run(repository);
    if (findings.length === 0) continue;
    clean = false;
    console.error(`\n${name}: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`);
    for (const { file, line, message } of findings) {
      console.error(`  ${line === undefined ? file : `${file}:${line}`}  ${message}`);
    }
    console.error(`  ${fix}`);
  }
  return clean;
}

function built(): Repository {
  const files = globSync('artifacts/contracts/**/*.json').sort();
  if (files.length === 0) throw new Error('nothing is built: run `npm run build` first');
  return { files, read: (path) => readFileSync(path, 'utf8') };
}

const stage = process.argv[2];
if (stage !== 'sources' && stage !== 'artifacts') throw new Error('usage: run.ts sources|artifacts');
const clean = stage === 'sources' ? report(SOURCE_CHECKS, workingCopy(process.cwd())) : report([contractSize], built());
process.exitCode = clean ? 0 : 1;
