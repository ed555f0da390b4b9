// Stands in a page under test as a wallet that announces itself (EIP-6963); what it answers is decided outside of the page.
globalThis.addTestWallet = (name, rdns) => {
  const listeners = new Map();
  const provider = {
    request: async ({ method, params = [] }) => {
      const { result, error } = await globalThis.askTestWallet(rdns, method, params);
      if (error !== undefined) throw Object.assign(new Error(error.message), error);
      return result;
    },
    on: (event, listener) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    removeListener: (event, listener) =>
      listeners.set(
        event,
        (listeners.get(event) ?? []).filter((other) => other !== listener),
      ),
  };
  globalThis.addEventListener('test-wallet-tells', ({ detail: [from, event, value] }) => {
    if (from !== rdns) return;
    for (const listener of listeners.get(event) ?? []) listener(value);
  });
  const info = {
    uuid: globalThis.crypto.randomUUID(),
    name,
    icon: 'data:image/png;base64,',
    rdns,
  };
  const detail = Object.freeze({ info, provider });
  const announce = () => globalThis.dispatchEvent(new globalThis.CustomEvent('eip6963:announceProvider', { detail }));
  globalThis.addEventListener('eip6963:requestProvider', announce);
  announce();
};
