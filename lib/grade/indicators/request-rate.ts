import type { Indicator } from './indicator.ts';

export const requestRateIndicator: Indicator = {
  name: 'request_rate',
  unit: 'requests/s',
  of: 'phase',
  category: 'throttling',
  meaning: 'requests a second that clients started',
  read: (phase) => ({ figure: phase.ratePerSec }),
};
