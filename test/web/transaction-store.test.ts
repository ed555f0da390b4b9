import { expect } from 'chai';

import type { Call } from '../../src/chain/calls.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { sessionKeep, type KeptTransaction } from '../../web/src/wallet/kept-transactions.ts';
import type { TransactionState } from '../../web/src/wallet/send-transaction.ts';
import { isUnsent, TransactionStore, type Wanted } from '../../web/src/wallet/transaction-store.ts';

const ALICE = parseAddress('0x15d34aaf54267db7d7c367839aaf71a00a2c6a65');
const BOB = parseAddress('0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc');
const VAULT = parseAddress(`0x${'aa'.repeat(20)}`);
const HASH = `0x${'ab'.repeat(32)}`;
const CALL: Call = { to: VAULT, data: '0x1234', value: 0n };
const CLAIM: Wanted = { slot: 'claim', path: '/miner/a', title: 'Claim 12', done: 'Paid.', account: ALICE, call: CALL };
const SENT: TransactionState = { phase: 'sent', hash: HASH, trouble: null };
const INCLUDED: TransactionState = { phase: 'included', hash: HASH, block: 7, paid: 5n };
const SIGNING: TransactionState = { phase: 'signing', cost: { gas: 1n, price: 1n } };

/** A storage as a browser has one. */
function storage(): Storage {
  const held = new Map<string, string>();
  const part: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  };
  return part as Storage;
}

interface Sent {
  readonly signal: AbortSignal;
  readonly tell: (state: TransactionState) => void;
}

/** A store, and what was sent by it; nothing of that ends by itself. */
function scene(kept: Storage = storage()) {
  const store = new TransactionStore(sessionKeep('31337.vault', () => kept));
  const sent: Sent[] = [];
  const start = (wanted: Wanted = CLAIM): void =>
    store.start(wanted, async (steps) => {
      sent.push(steps);
      await new Promise(() => undefined);
    });
  const followed: (KeptTransaction & Sent)[] = [];
  store.resume(async (one, steps) => {
    followed.push({ ...one, ...steps });
    await new Promise(() => undefined);
  });
  const phases = () => store.all().map(({ state }) => state.phase);
  return { store, start, sent, followed, phases, kept };
}

describe('the transactions of a visitor', () => {
  it('go on when the view that sent them is left, and are shown elsewhere until somebody closes them', () => {
    const { store, start, sent, phases } = scene();
    const leave = store.watch('claim');
    start();
    sent[0]!.tell(SENT);
    expect(store.isShown(store.all()[0]!)).to.equal(true);
    leave();
    expect(store.isShown(store.all()[0]!)).to.equal(false);
    sent[0]!.tell(INCLUDED);
    expect(phases()).to.deep.equal(['included']);
    store.forget(store.all()[0]!.id);
    expect(phases()).to.deep.equal([]);
  });

  it('are forgotten with the view that has shown how they ended', () => {
    const { store, start, sent, phases } = scene();
    const leave = store.watch('claim');
    start();
    sent[0]!.tell(INCLUDED);
    expect(phases()).to.deep.equal(['included']);
    leave();
    expect(phases()).to.deep.equal([]);
  });

  it('are not sent twice: neither from the same place, nor the same call from another', () => {
    const { start, sent } = scene();
    start();
    start();
    start({ ...CLAIM, slot: 'elsewhere' });
    start({ ...CLAIM, call: { ...CALL, data: '0x5678' } });
    expect(sent).to.have.length(1);
    start({ ...CLAIM, slot: 'elsewhere', account: BOB });
    start({ ...CLAIM, slot: 'other', call: { ...CALL, data: '0x5678' } });
    expect(sent).to.have.length(3);
  });

  it('can be sent again once the last one is over', () => {
    const { start, sent, phases } = scene();
    start();
    sent[0]!.tell({ phase: 'failed', error: new Error('no'), hash: null });
    start();
    expect(sent).to.have.length(2);
    expect(phases()).to.deep.equal(['estimating']);
  });

  it('tell whoever listens, once for each step', () => {
    const { store, start, sent } = scene();
    let told = 0;
    const stop = store.subscribe(() => told++);
    start();
    sent[0]!.tell(SENT);
    expect(told).to.equal(2);
    expect(store.all()).to.equal(store.all());
    stop();
    sent[0]!.tell(INCLUDED);
    expect(told).to.equal(2);
  });

  it('are told nothing any more once they are forgotten', () => {
    const { store, start, sent, phases } = scene();
    start();
    sent[0]!.tell(SENT);
    store.forget(store.all()[0]!.id);
    expect(sent[0]!.signal.aborted).to.equal(true);
    sent[0]!.tell(INCLUDED);
    expect(phases()).to.deep.equal([]);
  });

  describe('when the page is loaded anew', () => {
    it('are followed by their hash, and still not sent twice', () => {
      const before = scene();
      before.start();
      before.sent[0]!.tell(SENT);
      const { store, followed, start, sent } = scene(before.kept);
      expect(followed).to.have.length(1);
      expect(followed[0]).to.include({ hash: HASH, title: 'Claim 12', done: 'Paid.', account: ALICE });
      expect(followed[0]!.call).to.deep.equal(CALL);
      start();
      expect(sent).to.have.length(0);
      followed[0]!.tell(INCLUDED);
      expect(store.all()[0]!.state).to.equal(INCLUDED);
      expect(scene(before.kept).followed).to.deep.equal([]);
    });

    it('are not known to be sent or not where the wallet had been asked, and that is said', () => {
      const before = scene();
      before.start();
      before.sent[0]!.tell(SIGNING);
      const { store, followed } = scene(before.kept);
      expect(followed).to.deep.equal([]);
      const { state } = store.all()[0]!;
      expect(state.phase === 'failed' && state.error).to.include({ code: 'TRANSACTION_UNKNOWN' });
      expect(isUnsent(state)).to.equal(false);
      expect(isUnsent({ phase: 'failed', error: new Error('refused before'), hash: null })).to.equal(true);
      expect(scene(before.kept).phases()).to.deep.equal([]);
    });

    it('are kept for their own deployment alone', () => {
      const before = scene();
      before.start();
      before.sent[0]!.tell(SENT);
      expect(sessionKeep('1.vault', () => before.kept).read()).to.deep.equal([]);
    });

    it('are nothing where what is kept was written by somebody else, or storage is forbidden', () => {
      const kept = storage();
      for (const text of ['', '{}', '[{}]', `[{"slot":"a","path":"https://elsewhere","title":"","done":null}]`]) {
        kept.setItem('lode.transactions.31337.vault', text);
        expect(scene(kept).phases()).to.deep.equal([]);
      }
      const forbidden = sessionKeep('31337.vault', () => {
        throw new Error('denied');
      });
      expect(forbidden.read()).to.deep.equal([]);
      forbidden.write([{ ...CLAIM, hash: HASH }]);
    });
  });
});
