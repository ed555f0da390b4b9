import { z } from 'zod';

import { matches, type Check, type Finding, type Repository } from './check.ts';

/** EIP-170: the largest contract that a chain accepts; EIP-3860: the largest creation code. */
const CODE_LIMIT = 24_576;
const INITCODE_LIMIT = 49_152;

const Artifact = z.object({ contractName: z.string(), bytecode: z.string(), deployedBytecode: z.string() });

function byteLength(hex: string): number {
  return Math.max(0, hex.length - 2) / 2;
}

/** Reads the artifacts of a build: `repository` lists them, which the working copy does not. */
export const contractSize: Check = {
  name: 'contract size',
  fix: 'Move code into a library with external functions or into a contract of its own; no setting lifts the limit.',
  run: ({ files, read }: Repository) =>
    files.flatMap((file) => {
      if (!/^artifacts\/contracts\/.*\.json$/.test(file)) return [];
      const artifact = Artifact.safeParse(JSON.parse(read(file)));
      if (!artifact.success) return [];
      const { contractName, bytecode, deployedBytecode } = artifact.data;
      const size = byteLength(deployedBytecode);
      const initSize = byteLength(bytecode);
      const findings: Finding[] = [];
      if (size > CODE_LIMIT)
        findings.push({ file, message: `${contractName} has ${size} bytes, ${size - CODE_LIMIT} too many` });
      if (initSize > INITCODE_LIMIT) {
        findings.push({
          file,
          message: `${contractName} has ${initSize} bytes of creation code, at most ${INITCODE_LIMIT}`,
        });
      }
      return findings;
    }),
};

/** No configuration lifts the limit. */
export const sizeLimitKept: Check = {
  name: 'size limit kept',
  fix: 'Take the setting out: a contract that needs it cannot be deployed anywhere.',
  run: ({ files, read }: Repository) =>
    files.flatMap((file) => {
      if (!/\.(ts|mjs|js|json|sh)$/.test(file) || /^(scripts\/checks|test\/scripts)\//.test(file)) return [];
      return [...matches(read(file), /allowUnlimitedContractSize|code-size-limit|disable-code-size/g)].map(
        ({ line, match }) => ({ file, line, message: `${match[0]} lifts the size limit` }),
      );
    }),
};
