import type { IgnitionModuleBuilder } from '@nomicfoundation/ignition-core';

import type { ProtocolFutures } from './protocol.ts';

/** The three links that can be set only once, each to the distributor. */
export function wire(m: IgnitionModuleBuilder, { token, reserve, vault, distributor }: ProtocolFutures) {
  return [
    m.call(token, 'setMinter', [distributor]),
    m.call(reserve, 'setDistributor', [distributor]),
    m.call(vault, 'setDistributor', [distributor]),
  ];
}
