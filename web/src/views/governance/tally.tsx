import type { Proposal } from '../../../../src/chain/governance/proposals.ts';
import { percent, tokens } from '../../../../src/protocol/tokens.ts';
import { Amount } from '../../ui/amount.tsx';

const WAD = 10n ** 18n;
const PER_MILLE = 1000n;

interface TallyProps {
  readonly votes: Proposal['votes'];
  /** Null while the moment of its votes lies ahead. */
  readonly quorum: bigint | null;
  /** The bar and one line. */
  readonly brief?: boolean;
  /** Nobody can vote any more. */
  readonly isOver?: boolean;
}

/** How the votes stand, and whether enough take part: those for and those abstaining count for the quorum. */
export function Tally({ votes, quorum, brief = false, isOver = false }: TallyProps) {
  const cast = votes.for + votes.against + votes.abstain;
  const counted = votes.for + votes.abstain;
  const isReached = quorum !== null && counted >= quorum;
  const needed = quorum === null ? null : `${tokens(counted)} of the ${tokens(quorum)} needed take part`;
  return (
    <div className="tally">
      <div className="bar" aria-hidden="true">
        <span className="bar-for" style={{ width: partOf(votes.for, cast) }} />
        <span className="bar-abstain" style={{ width: partOf(votes.abstain, cast) }} />
        <span className="bar-against" style={{ width: partOf(votes.against, cast) }} />
      </div>
      {brief ? (
        <p className="note">
          For {tokens(votes.for)}, against {tokens(votes.against)}, abstaining {tokens(votes.abstain)}
          {needed === null ? '' : `; ${needed}`}.
        </p>
      ) : (
        <dl className="tally-rows">
          <Row name="For" kind="for" wei={votes.for} cast={cast} />
          <Row name="Against" kind="against" wei={votes.against} cast={cast} />
          <Row name="Abstaining" kind="abstain" wei={votes.abstain} cast={cast} />
          {quorum === null ? null : (
            <div className="tally-row quorum">
              <dt>Quorum{isReached ? ', reached' : isOver ? ', not reached' : ', not reached yet'}</dt>
              <dd>
                <progress
                  max={1000}
                  value={Number(quorum === 0n ? PER_MILLE : least((counted * PER_MILLE) / quorum, PER_MILLE))}
                  aria-label="Votes for and abstaining, of the quorum"
                />
                <span>
                  <Amount wei={counted} unit={false} /> of <Amount wei={quorum} />
                </span>
              </dd>
            </div>
          )}
        </dl>
      )}
    </div>
  );
}

interface RowProps {
  readonly name: string;
  readonly kind: 'for' | 'against' | 'abstain';
  readonly wei: bigint;
  readonly cast: bigint;
}

function Row({ name, kind, wei, cast }: RowProps) {
  return (
    <div className="tally-row">
      <dt>
        <span className={`tally-key bar-${kind}`} aria-hidden="true" />
        {name}
      </dt>
      <dd>
        <Amount wei={wei} />
        <span className="faint">{cast === 0n ? '' : percent((wei * WAD) / cast)}</span>
      </dd>
    </div>
  );
}

function partOf(part: bigint, whole: bigint): string {
  return whole === 0n ? '0' : `${Number((part * PER_MILLE) / whole) / 10}%`;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
