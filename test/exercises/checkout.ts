import { constant, type Exercise, resource } from 'proofload';

/** The objectives that a healthy checkout meets, and a throttled one too. */
export const lenient = {
  spec_version: '1.0',
  objectives: [
    { sli: 'error_rate', displayName: 'errors before', pass: [{ criteria: ['<=1'] }], key_sli: true, phase: 'baseline' },
    { sli: 'throttles', displayName: 'throttles', phase: 'baseline' },
  ],
  total_score: { pass: '90%', warning: '75%' },
};

/** The checkout, fast enough for a lab whose minute takes three seconds: many arrivals, hardly any thinking. */
export const fastCheckout: Exercise = {
  name: 'test/checkout',
  hypothesis: 'The tests of proofload see what they expect.',
  smoke: true,
  system: '../../scenarios/checkout/sync/template.yaml',
  data: '../../scenarios/checkout/data.ts',
  traffic: [
    {
      name: 'checkout',
      flow: '../../scenarios/checkout/traffic/checkout.k6.ts',
      frontDoor: 'ApiUrl',
      arrivals: constant({ ratePerSec: 15 }),
      longestFlowSec: 10,
      requestsPerFlow: 7,
      env: { THINK_MIN_SEC: '0.02', THINK_MAX_SEC: '0.1' },
    },
  ],
  phases: { warmUpSec: 20, baselineMin: 1, recoveryMin: 0 },
  businessTransaction: { name: 'order', operation: 'place-order' },
  objectives: lenient,
};

export const placeOrderThrottled = {
  use: 'lambda-throttle',
  durationSec: 120,
  parameters: { FunctionName: resource('PlaceOrderFunction'), ReservedConcurrency: 1 },
};

/** The fast checkout with one fault. */
export function withFault(use: string = placeOrderThrottled.use): Exercise {
  return { ...fastCheckout, phases: { warmUpSec: 20, baselineMin: 1, recoveryMin: 1 }, faults: [{ ...placeOrderThrottled, use }] };
}
