import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

import type { Endpoint } from '../chain/agreement.ts';
import { askEach } from '../chain/agreement.ts';
import type { Address } from '../protocol/brands.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { KeeperEvent } from './keeper-event.ts';
import type { Keeper } from './keeper.ts';

/** A balance is read no oftener than that, in milliseconds. */
const BALANCE_EVERY = 30_000;
const GWEI = 1_000_000_000n;

/** What a keeper did and where it stands, for Prometheus. */
export class KeeperMetrics {
  readonly #registry = new Registry();
  readonly #steps: Counter<'step'>;
  readonly #transactions: Counter<'outcome'>;
  readonly #alarms: Counter<'code'>;
  readonly #troubles: Counter<'code'>;
  readonly #balance: Gauge;
  #read = -Infinity;

  constructor() {
    const registers = [this.#registry];
    const name = (rest: string): string => `lode_keeper_${rest}`;
    this.#steps = new Counter({
      ...{ name: name('steps_total'), help: 'Steps of epochs that were done.', labelNames: ['step'], registers },
    });
    this.#transactions = new Counter({
      ...{ name: name('transactions_total'), help: 'What became of transactions.', labelNames: ['outcome'], registers },
    });
    this.#alarms = new Counter({
      ...{ name: name('alarms_total'), help: 'Alarms that were raised.', labelNames: ['code'], registers },
    });
    this.#troubles = new Counter({
      ...{ name: name('troubles_total'), help: 'What did not answer as it should.', labelNames: ['code'], registers },
    });
    this.#balance = new Gauge({
      ...{ name: name('balance_gwei'), help: 'What the account has of the native coin, in gwei.', registers },
    });
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Counts an event. */
  observe(event: KeeperEvent): void {
    switch (event.event) {
      case 'done':
        this.#steps.inc({ step: event.step });
        break;
      case 'sending':
      case 'included':
      case 'offered-again':
      case 'taken-back':
        this.#transactions.inc({ outcome: event.event });
        break;
      case 'not-sent':
        this.#transactions.inc({ outcome: event.code });
        break;
      case 'alarm':
        this.#alarms.inc({ code: event.code });
        break;
      case 'trouble':
        this.#troubles.inc({ code: event.code });
        break;
      default:
    }
  }

  /** Shows where a keeper stands, whenever it is asked for. */
  watch(keeper: Keeper): void {
    const gauge = (name: string, help: string, value: () => number | null | undefined): void => {
      const collect = function (this: Gauge): void {
        const known = value();
        if (typeof known === 'number') this.set(known);
      };
      new Gauge({ name: `lode_keeper_${name}`, help, registers: [this.#registry], collect });
    };
    gauge('block', 'The newest block that counts.', () => keeper.status.block?.number);
    gauge('block_time_seconds', 'Its time, unix seconds.', () => keeper.status.block?.time);
    gauge('epochs_ended', 'Epochs that are over.', () => keeper.status.view?.ended);
    gauge('next_to_close', 'The epoch that is closed next.', () => keeper.status.view?.nextToClose);
    gauge('next_to_finalise', 'The epoch that becomes final next.', () => keeper.status.view?.nextToFinalise);
    gauge('rounds', 'Rounds since the start.', () => keeper.status.rounds);
    gauge('alarms', 'Alarms that stand.', () => keeper.status.alarms.length);
    gauge('troubled', '1 while something outside does not answer as it should.', () =>
      keeper.status.isTroubled ? 1 : 0,
    );
  }

  /** Reads what the account has, now and then; the lowest that an endpoint says. A node that does not answer changes nothing. */
  async read(endpoints: readonly Endpoint[], account: Address | null): Promise<void> {
    if (account === null || performance.now() - this.#read < BALANCE_EVERY) return;
    this.#read = performance.now();
    try {
      const balances = await askEach(endpoints, ({ provider }) => provider.getBalance(account));
      // integer: a gauge is a double, and gwei of any balance fit into one as well as a chart can show
      this.#balance.set(Number(balances.reduce((a, b) => (a < b ? a : b)) / GWEI));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    return await this.#registry.metrics();
  }
}
