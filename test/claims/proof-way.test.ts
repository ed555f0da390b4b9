import { expect } from 'chai';

import { claimFromProof } from '../../src/chain/convert.ts';
import { proofWay } from '../../src/claims/proof-steps.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { buildReport } from '../../src/settlement/report/build-report.ts';
import { parseReportFile, shardSchema } from '../../src/settlement/report/report-schema.ts';
import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import { claimProof } from '../../src/settlement/proof.ts';
import { crowd } from '../support/crowd.ts';

describe('proofWay', () => {
  const settled = crowd(37, (n) => parseAddress(`0x${sha256Hex(new TextEncoder().encode(String(n))).slice(0, 40)}`));
  const files = buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] });
  const shard = parseReportFile(shardSchema, 'shards/0.json', files.get('shards/0.json'));
  const claims = [...settled.next.accounts].map(({ account }) => claimFromProof(claimProof(shard, account)));

  it('comes to the root from every leaf, by as many hashes as the tree is high', () => {
    for (const claim of claims) {
      const { root, steps } = proofWay(claim);
      expect(root).to.equal(settled.settlement.root);
      expect(steps.map(({ sibling }) => sibling)).to.deep.equal(claim.proof);
      expect(steps.at(-1)?.parent).to.equal(root);
    }
  });

  it('says on which side each hash stands', () => {
    const sides = claims.map((claim) => proofWay(claim).steps[0]?.side);
    expect(sides.slice(0, 4)).to.deep.equal(['right', 'left', 'right', 'left']);
  });

  it('comes to another root with another amount', () => {
    const [claim] = claims;
    const { curve } = claim!;
    const bent = { ...claim!, curve: { ...curve, unlocked: curve.unlocked + 1n } };
    expect(proofWay(bent).root).not.to.equal(settled.settlement.root);
  });
});
