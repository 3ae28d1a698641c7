import { defineExercise } from 'proofload';
import { fastCheckout } from './checkout.ts';

/** A healthy checkout whose invariants say what it does not do. */
export default defineExercise({
  ...fastCheckout,
  name: 'test/broken-promise',
  invariants: './promises.invariants.ts',
  drainLimitSec: 120,
});
