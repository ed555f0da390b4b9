import type { Interface } from 'ethers';

import type { RoleName } from '../../../deploy/roles.ts';
import { ROLE_TABLE } from '../../../deploy/roles.ts';
import { listContracts } from '../../chain/address-book.ts';
import type { ContractKey } from '../../chain/bindings.ts';
import { FACTORIES, interfaceOf } from '../../chain/bindings.ts';
import type { Call } from '../../chain/calls.ts';
import type { Connection } from '../../chain/connect.ts';
import { onChain, RevertError } from '../../chain/revert-error.ts';

const HOLDERS: Readonly<Record<RoleName, string>> = {
  ADMIN: 'the access manager itself',
  OPERATOR: 'an operator',
  GUARDIAN: 'a guardian',
  GOVERNANCE: 'governance, through the timelock,',
};

/** The same refusal; where it is for want of a right, with who has it. */
export async function withHolder(error: unknown, connection: Connection, call: Call): Promise<unknown> {
  if (!(error instanceof RevertError)) return error;
  if (error.code === 'AccessManagedUnauthorized') {
    const role = roleFor(connection, call);
    if (role === null) return error;
    const next = role === 'GOVERNANCE' ? 'lode governance propose' : 'lode doctor names them: send it as one, by --as';
    return said(error, `only ${HOLDERS[role]} may do this, and ${String(error.details['caller'])} is none`, next);
  }
  if (error.code !== 'AccessControlUnauthorizedAccount') return error;
  const council = await onChain(() => connection.contracts.handover.COUNCIL());
  return said(
    error,
    `${error.shortMessage}; the council is ${council}`,
    'send it as the council, by --as or --safe-json',
  );
}

function said({ code, details, cause }: RevertError, words: string, next: string): RevertError {
  const shortMessage = words.includes(code) ? words : `${words} (${code})`;
  return new RevertError({ code, shortMessage, details, cause, next });
}

/** The role that a function of the deployment asks for; null for one that is nobody's. */
function roleFor({ addresses }: Connection, { to, data }: Call): RoleName | null {
  const contract = listContracts(addresses).find(([, at]) => at.toLowerCase() === to.toLowerCase())?.[0];
  if (contract === undefined || !(contract in FACTORIES)) return null;
  const key = contract as ContractKey; // just seen to be one
  const abi: Interface = interfaceOf(key);
  const name = abi.getFunction(data.slice(0, 10))?.name;
  const row = ROLE_TABLE.find(({ functions }) => functions.some((one) => one === name));
  return row?.role ?? null;
}
