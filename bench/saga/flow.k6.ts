import type { Options } from 'k6/options';

/** The customers of the scenario as they are, at a steady rate. */
export { default } from '../../scenarios/checkout/traffic/checkout.k6.ts';

export const options: Options = {
  // What the summary needs; each further tag costs k6 time at every request.
  systemTags: ['name', 'status', 'expected_response', 'check', 'scenario'],
  scenarios: {
    checkout: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV['RATE_PER_SEC']),
      timeUnit: '1s',
      duration: `${__ENV['SECONDS']}s`,
      preAllocatedVUs: Number(__ENV['RATE_PER_SEC']) * 5,
      gracefulStop: '60s',
    },
  },
};
