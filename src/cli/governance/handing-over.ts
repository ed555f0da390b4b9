import type { Delegate, HandoverState } from '../../chain/governance/delegates.ts';
import { handoverCall, readDelegates, readHandover } from '../../chain/governance/delegates.ts';
import { readOffice } from '../../chain/governance/office.ts';
import { RefusedError } from '../../protocol/errors.ts';
import { moment } from '../../chain/moment.ts';
import { lasting } from '../output/lasting.ts';
import { table } from '../output/table.ts';
import { tokens } from '../../protocol/tokens.ts';
import type { Session } from './session.ts';
import type { Outgoing } from './submit.ts';

/** A hand-over that is to be sent. */
export interface HandingOver {
  readonly outgoing: Outgoing;
  readonly delegates: readonly Delegate[];
  readonly handover: HandoverState;
}

/**
 * The call by which the council hands over to the holders, with everybody who has votes.
 *
 * @throws {RefusedError} `HANDED_OVER`, `HANDOVER_NOT_OPEN`, `VOTES_MISSING` with how many
 */
export async function handingOver({ connection, sender }: Session): Promise<HandingOver> {
  const delegates = await readDelegates(connection);
  const handover = await readHandover(connection, delegates);
  const { council, time, quorum } = await readOffice(connection);
  const { votes, needed, openAfter, standing } = handover;
  if (handover.done) throw new RefusedError({ code: 'HANDED_OVER', shortMessage: 'the holders decide already' });
  if (sender.account !== null && sender.account !== council && time < openAfter) {
    throw new RefusedError({
      code: 'HANDOVER_NOT_OPEN',
      shortMessage: `until ${moment(openAfter)} only the council can hand over`,
      details: { council, account: sender.account, next: 'send it as the council, by --as or --safe-json' },
    });
  }
  if (votes < needed) {
    const held = delegates.reduce((sum, delegate) => sum + delegate.votes, 0n);
    throw new RefusedError({
      code: 'VOTES_MISSING',
      shortMessage: `${tokens(needed - votes)} votes are missing for a hand-over`,
      details: {
        counted: tokens(votes),
        needed: tokens(needed),
        because: `at least ${tokens(handover.minimum)}, and twice the quorum of ${tokens(quorum)}`,
        delegated: tokens(held),
        next:
          held < needed
            ? `holders delegate: lode governance delegate; votes count once they have stood for ${lasting(standing)}`
            : `enough is delegated now; it counts once it has stood for ${lasting(standing)}`,
      },
    });
  }
  const shown = delegates.map((delegate) => [delegate.account, tokens(delegate.votes)]);
  const preview = [
    table([{ title: 'delegate' }, { title: 'votes', align: 'right' }], shown),
    `\ncounted ${tokens(votes)} of ${tokens(needed)} needed\n`,
    'The council gives up its say for good, and what it has scheduled and not executed lapses.\n',
  ].join('');
  const calls = [handoverCall(connection, delegates)];
  return { outgoing: { title: 'hand over to the holders, for good', preview, calls }, delegates, handover };
}
