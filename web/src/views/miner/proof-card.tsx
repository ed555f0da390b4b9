import { useMemo } from 'react';

import type { AgreedBlock } from '../../../../src/chain/agreement.ts';
import type { AccountClaims } from '../../../../src/claims/find-claims.ts';
import { proofWay } from '../../../../src/claims/proof-steps.ts';
import { counted, grouped } from '../../../../src/protocol/tokens.ts';
import type { FinalTree } from '../../../../src/settlement/final-tree.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { treesOf } from '../../data/final-trees.ts';
import { utc } from '../../format/moment.ts';
import { Short } from '../../ui/address.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';

interface ProofCardProps {
  readonly claims: AccountClaims;
  readonly tree: FinalTree;
  readonly block: AgreedBlock;
}

/** The check that came before any amount was shown, step by step. */
export function ProofCard({ claims, tree, block }: ProofCardProps) {
  const deployment = useDeployment();
  const { endpoints } = deployment;
  const { account, claim, from, shard } = claims;
  const way = useMemo(() => (claim === null ? null : proofWay(claim)), [claim]);
  const cid = treesOf(deployment).cidOf(tree);
  const nodes = endpoints.map(({ name }) => name).join(' and ');
  return (
    <Card
      title="Proof"
      about="Nobody has to be believed for the amounts above: this page computed every step itself, in your browser."
      aside={<Badge tone="good">equal</Badge>}
    >
      <ol className="list spaced">
        <li>
          The chain: epoch {tree.epoch} is final with the root <Short text={tree.root} what="root" /> over{' '}
          {counted(tree.leafCount, 'entry', 'entries')}. So {nodes} {endpoints.length === 1 ? 'says' : 'say alike'} in
          block {grouped(block.number)} of {utc(block.time)}.
        </li>
        <li>
          The report: it has the content id <Short text={cid} what="content id" />
          {from === null ? null : (
            <>
              {' '}
              and was found at <span className="mono">{from}</span>
            </>
          )}
        </li>
        {way === null || claim === null || shard === null ? (
          <li>
            No entry: the entries before and after the place where <Short text={account} /> would stand are next to each
            other, and both lead to that root.
          </li>
        ) : (
          <>
            <li>
              The file <span className="mono">{shard.path}</span>: each of its{' '}
              {counted(shard.leaves, 'entry', 'entries')} was hashed, and together they lead to that root.
            </li>
            <li>
              The entry of <Short text={account} />, number {grouped(claim.index + 1)} of {grouped(tree.leafCount)}:{' '}
              hashed with its amounts it is <Short text={way.leaf} what="hash" />
            </li>
            <li>
              {counted(way.steps.length, 'hash', 'hashes')} up it comes to <Short text={way.root} what="root" />, which{' '}
              {way.root === tree.root ? 'equals the root on the chain' : 'differs from the root on the chain'}. The
              vault does the same when the claim is sent.
            </li>
          </>
        )}
      </ol>
      {way === null || way.steps.length === 0 ? null : (
        <details>
          <summary>Every hash</summary>
          <DataTable
            caption="Every hash of the proof"
            columns={[{ title: 'Level' }, { title: 'Beside it' }, { title: 'Side' }, { title: 'Together' }]}
            rows={way.steps.map(({ sibling, side, parent }, level) => [
              level + 1,
              <Short text={sibling} what="hash" />,
              side,
              <Short text={parent} what="hash" />,
            ])}
            isNamed={false}
          />
        </details>
      )}
    </Card>
  );
}
