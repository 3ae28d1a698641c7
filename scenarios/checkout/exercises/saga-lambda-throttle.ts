import { defineExercise, resource } from 'proofload';
import { cost, errorsBelow, gate, integrity, order, p90Below, p95Below, steadyCustomers } from '../parts/flow.ts';

const throttle = (durationSec: number) => ({
  use: 'lambda-throttle',
  durationSec,
  parameters: { FunctionName: resource('ChargeFunction'), ReservedConcurrency: 0 },
});

export default defineExercise({
  name: 'checkout/saga-lambda-throttle',
  hypothesis: 'While no card can be charged, the shop takes orders as fast as ever; each is confirmed later, or taken back completely.',
  smoke: true,
  system: '../saga/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  drainLimitSec: 180,
  traffic: [steadyCustomers(6)],
  phases: { warmUpSec: 15, baselineMin: 1, recoveryMin: 1 },
  faults: [throttle(180)],
  businessTransaction: order,
  objectives: {
    spec_version: '1.0',
    objectives: [
      integrity,
      errorsBelow(0.1, 'baseline'),
      p90Below(300, 'place-order', 'baseline'),
      errorsBelow(0.1, 'fault'),
      p90Below(300, 'place-order', 'fault'),
      p95Below(400, 'get-order', 'fault'),
      errorsBelow(0.1, 'recovery'),
      cost,
    ],
    total_score: { pass: '90%', warning: '75%' },
  },
  settings: { gate: gate(throttle) },
});
