import type { Address } from '../protocol/brands.ts';
import type { EngineSetting } from '../store/engine-setting.ts';

/** From when on a block counts: that many blocks lie on top of it, or the node itself calls it final. */
export type Finality = { readonly confirmations: number } | 'finalized';

/** Where reports are published. */
export type PublishTarget =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'http'; readonly url: string; readonly headersFile?: string | undefined }
  | { readonly kind: 'ipfs'; readonly api: string };

/** What an operator's `lode.config.json` says (`lode-operator-v1`); every path is absolute. */
export interface OperatorConfig {
  /** The address book's file. */
  readonly addresses: string;
  /** The nodes; nothing counts that they do not all say. */
  readonly rpc: readonly string[];
  readonly finality: Finality;
  /** A preset's name or file; null: the one that the address book names. */
  readonly preset: string | null;
  readonly variant: string | null;
  /** Policies and tasks that were voted for since. */
  readonly changes: string | null;
  /** Whether reports say how everybody's scores came about. */
  readonly explanations: boolean;
  /** What scores; no report depends on it. */
  readonly engine: EngineSetting;
  readonly ledger: {
    readonly contributions: readonly string[];
    readonly usage: readonly string[];
    readonly accounts: readonly string[];
    readonly dropFolder: string | null;
    /** A task name of the ledger and the preset's task that it counts for. */
    readonly map: Readonly<Record<string, string>>;
    readonly lateRows: 'reject' | 'next';
    /** An epoch is cut so long after its end, in seconds of the chain. */
    readonly graceSeconds: number;
    readonly anyRejects: boolean;
  };
  /** The endpoint that applications send contributions to; null: none. */
  readonly ingest: {
    readonly host: string;
    readonly port: number;
    readonly recorders: readonly Address[];
    readonly maxBatchRows: number;
    readonly maxBodyBytes: number;
    readonly rowsPerSecond: number;
    readonly maxWaiting: number;
  } | null;
  readonly publish: { readonly targets: readonly PublishTarget[]; readonly keepEpochs: number | null };
  /** The key that signs; null: it is named on the command line, or nothing is sent. */
  readonly signer: { readonly keystore: string; readonly passwordFile: string | null } | null;
  readonly keeper: {
    /** From one look to the next, in seconds. */
    readonly pollSeconds: number;
    /** Where metrics and health are served; null: nowhere. */
    readonly metrics: { readonly host: string; readonly port: number } | null;
    /** A unit of gas is never paid more for, in wei, the tip included; null: as much as the market asks for. */
    readonly maxFeePerGas: bigint | null;
    readonly withdrawBonds: boolean;
  };
}
