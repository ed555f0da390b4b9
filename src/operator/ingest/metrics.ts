import { Counter, Gauge, Registry } from 'prom-client';

/** What an endpoint counts, in the format of Prometheus. */
export interface IngestMetrics {
  /** Counts the answer to a batch: `TAKEN`, or the code of the fault. */
  readonly answered: (code: string, rows: number) => void;
  readonly text: () => Promise<string>;
}

/** @param waiting how many batches wait until they are durable, at the moment when it is asked */
export function ingestMetrics(waiting: () => number): IngestMetrics {
  const registers = [new Registry()];
  const answers = new Counter({
    ...{ name: 'lode_ingest_answers_total', help: 'Batches by what they were answered', registers },
    labelNames: ['code'],
  });
  const rows = new Counter({ name: 'lode_ingest_rows_total', help: 'Rows taken, repeated ones too', registers });
  new Gauge({
    ...{ name: 'lode_ingest_waiting', help: 'Batches that wait until they are durable', registers },
    collect() {
      this.set(waiting());
    },
  });
  return {
    answered: (code, count) => {
      answers.inc({ code });
      rows.inc(count);
    },
    text: async () => (await Promise.all(registers.map(async (one) => one.metrics()))).join(''),
  };
}
