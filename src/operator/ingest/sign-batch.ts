import { BATCH_TYPES, typedDataDomain } from './batch.ts';
import type { BatchBody } from './batch.ts';
import type { IngestDomain } from './segment-format.ts';

/** What signs: any signer of ethers, or something with these two. */
export interface BatchSigner {
  getAddress(): Promise<string>;
  signTypedData(
    domain: ReturnType<typeof typedDataDomain>,
    types: typeof BATCH_TYPES,
    value: { readonly recorder: string; readonly sequence: number; readonly rows: readonly string[] },
  ): Promise<string>;
}

/**
 * Signs rows for the ingest endpoint of a deployment: the body of `POST /v1/batches`.
 *
 * @param sequence higher than that of the signer's batch before; the same batch sent again keeps its own
 * @param rows contributions, each a line of NDJSON such as `{"id":"1","account":"0x…","time":"…","task":"…","units":"5"}`
 */
export async function signBatch(
  signer: BatchSigner,
  domain: IngestDomain,
  { sequence, rows }: { readonly sequence: number; readonly rows: readonly string[] },
): Promise<BatchBody> {
  const recorder = await signer.getAddress();
  const signature = await signer.signTypedData(typedDataDomain(domain), BATCH_TYPES, { recorder, sequence, rows });
  return { ...domain, recorder, sequence, rows: [...rows], signature };
}
