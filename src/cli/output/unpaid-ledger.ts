import { z } from 'zod';

import { count } from '../../settlement/report/report-fields.ts';
import { grouped } from '../../protocol/tokens.ts';

const schema = z.object({
  counts: z.object({
    contributions: z.object({ read: count, accepted: count, duplicates: count, rejected: count, outOfRange: count }),
  }),
});

/**
 * What to say when no contribution of a replay counts, so that nobody earns; null when one does. A wrong `--from` or a
 * mapping that fits nothing gives such a replay, and every figure of it is right.
 */
export function unpaidLedger(json: Uint8Array): string | null {
  const { read, accepted, outOfRange, rejected } = schema.parse(JSON.parse(new TextDecoder().decode(json))).counts
    .contributions;
  if (accepted > 0) return null;
  if (read === 0) return 'nobody earns anything: the ledger has no contribution';
  if (outOfRange > 0 && rejected === 0) {
    return `nobody earns anything: all ${grouped(read)} contributions lie outside the epochs; look at --from and --epochs`;
  }
  return `nobody earns anything: of ${grouped(read)} contributions ${grouped(outOfRange)} lie outside the epochs and ${grouped(rejected)} are rejected`;
}
