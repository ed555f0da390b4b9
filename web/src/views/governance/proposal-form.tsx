import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';

import { prepareProposal, type Proposal } from '../../../../src/chain/governance/propose.ts';
import { assertInvariant } from '../../../../src/protocol/errors.ts';
import type { TaskWeight } from '../../../../src/settlement/economy-parameters.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { Card } from '../../ui/card.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { ProposalPreview } from './proposal-preview.tsx';
import { sameWeights } from './sliders.ts';
import { useAccount, useStatus, type Weights } from './use-governance.ts';

interface ProposalFormProps {
  readonly weights: Weights;
  readonly table: readonly TaskWeight[];
  readonly isChanged: boolean;
  /** Where the first epoch is given, and whether that one is possible. */
  readonly epochField: ReactNode;
  readonly isFit: boolean;
}

interface Asked {
  readonly key: string;
  readonly table: readonly TaskWeight[];
  readonly reason: string;
}

/** The reason, the check against the chain, and what would be sent. */
export function ProposalForm({ weights, table, isChanged, epochField, isFit }: ProposalFormProps) {
  const { connection } = useDeployment();
  const account = useAccount();
  const status = useStatus();
  const [reason, setReason] = useState('');
  const { epoch } = weights.ground;
  const words = reason.trim();
  const key = [epoch, account, words, ...table.map(({ task, weight }) => `${task} ${weight}`)].join('\n');
  const check = useMutation({
    mutationFn: async ({ table: wanted, reason: why }: Asked): Promise<Proposal> => {
      const proposal = await prepareProposal(connection, {
        wishes: { setWeight: wanted.map(({ task, weight }) => ({ name: nameOf(weights, task), value: weight })) },
        reason: why,
        from: epoch,
        proposer: account,
        readPolicy: () => Promise.reject(new TypeError('no policy is proposed here')),
      });
      assertSame(proposal, wanted);
      return proposal;
    },
  });
  const isCurrent = check.variables?.key === key;
  const office = status.data?.inOffice;
  return (
    <Card
      title="Propose it"
      about={
        office === 'council'
          ? 'The council decides until it hands over. Anybody can see here what other weights would do; only the council can schedule them.'
          : 'The holders read the reason and vote. It is first tried out on the chain, as it would be executed.'
      }
    >
      <form
        className="proposal-form"
        onSubmit={(event) => {
          event.preventDefault();
          check.mutate({ key, table, reason: words });
        }}
      >
        <div className="field">
          <label htmlFor="proposal-reason">Why: the first line is the title, and all of it is public for good</label>
          <textarea
            id="proposal-reason"
            rows={4}
            maxLength={4000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        {epochField}
        <div className="buttons">
          <button
            type="submit"
            className="button"
            disabled={!isChanged || !isFit || words === '' || (isCurrent && check.isPending)}
          >
            Check it
          </button>
        </div>
        {isChanged ? (
          words === '' ? (
            <p className="note">Say why, then check it.</p>
          ) : null
        ) : (
          <p className="note">Move a slider first: these are the weights that are scheduled already.</p>
        )}
      </form>
      {isCurrent && check.isPending ? <Waiting what="Trying it out as it would be executed" /> : null}
      {isCurrent && check.isError ? <Problem error={check.error} /> : null}
      {isCurrent && check.data !== undefined ? (
        <ProposalPreview key={check.data.id} proposal={check.data} account={account} council={status.data?.council} />
      ) : null}
      {!isCurrent && check.data !== undefined ? (
        <p className="note">
          It was changed since it was checked. Check it again before it is sent.{' '}
          <Link to="/governance">See what is being decided</Link>
        </p>
      ) : null}
    </Card>
  );
}

/** By its number, unless another task has that for a name. */
function nameOf({ tasks }: Weights, task: number): string {
  const isName = tasks.some(([, name]) => name === String(task));
  return isName ? (tasks.find(([number]) => number === task)?.[1] ?? String(task)) : String(task);
}

/** What is signed must be what the sliders say, whatever tasks are called. */
function assertSame({ emission }: Proposal, wanted: readonly TaskWeight[]): void {
  const encoded = emission.tasks.flatMap(({ task, after }) => (after === null ? [] : [{ task, weight: after.weight }]));
  assertInvariant(
    sameWeights(encoded, wanted),
    'WEIGHTS_DIFFER',
    'the call would set other weights than the sliders show',
  );
}
