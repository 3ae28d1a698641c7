import { constant, defineExercise } from 'proofload';
import { fastCheckout } from './checkout.ts';

/** Customers who think for 4 to 7 seconds: their connections idle about as long as Node's servers keep one by default (5 s). */
export default defineExercise({
  ...fastCheckout,
  name: 'test/slow-customers',
  traffic: fastCheckout.traffic.map((each) => ({
    ...each,
    arrivals: constant({ ratePerSec: 3 }),
    longestFlowSec: 60,
    env: { THINK_MIN_SEC: '4', THINK_MAX_SEC: '7' },
  })),
  phases: { warmUpSec: 20, baselineMin: 6, recoveryMin: 0 },
});
