import type { ArgumentType, IgnitionModuleBuilder } from '@nomicfoundation/ignition-core';

import type { Contract } from './authority.ts';

/** Deploys one contract, after all those before it. */
export type DeployNext = (name: string, values: ArgumentType[]) => Contract;

/**
 * Gives a function that deploys contracts strictly one after another. Steps that do not depend on each other are sent at
 * once by Ignition, in an order that the answers of the node decide; an address follows from its place in that order, so it could
 * be another in a rehearsal, or after an interruption.
 */
export function inOrder(m: IgnitionModuleBuilder): DeployNext {
  let last: Contract | null = null;
  return (name, values) => {
    last = m.contract(name, values, last === null ? {} : { after: [last] });
    return last;
  };
}
