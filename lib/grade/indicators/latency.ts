import { noData } from '../figure.ts';
import type { Indicator } from './indicator.ts';

/** Latency quantiles as clients saw them, of all requests or of one operation. */
export const latencyIndicators: readonly Indicator[] = (['p50', 'p90', 'p95', 'p99'] as const).map((quantile) => ({
  name: `latency_${quantile}`,
  unit: 'ms',
  of: 'phase',
  category: 'latency',
  argument: 'an operation',
  meaning: `${quantile} of the latency in ms, as clients saw it`,
  read(phase, operation) {
    if (operation === undefined) return { figure: phase.latency[quantile] };
    const found = phase.operations.find((each) => each.operation === operation);
    return { figure: found ? found.latency[quantile] : noData('ms', `no request of operation ${operation} in the ${phase.phase} phase`) };
  },
}));
