import type { Address } from '../../../../src/protocol/brands.ts';
import { utc } from '../../format/moment.ts';
import { Short } from '../../ui/address.tsx';
import { Card } from '../../ui/card.tsx';
import { Unread } from '../../ui/query-problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { AmountsCard } from './amounts-card.tsx';
import { ClaimCard } from './claim-card.tsx';
import { HistoryCard } from './history-card.tsx';
import { PaymentsCard } from './payments-card.tsx';
import { ProofCard } from './proof-card.tsx';
import { RecipientCard } from './recipient-card.tsx';
import { ReleaseCard } from './release-card.tsx';
import { ReportProblem } from './report-problem.tsx';
import { UnitsCard } from './units-card.tsx';
import { useClaims } from './use-claims.ts';

/** Everything about one account. */
export function AccountView({ account }: { readonly account: Address }) {
  const { chain, leaves, accounts } = useClaims([account]);
  const [holding] = chain.data?.accounts ?? [];
  if (chain.data === undefined || holding === undefined) {
    return <Unread query={chain} what="Reading the chain" />;
  }
  const { block, tree, finalEpochs } = chain.data;
  const [own] = accounts ?? [];
  // Units need no report: they can be claimed also where rewards cannot be shown.
  const unitsAlone = { ...holding, claim: null, rewards: null, from: null, shard: null };
  return (
    <>
      <div className="account-head">
        <h2>
          Account <Short text={account} />
        </h2>
        <p className="note">
          {tree === null ? 'No epoch is final yet' : `After epoch ${tree.epoch}, the newest that is final`}; as of{' '}
          {utc(block.time)}.
        </p>
      </div>
      <AmountsCard holding={holding} tree={tree} claims={own ?? null} isFailed={leaves.isError} />
      {leaves.isError ? <ReportProblem error={leaves.error} again={() => void leaves.refetch()} /> : null}
      {tree !== null && leaves.isPending ? (
        <Card title="Rewards">
          <Waiting what={`Looking for its entry in the report of epoch ${tree.epoch}, and proving it`} />
        </Card>
      ) : null}
      <ClaimCard claims={own ?? unitsAlone} time={block.time} />
      {own === undefined ? null : <ReleaseCard claims={own} claimed={holding.claimed} time={block.time} />}
      <UnitsCard holding={holding} time={block.time} />
      <HistoryCard account={account} finalEpochs={finalEpochs} />
      <PaymentsCard account={account} paid={[holding.claimed, holding.units?.claimed ?? 0n]} />
      {own === undefined || tree === null ? null : <ProofCard claims={own} tree={tree} block={block} />}
      <RecipientCard holding={holding} />
    </>
  );
}
