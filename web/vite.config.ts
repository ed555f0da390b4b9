import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { contentSecurityPolicy } from './build/content-security-policy.ts';
import { withoutBytecode } from './build/without-bytecode.ts';

/** Relative addresses: the page works from any folder of any file host. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), withoutBytecode(), contentSecurityPolicy()],
  worker: { format: 'es', plugins: () => [withoutBytecode()] },
  build: {
    target: 'es2023',
    // Inlined files would need `data:` in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    license: { fileName: 'licenses.md' },
  },
});
