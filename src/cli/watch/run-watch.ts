import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AddressBook } from '../../chain/address-book.ts';
import { parseAddressBook } from '../../chain/address-book.ts';
import { Sender } from '../../operator/chain/sender.ts';
import type { LedgerSource } from '../../store/recompute-epoch.ts';
import { ReportArchive } from '../../store/report-archive.ts';
import type { ReportPlace } from '../../store/report-place.ts';
import { openEndpoints, requireTwo } from '../options/endpoints.ts';
import type { LiveNetwork } from '../options/live-network.ts';
import { openSender } from '../options/signer.ts';
import { Judge } from './judge.ts';
import { Prosecution } from './prosecution.ts';
import { WatchState } from './state.ts';
import type { RoundOutcome } from './watcher.ts';
import { Watcher } from './watcher.ts';
import type { ToldEvent } from './watch-event.ts';

/** Everything that a watcher is told. Paths are absolute. */
export interface WatchOptions {
  readonly addresses: string;
  readonly rpc: readonly string[];
  readonly singleEndpoint: boolean;
  readonly confirmations: number;
  readonly places: readonly ReportPlace[];
  readonly ledger: Omit<LedgerSource, 'preset' | 'variant' | 'contracts'>;
  /** The preset's file, given or found by the name in the address book. */
  readonly presetOf: (addressBook: AddressBook) => Promise<Pick<LedgerSource, 'preset' | 'variant'>>;
  readonly state: string;
  /** The key that acts, and how many leaves of one proposal it may demand; null: nothing is sent. */
  readonly acting: {
    readonly keystore: string;
    readonly passwordFile: string;
    readonly mostDemands: number;
    /** What may be put down for demands at once, in wei; null: half of the bond. */
    readonly mostDeposits: bigint | null;
  } | null;
  readonly cwd: string;
  /** Seconds from one look to the next; null: one look. */
  readonly interval: number | null;
  readonly tell: (event: ToldEvent) => void;
}

/**
 * Watches a deployment: once, or until the process is ended.
 *
 * @throws {InputError} `ENDPOINTS_TOO_FEW`, `ENDPOINTS_EQUAL`, and what the inputs are refused for
 * @throws {RefusedError} `WATCH_RUNNING`, `WATCH_STATE_INVALID`, `WATCH_STATE_DIFFERS`
 * @throws {RetryableError} `NODE_UNAVAILABLE` when an endpoint does not answer at the start
 */
export async function runWatch(options: WatchOptions): Promise<RoundOutcome> {
  const { rpc, tell, interval } = options;
  requireTwo(options);
  const addressBook = parseAddressBook(await readFile(options.addresses, 'utf8'));
  const preset = await options.presetOf(addressBook);
  const { token, vault, reserve, distributor } = addressBook.contracts;
  const networks: Pick<LiveNetwork, 'close'>[] = [];
  let state: WatchState | null = null;
  try {
    const opened = await openEndpoints(addressBook, rpc);
    networks.push(opened);
    const { endpoints } = opened;
    const acting = await actingOf(options);
    if (acting !== null) networks.push(acting);
    state = await WatchState.open(options.state, addressBook.chainId, distributor);
    const forbidden = [token, vault, reserve, distributor];
    const judge = new Judge({
      ...{ places: options.places, forbidden },
      ledger: { ...options.ledger, ...preset, contracts: forbidden },
      archive: new ReportArchive(join(options.state, 'reports')),
    });
    const memory = state;
    const watcher = new Watcher({
      ...{ endpoints, confirmations: options.confirmations, judge, state, tell, book: options.addresses },
      prosecution:
        acting === null
          ? null
          : (say) => {
              const { account, signer, mostDemands, mostDeposits } = acting;
              const sender = new Sender({ endpoints, signer, account, memory, say });
              const { contracts: addresses } = addressBook;
              const limits = { mostDemands, mostDeposits };
              return new Prosecution({ endpoints, addresses, account, sender, state: memory, say, ...limits });
            },
    });
    const names = endpoints.map(({ name }) => name);
    watcher.say({ event: 'watching', alarm: false, endpoints: names, account: acting?.account ?? null });
    for (;;) {
      const outcome = await watcher.round();
      if (interval === null) return outcome;
      await sleep(interval * 1000);
    }
  } finally {
    await state?.close();
    for (const { close } of networks) await close();
  }
}

/** The key that acts, unlocked; null when nothing is to be sent. */
async function actingOf({ acting, rpc, cwd }: WatchOptions) {
  const [first] = rpc;
  if (acting === null || first === undefined) return null;
  const { keystore, passwordFile, ...limits } = acting;
  const { account, signer, ...network } = await openSender({ rpc: first, keystore, passwordFile }, cwd, {
    sends: true,
  });
  if (account === null || signer === null) return null;
  return { ...network, account, signer, ...limits };
}
