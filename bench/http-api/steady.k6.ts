import type { Options } from 'k6/options';

export { default } from './flow.k6.ts';

/** An open model at the rate that the excess is measured at. */
export const options: Options = {
  scenarios: {
    steady: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV['RATE_PER_SEC']),
      timeUnit: '1s',
      duration: `${__ENV['SECONDS']}s`,
      preAllocatedVUs: 200,
    },
  },
};
