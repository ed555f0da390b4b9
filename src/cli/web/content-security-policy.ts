/**
 * What the page may do. Scripts, styles and pictures come from its own folder alone; nodes and mirrors may stand anywhere,
 * since their addresses are the deployment's to choose, and nothing that they answer is ever run or shown unchecked.
 */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self' https: http://127.0.0.1:* http://localhost:*",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** What only a server can say: a page that stood in a frame of another could be clicked unseen. */
export const SERVED_POLICY = `${POLICY}; frame-ancestors 'none'`;
