import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { chromium, type Browser } from 'playwright-core';

const SYSTEM = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`),
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const PACKAGE = '@sparticuz/chromium';

/** Starts a headless browser that can reach this machine and nothing else: the system's Chromium, else the one that came with the packages. */
export async function startChromium(): Promise<Browser> {
  const system = SYSTEM.find((path) => existsSync(path));
  const { executablePath, env } = system === undefined ? packaged() : { executablePath: system, env: {} };
  return await chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--font-render-hinting=none',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  });
}

/** The browser of the package, unpacked once into a folder that only this user can write. */
function packaged(): { readonly executablePath: string; readonly env: Readonly<Record<string, string>> } {
  const manifest = manifestPath();
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const own = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `lode-chromium-${version}-${own}`);
  if (!existsSync(folder)) unpack(folder);
  const { uid, mode } = statSync(folder);
  if (uid !== own || (mode & 0o077) !== 0) throw new Error(`${folder} is not this user's alone: remove it`);
  return { executablePath: join(folder, 'chromium'), env: { FONTCONFIG_FILE: fontsIn(folder) } };
}

/**
 * The fonts of the package are the page's, on whatever machine; a sign that they lack comes from those of the system. The
 * settings that came with them look in folders of one hosting service alone.
 */
function fontsIn(folder: string): string {
  const path = join(folder, 'fonts.conf');
  const aliases = ['system-ui', 'sans-serif'].map(
    (family) => `<alias binding="strong"><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`,
  );
  const folders = [join(folder, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'].map((at) => `<dir>${at}</dir>`);
  const cache = `<cachedir>${join(folder, 'fonts-cache')}</cachedir>`;
  const text = `<?xml version="1.0"?>\n<fontconfig>${[...folders, cache, ...aliases].join('')}</fontconfig>\n`;
  const own = `${path}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, path);
  return path;
}

/** The package unpacks into the system's temporary folder, so it is given one of its own; whoever is first puts it in its place. */
function unpack(folder: string): void {
  const staging = mkdtempSync(join(tmpdir(), 'lode-chromium-'));
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  try {
    const program = `import chromium from ${JSON.stringify(PACKAGE)}; await chromium.executablePath();`;
    const options = { cwd: dirname(manifestPath()), env: { ...process.env, TMPDIR: staging, NODE_OPTIONS: '' } };
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], options);
    renameSync(staging, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Its manifest is not among its exports. */
function manifestPath(): string {
  const entry = createRequire(import.meta.url).resolve(PACKAGE);
  return join(dirname(dirname(entry)), 'package.json');
}
