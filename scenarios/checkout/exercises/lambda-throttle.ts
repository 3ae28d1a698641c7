import { constant, defineExercise, type FlowTraffic, resource } from 'proofload';
import { gate } from '../parts/flow.ts';

const checkout = (ratePerSec: number): FlowTraffic => ({
  name: 'checkout',
  flow: '../traffic/checkout.k6.ts',
  frontDoor: 'ApiUrl',
  arrivals: constant({ ratePerSec }),
  longestFlowSec: 60,
  requestsPerFlow: 8,
});

const throttle = (durationSec: number) => ({
  use: 'lambda-throttle',
  durationSec,
  parameters: { FunctionName: resource('PlaceOrderFunction'), ReservedConcurrency: 1 },
});

export default defineExercise({
  name: 'checkout/lambda-throttle',
  hypothesis: 'While place-order may run only once at a time, most orders still go through on a retry; afterwards all do again within seconds.',
  smoke: true,
  system: '../sync/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  traffic: [checkout(6)],
  phases: { warmUpSec: 15, baselineMin: 1, recoveryMin: 1 },
  faults: [throttle(120)],
  businessTransaction: { name: 'order', operation: 'place-order' },
  objectives: {
    spec_version: '1.0',
    objectives: [
      { sli: 'error_rate', displayName: 'errors before the fault', pass: [{ criteria: ['<=0.1'] }], key_sli: true, phase: 'baseline' },
      {
        sli: 'latency_p95',
        displayName: 'latency p95 before the fault',
        pass: [{ criteria: ['<400'] }],
        warning: [{ criteria: ['<800'] }],
        phase: 'baseline',
      },
      { sli: 'error_rate', displayName: 'errors during the fault', pass: [{ criteria: ['<20'] }], warning: [{ criteria: ['<40'] }], phase: 'fault' },
      { sli: 'latency_p95:get-order', displayName: 'reading orders during the fault, p95', pass: [{ criteria: ['<400'] }], phase: 'fault' },
      { sli: 'time_to_recover', displayName: 'time to recover', pass: [{ criteria: ['<10'] }], warning: [{ criteria: ['<30'] }], phase: 'recovery' },
      { sli: 'error_rate', displayName: 'errors after the fault', pass: [{ criteria: ['<=0.1'] }], key_sli: true, phase: 'recovery' },
      { sli: 'cost_per_thousand', displayName: 'cost per 1,000 orders (USD)', phase: 'baseline' },
    ],
    total_score: { pass: '90%', warning: '75%' },
  },
  settings: { gate: gate(throttle, [checkout(20)]) },
});
