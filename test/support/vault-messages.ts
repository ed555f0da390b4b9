/** The EIP-712 types that accounts sign for the vault, as its interface states them; apart from the sources on purpose. */
export const VAULT_MESSAGES = {
  ClaimTo: [
    { name: 'account', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'epoch', type: 'uint32' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
  SetRecipient: [
    { name: 'account', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
};
