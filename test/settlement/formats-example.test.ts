import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { AbiCoder, keccak256 as keccak, ParamType } from 'ethers';

import { parseAddress } from '../../src/protocol/brands.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import { buildTree, rootOf } from '../../src/protocol/positional-merkle.ts';
import { quotePayout } from '../../src/protocol/reserve-math.ts';
import { auditHash, leafHash } from '../../src/protocol/settlement-leaf.ts';
import {
  balanceOf,
  foundationGrantDown,
  grantDown,
  reasonsOf,
  splitPayout,
  taskBudgetsDown,
} from '../../src/protocol/settlement-math.ts';
import { curveHash } from '../../src/protocol/vesting-curve.ts';
import { bytesToHex } from '../../src/protocol/words.ts';

const DUMP = new URL('../dumps/report-v1/epochs/000003/', import.meta.url);
const PAGE = ['leaf-and-tree', 'report']
  .map((name) => readFileSync(new URL(`../../docs/formats/${name}.md`, import.meta.url), 'utf8'))
  .join('\n');

/** The words of the fenced block that follows `after` on the page, as bytes. */
function wordsAfter(after: string): Uint8Array {
  const block = PAGE.slice(PAGE.indexOf(after)).split('```')[1] ?? '';
  const words = [...block.matchAll(/^([0-9a-f]{64})/gm)].map(([, word]) => word);
  return Buffer.from(words.join(''), 'hex');
}

const shown = (name: string): string => new RegExp(`${name} = (0x[0-9a-f]{64})`).exec(PAGE)![1]!;

describe('the worked examples of docs/formats', () => {
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

  it('name the fields of the record as they are encoded: the hash of a published record comes out', () => {
    const [, fields = ''] = /\n```\n(\(uint32 epoch[^`]*)```/.exec(PAGE) ?? [];
    const manifest = JSON.parse(readFileSync(new URL('manifest.json', DUMP), 'utf8')) as {
      readonly record: Readonly<Record<string, unknown>>;
      readonly recordHash: string;
    };
    const type = ParamType.from(`tuple${fields.replaceAll('\n', '').replace(' (bool', ' tuple(bool')}`);
    expect(keccak(AbiCoder.defaultAbiCoder().encode([type], [manifest.record]))).to.equal(manifest.recordHash);
    const source = readFileSync(
      new URL('../../contracts/distribution/interfaces/IEpochParameters.sol', import.meta.url),
      'utf8',
    );
    const inside = (name: string): string[] =>
      [...(new RegExp(`struct ${name} \\{([^}]*)\\}`).exec(source)?.[1] ?? '').matchAll(/^ {4}(\S+ \w+);/gm)].map(
        ([, field = '']) => field.replace('Epoch epoch', 'uint32 epoch').replace('TaskId[]', 'uint16[]'),
      );
    const onPage = fields.replace(/\(bool[^)]*\)/, 'ReserveParameters').match(/[\w[\]]+ \w+/g);
    expect(onPage).to.deep.equal(inside('EpochRecord'));
  });

  it('give the figures of an epoch that the page works out', () => {
    const [budget, reserve, weights, participants] = [1000n, 500n, [WAD], [1]];
    const law = { hasLaw: false, a: 0n, b: 0n, c: 0n, alpha: 0n, priceRef: 0n, smoothing: 4, rho: WAD / 10n };
    const quote = quotePayout({ law, budget, reserve, price: 0n, weights, participants });
    const { base, levelled, payout, hasParticipants } = quote;
    const { foundation, miners } = splitPayout(payout, WAD / 10n);
    const { budgets, unused } = taskBudgetsDown(miners, weights, participants);
    const g = grantDown(budgets, [7n], [7n], WAD);
    const f = foundationGrantDown(foundation, g, miners);
    const granted = g + f;
    const { withheld, injected } = balanceOf(budget, granted);
    const share = WAD / 10n;
    const why = reasonsOf({ budget, base, levelled, payout, share, unused, granted, hasParticipants });
    const after = reserve + withheld - injected;
    const text = [base, payout, granted].map((amount) => amount.toLocaleString('en'));
    expect(PAGE.replaceAll('\n', ' ')).to.contain(
      `base ${text[0]}, payout ${text[1]}, miners ${miners}, g ${g}, f ${f}, granted ${text[2]}, injected ${injected}, reserve after ${after}; \`reserveReturn\` −${-why.reserveReturn}, all other reasons 0`,
    );
    expect(Object.values(why).filter((amount) => amount !== 0n)).to.deep.equal([why.reserveReturn]);
  });

  it('give the trees of three and of five leaves', () => {
    for (const count of [3, 5]) {
      const leaves = Buffer.concat(Array.from({ length: count }, (_, i) => Buffer.alloc(32, i + 1)));
      expect(PAGE).to.include(bytesToHex(rootOf(buildTree(leaves))));
    }
  });
});
