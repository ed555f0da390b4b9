/** Servers that send on to another address do so once or twice. */
const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Asks for a file with headers of its own, such as a key, and goes where the server sends it on to. The headers are for that server:
 * once the way leads to another origin they stay behind, also where it leads back.
 */
export async function getOwn(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let [at, own] = [url, headers];
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(at, { signal, redirect: 'manual', headers: { ...own, 'cache-control': 'no-cache' } });
    const location = response.headers.get('location');
    if (location === null || !REDIRECTS.has(response.status) || redirects === MOST_REDIRECTS) return response;
    await response.body?.cancel();
    const to = new URL(location, at);
    if (to.origin !== new URL(at).origin) own = {};
    at = to.href;
  }
}
