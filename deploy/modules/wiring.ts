import type { Future, IgnitionModuleBuilder } from '@nomicfoundation/ignition-core';

import type { ProtocolFutures } from './protocol.ts';

/** The links that can be set only once: three to the distributor, and a unit pool to the reserve that takes what is not sold. */
export function wire(m: IgnitionModuleBuilder, contracts: ProtocolFutures): readonly Future[] {
  const { token, reserve, vault, distributor, unitPool } = contracts;
  const links = [
    m.call(token, 'setMinter', [distributor]),
    m.call(reserve, 'setDistributor', [distributor]),
    m.call(vault, 'setDistributor', [distributor]),
  ];
  if (unitPool === null) return links;
  // The pool refuses a reserve that would not take its deposit, and one in whose token it does not hold its allocation.
  const registered = m.call(reserve, 'registerPool', [unitPool]);
  return [...links, registered, m.call(unitPool, 'setReserve', [reserve], { after: [registered] })];
}
