import { defineExercise, resource } from 'proofload';
import { cost, errorsBelow, gate, integrity, order, steadyCustomers } from '../parts/flow.ts';

const rush = (durationSec: number) => ({
  use: 'hot-key',
  durationSec,
  parameters: { TableName: resource('InventoryTable'), KeyValue: 'sku-0001', WritesPerSecond: 1200 },
});

export default defineExercise({
  name: 'checkout/hot-key',
  hypothesis: 'When everybody wants one product, orders of the others go on as before, and none is oversold.',
  smoke: true,
  system: '../saga/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  drainLimitSec: 180,
  traffic: [steadyCustomers(6)],
  phases: { warmUpSec: 15, baselineMin: 1, recoveryMin: 1 },
  faults: [rush(120)],
  businessTransaction: order,
  objectives: {
    spec_version: '1.0',
    objectives: [
      integrity,
      errorsBelow(0.1, 'baseline'),
      errorsBelow(1, 'fault'),
      errorsBelow(0.1, 'recovery'),
      { sli: 'time_to_recover', displayName: 'time to recover', pass: [{ criteria: ['<30'] }], warning: [{ criteria: ['<60'] }], phase: 'recovery' },
      cost,
    ],
    total_score: { pass: '90%', warning: '75%' },
  },
  settings: { gate: gate(rush) },
});
