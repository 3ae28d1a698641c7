import { defineExercise, resource } from 'proofload';
import { cost, errorsBelow, gate, integrity, order, p95Below, steadyCustomers } from '../parts/flow.ts';

const silence = (durationSec: number) => ({
  use: 'lost-callback',
  durationSec,
  parameters: { MappingId: resource('WarehouseFunctionDispatch'), QueueUrl: resource('WarehouseQueue') },
});

export default defineExercise({
  name: 'checkout/lost-callback',
  hypothesis:
    'While the warehouse hears nothing, orders wait a minute for it and are then taken back completely; no parcel goes out for one that was.',
  smoke: true,
  system: '../saga/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  drainLimitSec: 180,
  traffic: [steadyCustomers(4)],
  phases: { warmUpSec: 15, baselineMin: 1, recoveryMin: 2 },
  faults: [silence(120)],
  businessTransaction: order,
  objectives: {
    spec_version: '1.0',
    objectives: [integrity, errorsBelow(0.1, 'baseline'), p95Below(400, 'place-order', 'fault'), errorsBelow(0.1, 'recovery'), cost],
    total_score: { pass: '90%', warning: '75%' },
  },
  settings: { gate: gate(silence) },
});
