import { constant, defineExercise } from 'proofload';

export default defineExercise({
  name: 'checkout/smoke',
  hypothesis: 'With no fault, every order goes through and answers quickly.',
  smoke: true,
  system: '../sync/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  traffic: [
    {
      name: 'checkout',
      flow: '../traffic/checkout.k6.ts',
      frontDoor: 'ApiUrl',
      arrivals: constant({ ratePerSec: 2 }),
      longestFlowSec: 60,
      requestsPerFlow: 8,
    },
  ],
  phases: { warmUpSec: 15, baselineMin: 1, recoveryMin: 0 },
  businessTransaction: { name: 'order', operation: 'place-order' },
  objectives: {
    spec_version: '1.0',
    objectives: [
      { sli: 'error_rate', displayName: 'errors', pass: [{ criteria: ['<=0.1'] }], key_sli: true, phase: 'baseline' },
      { sli: 'latency_p95', displayName: 'latency p95', pass: [{ criteria: ['<400'] }], warning: [{ criteria: ['<800'] }], phase: 'baseline' },
      { sli: 'throttles', displayName: 'throttles', pass: [{ criteria: ['=0'] }], phase: 'baseline' },
      { sli: 'cost_per_thousand', displayName: 'cost per 1,000 orders (USD)', phase: 'baseline' },
    ],
    total_score: { pass: '90%', warning: '75%' },
  },
});
