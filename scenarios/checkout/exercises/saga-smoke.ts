import { defineExercise } from 'proofload';
import { cost, errorsBelow, integrity, order, p95Below, steadyCustomers } from '../parts/flow.ts';

export default defineExercise({
  name: 'checkout/saga-smoke',
  hypothesis: 'With no fault, the saga takes every order within a blink and confirms it.',
  smoke: true,
  system: '../saga/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  traffic: [steadyCustomers(2)],
  phases: { warmUpSec: 15, baselineMin: 1, recoveryMin: 0 },
  businessTransaction: order,
  objectives: {
    spec_version: '1.0',
    objectives: [
      integrity,
      errorsBelow(0.1, 'baseline'),
      p95Below(400, 'place-order', 'baseline'),
      { sli: 'throttles', displayName: 'throttles', pass: [{ criteria: ['=0'] }], phase: 'baseline' },
      cost,
    ],
    total_score: { pass: '90%', warning: '75%' },
  },
});
