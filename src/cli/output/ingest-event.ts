import type { IngestEvent } from '../../operator/ingest/serve.ts';
import { counted } from '../../protocol/tokens.ts';

/** What a running endpoint tells, in words. */
export function ingestEventText(event: IngestEvent): string {
  if (event.event === 'failed') return `${event.code}: ${event.message}\n`;
  const { url, recorders, segment, cut } = event;
  const torn = `${counted(cut, 'byte')} of a batch that was being written when the endpoint ended were cut off: nobody had been told that it was taken\n`;
  return `${cut === 0 ? '' : torn}takes batches of ${counted(recorders, 'recorder')} at ${url}, segment ${segment}\n`;
}
