import { basename } from 'node:path/posix';

import { isText, matches, type Check, type Finding, type Repository } from './check.ts';

const SECRETS: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g, what: 'a private key' },
  {
    pattern: /(?:private_?key|secret_?key|deployer_?key|operator_?key)\w*["']?\s*[:=]\s*["']?(?:0x)?[0-9a-f]{64}\b/gi,
    what: 'a private key',
  },
  { pattern: /(?:mnemonic|seed_?phrase)\w*["']?\s*[:=]\s*["'](?:[a-z]+ ){11,23}[a-z]+["']/gi, what: 'a mnemonic' },
  { pattern: /\bAKIA[0-9A-Z]{16}\b/g, what: 'a cloud access key' },
  { pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{40,}\b/g, what: 'a code host token' },
  { pattern: /\bnpm_[A-Za-z0-9]{36}\b/g, what: 'a package registry token' },
  { pattern: /\bxox[abprs]-[A-Za-z0-9-]{10,}\b/g, what: 'a chat token' },
  { pattern: /\bsk-[A-Za-z0-9_-]{32,}\b/g, what: 'a service token' },
  { pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g, what: 'a signed token' },
  { pattern: /\bhttps?:\/\/[^\s/:@"'`]+:[^\s/@"'`$]+@/g, what: 'a password in an address' },
  { pattern: /\b(?:infura\.io\/v3|alchemy\.com\/v2)\/[A-Za-z0-9_-]{20,}/g, what: 'a node provider key' },
];

/** No key, token or password is in a file that is or would be committed. */
export const secrets: Check = {
  name: 'secrets',
  fix: 'Take it out, treat it as known to everybody, and replace it. Keys live in Hardhat’s keystore or on hardware.',
  run: ({ files, read }: Repository) =>
    files.flatMap((file) => {
      if (/^\.env(?!\.example$)/.test(basename(file)) || /\.(pem|p12|pfx|key|keystore)$/.test(file)) {
        return [{ file, message: 'is a file for secrets' }];
      }
      if (!isText(file)) return [];
      const findings: Finding[] = [];
      for (const { pattern, what } of SECRETS) {
        for (const { line } of matches(read(file), pattern)) findings.push({ file, line, message: `holds ${what}` });
      }
      return findings;
    }),
};
