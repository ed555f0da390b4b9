import type { Plugin } from 'vite';

import { POLICY } from '../../src/cli/web/content-security-policy.ts';

/** Puts the policy into the built page. The development server needs inline scripts, and goes without. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: 'lode:content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
    ],
  };
}
