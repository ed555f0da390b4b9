import { basename } from 'node:path/posix';

import type { Check, Repository } from './check.ts';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.(ts|mjs)$/;

/** TypeScript files are named like-this.ts, after what they do; Solidity files after the contract they hold. */
export const fileNames: Check = {
  name: 'file names',
  fix: 'Rename the file: `close-epoch.ts`, `EpochClock.sol`.',
  run: ({ files, read }: Repository) =>
    files.flatMap((file) => {
      const name = basename(file);
      if (/\.(ts|mjs)$/.test(name) && !/^(deploy\/modules|web)\//.test(file)) {
        return KEBAB.test(name) ? [] : [{ file, message: 'is not named like-this.ts' }];
      }
      if (!/^contracts\/.*\.sol$/.test(file)) return [];
      const noun = name.slice(0, -'.sol'.length);
      const declares = new RegExp(`\\b(contract|interface|library|type|struct)\\s+${noun}\\b`);
      return declares.test(read(file)) ? [] : [{ file, message: `declares no ${noun}` }];
    }),
};
