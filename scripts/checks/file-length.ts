import type { Check, Repository } from './check.ts';

const LIMIT = 450;

/** A file that nobody reads to its end is two files. */
export const fileLength: Check = {
  name: 'file length',
  fix: 'Split the file by what its parts do; each part is named after its function.',
  run: ({ files, read }: Repository) =>
    files.flatMap((file) => {
      if (!/\.(ts|tsx|mts|mjs|sol)$/.test(file)) return [];
      const lines = read(file).trimEnd().split('\n').length;
      return lines > LIMIT ? [{ file, message: `has ${lines} lines, at most ${LIMIT} are allowed` }] : [];
    }),
};
