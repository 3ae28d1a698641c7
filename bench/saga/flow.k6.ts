import type { Options } from 'k6/options';

/** The customers of the scenario as they are, at a steady rate, to which half of the time climbs where RAMP is set. */
export { default } from '../../scenarios/checkout/traffic/checkout.k6.ts';

const ratePerSec = Number(__ENV['RATE_PER_SEC']);
const seconds = Number(__ENV['SECONDS']);
const half = `${Math.ceil(seconds / 2)}s`;
const arrivals = { timeUnit: '1s', preAllocatedVUs: ratePerSec * 5, gracefulStop: '60s' };
const stages = [
  { target: ratePerSec, duration: half },
  { target: ratePerSec, duration: half },
];

export const options: Options = {
  // What the summary needs; each further tag costs k6 time at every request.
  systemTags: ['name', 'status', 'expected_response', 'check', 'scenario'],
  scenarios: {
    checkout: __ENV['RAMP']
      ? { ...arrivals, executor: 'ramping-arrival-rate', startRate: 1, stages }
      : { ...arrivals, executor: 'constant-arrival-rate', rate: ratePerSec, duration: `${seconds}s` },
  },
};
