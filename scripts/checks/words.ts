import { isText, matches, type Check, type Repository } from './check.ts';

const FORBIDDEN: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  {
    pattern: /\bregistry\.[a-z0-9-]+\.[a-z]{2,}|\bnpm\.pkg\.[a-z]+\.com|"resolved": "https?:/g,
    message: 'names a registry host',
  },
  { pattern: /(?<![\w.])\/(?:work|root|tmp|Users|home)\/[\w.-]+/g, message: 'names a path of one machine' },
  { pattern: /\b[A-Z]:\\Users\\/g, message: 'names a path of one machine' },
  {
    pattern: /\b(?:issue|ticket)s? #?\d+\b|\bpull request #?\d+\b|\bPR #\d+\b/gi,
    message: 'speaks of how it was made',
  },
  { pattern: /\b_auth(?:Token)?\s*=/g, message: 'holds a registry login' },
];

/** The repository speaks of the project alone. */
export const words: Check = {
  name: 'words',
  fix: 'Say it in terms of the project; paths are relative to the repository.',
  run: ({ files, read }: Repository) =>
    files.flatMap((file) => {
      if (file === 'package-lock.json') {
        return [...matches(read(file), /"resolved": "https?:/g)].slice(0, 1).map(({ line }) => ({
          file,
          line,
          message: 'names a registry host; `npm install` with the settings of .npmrc leaves it out',
        }));
      }
      if (!isText(file)) return [];
      return FORBIDDEN.flatMap(({ pattern, message }) =>
        [...matches(read(file), pattern)].map(({ line, match }) => ({
          file,
          line,
          message: `'${match[0]}' ${message}`,
        })),
      );
    }),
};
