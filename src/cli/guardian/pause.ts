import { onChain } from '../../chain/revert-error.ts';
import type { Session } from '../governance/session.ts';
import type { Outgoing } from '../governance/submit.ts';
import { lasting } from '../output/lasting.ts';

/** A pause that is to be sent. */
export interface Pausing {
  readonly outgoing: Outgoing;
  /** In seconds. */
  readonly lasts: number;
}

/** The call by which a guardian stops new settlements. */
export async function pausing({ connection }: Session): Promise<Pausing> {
  const { distributor } = connection.contracts;
  const [lasts, coolDown] = await onChain(() => Promise.all([distributor.PAUSE(), distributor.PAUSE_COOLDOWN()]));
  const preview = [
    `no new settlement for ${lasting(Number(lasts))}; an open window becomes as much longer; `,
    `the next pause not before ${lasting(Number(coolDown))} after this one\n`,
  ].join('');
  const data = distributor.interface.encodeFunctionData('pauseProposals');
  const calls = [{ to: connection.addresses.distributor, data, value: 0n }];
  return { outgoing: { title: 'pause new settlements', preview, calls }, lasts: Number(lasts) };
}
