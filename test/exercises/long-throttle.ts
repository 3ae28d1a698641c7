import { constant, defineExercise } from 'proofload';
import { fastCheckout, placeOrderThrottled } from './checkout.ts';

/** A fault that outlasts whatever a test does in the middle of it: half a minute of the wall's at 20 times its speed. */
export default defineExercise({
  ...fastCheckout,
  name: 'test/long-throttle',
  traffic: fastCheckout.traffic.map((each) => ({ ...each, arrivals: constant({ ratePerSec: 10 }) })),
  phases: { warmUpSec: 20, baselineMin: 1, recoveryMin: 1 },
  faults: [{ ...placeOrderThrottled, durationSec: 600 }],
});
