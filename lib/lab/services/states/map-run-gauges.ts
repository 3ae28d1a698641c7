import type { Cancel } from '../../../core/clock.ts';
import type { LabContext, MetricSeries } from '../../contract.ts';
import { lazySeries } from '../../gateway/lazy-series.ts';

const publishMs = 60_000;

interface MapRunCounts {
  readonly open: number;
  readonly backlog: number;
}

/** How many Map Runs are open, may be, and wait: the account's, told each minute in which there are any. */
export class MapRunGauges {
  readonly #clock: LabContext['clock'];
  readonly #limit: number;
  readonly #count: () => MapRunCounts;
  readonly #open: MetricSeries;
  readonly #openLimit: MetricSeries;
  readonly #backlog: MetricSeries;
  #cancel: Cancel | undefined;

  constructor({ clock, metrics }: LabContext, limit: number, count: () => MapRunCounts) {
    this.#clock = clock;
    this.#limit = limit;
    this.#count = count;
    const series = (metric: string): MetricSeries => lazySeries(metrics, 'AWS/States', metric, {}, 'Count');
    this.#open = series('ApproximateOpenMapRunCount');
    this.#openLimit = series('OpenMapRunLimit');
    this.#backlog = series('ApproximateMapRunBacklogSize');
  }

  /** There is something to tell. */
  watch(): void {
    this.#cancel ??= this.#clock.schedule(publishMs, () => this.#publish());
  }

  stop(): void {
    this.#cancel?.();
  }

  #publish(): void {
    this.#cancel = undefined;
    const { open, backlog } = this.#count();
    this.#open.add(open);
    this.#openLimit.add(this.#limit);
    if (backlog > 0) this.#backlog.add(backlog);
    if (open > 0) this.watch();
  }
}
