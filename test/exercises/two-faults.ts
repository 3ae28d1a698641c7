import { defineExercise, resource } from 'proofload';
import { placeOrderThrottled } from './checkout.ts';
import longThrottle from './long-throttle.ts';

const durationSec = 180;

/** Two functions throttled at once; the first one's document restores, the second one's does not. */
export default defineExercise({
  ...longThrottle,
  name: 'test/two-faults',
  faults: [
    { use: 'lambda-throttle', durationSec, parameters: { FunctionName: resource('CreateCartFunction'), ReservedConcurrency: 2 } },
    { ...placeOrderThrottled, use: '../faults/no-restore.yaml', durationSec },
  ],
});
