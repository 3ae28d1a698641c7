import { noData } from '../figure.ts';
import type { Indicator } from './indicator.ts';

export const errorRateIndicator: Indicator = {
  name: 'error_rate',
  unit: '%',
  of: 'phase',
  category: 'throttling',
  argument: 'an operation',
  meaning: 'failed requests in percent of all, as clients saw them',
  read(phase, operation) {
    if (operation === undefined) return { figure: phase.errorRate };
    const found = phase.operations.find((each) => each.operation === operation);
    return { figure: found ? found.errorRate : noData('%', `no request of operation ${operation} in the ${phase.phase} phase`) };
  },
};
