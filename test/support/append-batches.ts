import type { StoredBatch } from '../../src/operator/ingest/segment-format.ts';
import { SegmentLog } from '../../src/operator/ingest/segment-log.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { alice, contribution } from './ledger.ts';

/** The deployment of the tests' segments. */
export const INGEST_DOMAIN = { chainId: 31337, distributor: `0x${'d'.repeat(40)}` };

/** A batch as a segment holds it; the endpoint would not take its signature. */
export function storedBatch(sequence: number, rows = 2): StoredBatch {
  const ids = Array.from({ length: rows }, (_, index) => `${sequence}.${index}`);
  return {
    ...{ recorder: alice, sequence, at: '2026-01-01T00:00:00.000Z', signature: `0x${'ab'.repeat(65)}` },
    rows: ids.map((id) => JSON.stringify(contribution({ id, note: 'ä😀' }))),
  };
}

/** `append-batches.ts FOLDER FROM TO`: appends batches one after the other and prints what became of each. */
const [folder, from, to] = process.argv.slice(2);
if (process.argv[1]?.endsWith('append-batches.ts') === true && folder !== undefined) {
  const { log } = await SegmentLog.open(folder, INGEST_DOMAIN);
  for (let sequence = Number(from); sequence < Number(to); sequence++) {
    const outcome = await log.append(storedBatch(sequence)).then(
      () => 'ok',
      (error: unknown) => (error instanceof ProtocolError ? error.code : String(error)),
    );
    console.log(`${sequence} ${outcome}`);
  }
  await log.close();
}
