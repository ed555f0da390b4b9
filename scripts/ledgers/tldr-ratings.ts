import { keccak256 } from '../../src/protocol/keccak.ts';

/** Decides the ratings, and nothing else. */
const SEED = 'lode tldr ratings 1';

const LEVELS = ['rejected', 'poor', 'fair', 'good', 'excellent'] as const;
const DOMAINS = ['files', 'network', 'media', 'development', 'system', 'science'] as const;
/** How often in a hundred a domain comes up; the last is rare, so that scarcity has something to find. */
const DOMAIN_PARTS = [30, 22, 12, 20, 14, 2] as const;

/**
 * The contributions of examples/tldr with two more columns, `quality` and `domain`. **Both are made up**: the real ledger has no
 * ratings. An account has a habit (careful, ordinary, sloppy) from which its rows stray a little; every seventh row has no
 * rating, as in a community where not everything is reviewed. The same text gives the same ratings on every machine.
 */
export function withRatings(contributions: string): string {
  const [header = '', ...rows] = contributions.trimEnd().split(/\r?\n/);
  const [idAt, accountAt] = ['id', 'account'].map((name) => header.split(',').indexOf(name));
  if (idAt === undefined || accountAt === undefined || idAt < 0 || accountAt < 0)
    throw new RangeError('not the ledger');
  const lines = rows.map((row) => {
    const cells = row.split(',');
    const [id = '', account = ''] = [cells[idAt], cells[accountAt]];
    return `${row},${qualityOf(account, id)},${domainOf(id)}`;
  });
  return [`${header},quality,domain`, ...lines, ''].join('\n');
}

/** What an account's work is usually rated: 1 (poor) to 4 (excellent), as a place in the levels. */
export function habitOf(account: string): number {
  return 1 + (draw(`habit ${account}`) % 4);
}

function qualityOf(account: string, id: string): string {
  const dice = draw(`quality ${id}`);
  if (dice % 7 === 0) return '';
  const stray = [-1, 0, 0, 0, 0, 0, 0, 1][(dice >> 4) % 8] ?? 0;
  return LEVELS[Math.min(LEVELS.length - 1, Math.max(0, habitOf(account) + stray))] ?? '';
}

function domainOf(id: string): string {
  let left = draw(`domain ${id}`) % 100;
  for (const [index, part] of DOMAIN_PARTS.entries()) {
    if (left < part) return DOMAINS[index] ?? '';
    left -= part;
  }
  return '';
}

/** A whole number below 2^24 that depends on the label alone. */
function draw(label: string): number {
  const [a = 0, b = 0, c = 0] = keccak256(new TextEncoder().encode(`${SEED} ${label}`));
  return (a << 16) | (b << 8) | c;
}
