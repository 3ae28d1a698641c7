import { defineExercise, resource } from 'proofload';
import { cost, errorsBelow, gate, integrity, order, p95Below, steadyCustomers } from '../parts/flow.ts';

const delay = (durationSec: number) => ({
  use: 'lambda-delay',
  durationSec,
  parameters: { FunctionName: resource('PlaceOrderFunction'), DelayMilliseconds: 1500 },
});

export default defineExercise({
  name: 'checkout/lambda-delay',
  hypothesis: 'While place-order starts 1.5 s late, orders take that much longer, none is lost, and whatever does not go through it stays quick.',
  smoke: true,
  system: '../sync/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  traffic: [steadyCustomers(6)],
  phases: { warmUpSec: 15, baselineMin: 1, recoveryMin: 1 },
  faults: [delay(180)],
  businessTransaction: order,
  objectives: {
    spec_version: '1.0',
    objectives: [
      integrity,
      errorsBelow(0.1, 'baseline'),
      p95Below(400, 'place-order', 'baseline'),
      errorsBelow(0.1, 'fault'),
      { ...p95Below(2200, 'place-order', 'fault'), warning: [{ criteria: ['<3000'] }] },
      p95Below(400, 'get-order', 'fault'),
      // What the extension still injects until its next poll, up to 20 s after FIS has ended the fault, counts as recovery.
      { sli: 'time_to_recover', displayName: 'time to recover', pass: [{ criteria: ['<25'] }], warning: [{ criteria: ['<40'] }], phase: 'recovery' },
      errorsBelow(0.1, 'recovery'),
      cost,
    ],
    total_score: { pass: '90%', warning: '75%' },
  },
  settings: { gate: gate(delay) },
});
