import type { Future, IgnitionModuleBuilder } from '@nomicfoundation/ignition-core';

import type { ProtocolFutures } from './protocol.ts';

/** The links that can be set only once: three to the distributor, and a unit pool to the reserve that takes what is not sold. */
export function wire(m: IgnitionModuleBuilder, contracts: ProtocolFutures): readonly Future[] {
  const { token, reserve, vault, distributor, canceller, unitPool } = contracts;
  // No call between two contracts, so that their addresses do not depend on which of them was faster.
  const after = [canceller];
  const links = [
    m.call(token, 'setMinter', [distributor], { after }),
    m.call(reserve, 'setDistributor', [distributor], { after }),
    m.call(vault, 'setDistributor', [distributor], { after }),
  ];
  if (unitPool === null) return links;
  // The pool refuses a reserve that would not take its deposit, and one in whose token it does not hold its allocation.
  const registered = m.call(reserve, 'registerPool', [unitPool], { after });
  return [...links, registered, m.call(unitPool, 'setReserve', [reserve], { after: [registered] })];
}
