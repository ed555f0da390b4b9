import { z } from 'zod';

import type { Check, Repository } from './check.ts';

const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** Every direct dependency is one exact version. */
export const pins: Check = {
  name: 'pins',
  fix: 'Write the exact version, as `npm install --save-exact` does.',
  run: ({ read }: Repository) => {
    const { dependencies, devDependencies, optionalDependencies } = Manifest.parse(JSON.parse(read('package.json')));
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => ({ file: 'package.json', message: `${name} is '${version}'` }));
  },
};
