const CONTRACTS = [
  ...['authority', 'timelock', 'token', 'curve', 'registry', 'reserve', 'vault', 'parameters', 'verifier'],
  ...['distributor', 'governor', 'handover', 'canceller'],
];
/** An address book as it is written, about contracts that are nowhere. */
export const NOWHERE_BOOK = JSON.stringify({
  ...{ format: 'lode-addresses-v1', chainId: 31_337, startBlock: 1 },
  preset: { name: 'lingoai', variant: null, hash: `0x${'1'.repeat(64)}` },
  contracts: Object.fromEntries(CONTRACTS.map((name, at) => [name, `0x${(at + 16).toString(16).repeat(20)}`])),
});
