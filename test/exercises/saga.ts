import { defineExercise } from 'proofload';
import { fastCheckout } from './checkout.ts';

/** The saga, undisturbed: what a run reads of workflows, queues and pollers, and whether its invariants hold. */
export default defineExercise({
  ...fastCheckout,
  name: 'test/saga',
  system: '../../scenarios/checkout/saga/template.yaml',
  invariants: '../../scenarios/checkout/invariants.ts',
  drainLimitSec: 600,
});
