import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { contentSecurityPolicy } from './build/content-security-policy.ts';
import { withoutBytecode } from './build/without-bytecode.ts';
import { withoutEval } from './build/without-eval.ts';

/** Relative addresses: the page works from any folder of any file host. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), withoutBytecode(), withoutEval(), contentSecurityPolicy()],
  worker: { format: 'es', plugins: () => [withoutBytecode(), withoutEval()] },
  build: {
    target: 'es2023',
    // Inlined files would need `data:` in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    license: { fileName: 'licenses.md' },
  },
});
