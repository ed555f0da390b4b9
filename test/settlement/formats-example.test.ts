import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { parseAddress } from '../../src/protocol/brands.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import { buildTree, rootOf } from '../../src/protocol/positional-merkle.ts';
import { auditHash, leafHash } from '../../src/protocol/settlement-leaf.ts';
import { curveHash } from '../../src/protocol/vesting-curve.ts';
import { bytesToHex } from '../../src/protocol/words.ts';

const PAGE = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');

/** The words of the fenced block that follows `after` on the page, as bytes. */
function wordsAfter(after: string): Uint8Array {
  const block = PAGE.slice(PAGE.indexOf(after)).split('```')[1] ?? '';
  const words = [...block.matchAll(/^([0-9a-f]{64})/gm)].map(([, word]) => word);
  return Buffer.from(words.join(''), 'hex');
}

const shown = (name: string): string => new RegExp(`${name} = (0x[0-9a-f]{64})`).exec(PAGE)![1]!;

describe('the worked examples of docs/formats.md', () => {
  it('lead by their bytes to the hashes on the page', () => {
    expect(bytesToHex(keccak256(wordsAfter('preimage is two words')))).to.equal(shown('curveHash'));
    expect(bytesToHex(keccak256(wordsAfter('m = 2, c = 1, nine words')))).to.equal(shown('auditHash'));
    const inner = keccak256(wordsAfter('auditHash = 0xec58'));
    expect(PAGE).to.include(bytesToHex(inner));
    expect(bytesToHex(keccak256(inner))).to.equal(shown('leaf'));
  });

  it('are what the engine computes', () => {
    const curve = { unlocked: 1500n, cohorts: [{ end: 1_700_000_000, duration: 15_724_800, amount: 1_000_000n }] };
    const audit = {
      scores: [7n, 0n],
      accelerated: [20n],
      runScores: [107n, 30n],
      runParticipants: [5, 2],
      runGranted: 987_654n,
      runAccelerated: [120n],
    };
    expect(bytesToHex(curveHash(curve))).to.equal(shown('curveHash'));
    expect(bytesToHex(auditHash(audit))).to.equal(shown('auditHash'));
    const leaf = leafHash(parseAddress(`0x${'11'.repeat(20)}`), curveHash(curve), auditHash(audit));
    expect(bytesToHex(leaf)).to.equal(shown('leaf'));
  });

  it('give the trees of three and of five leaves', () => {
    for (const count of [3, 5]) {
      const leaves = Buffer.concat(Array.from({ length: count }, (_, i) => Buffer.alloc(32, i + 1)));
      expect(PAGE).to.include(bytesToHex(rootOf(buildTree(leaves))));
    }
  });
});
