import { defineExercise } from 'proofload';
import { placeOrderThrottled } from './checkout.ts';
import longThrottle from './long-throttle.ts';

/** A fault whose document does not restore, and that nobody waits for. */
export default defineExercise({
  ...longThrottle,
  name: 'test/long-no-restore',
  faults: [{ ...placeOrderThrottled, use: '../faults/no-restore.yaml', durationSec: 600 }],
});
