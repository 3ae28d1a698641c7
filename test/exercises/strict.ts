import { defineExercise } from 'proofload';
import { fastCheckout, lenient } from './checkout.ts';

export default defineExercise({
  ...fastCheckout,
  name: 'test/strict',
  objectives: {
    ...lenient,
    objectives: [{ sli: 'request_rate', displayName: 'impossible', pass: [{ criteria: ['>100000'] }], key_sli: true, phase: 'baseline' }],
  },
});
