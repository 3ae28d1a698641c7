import { defineExercise, type FaultUse, resource } from 'proofload';
import { cost, errorsBelow, gate, integrity, order, p95Below, steadyCustomers } from '../parts/flow.ts';

const outage = (durationSec: number): FaultUse[] => [
  {
    use: 'label-outage',
    durationSec,
    parameters: { ParameterName: resource('LabelConduct'), ProviderFunctionName: resource('LabelProviderFunction') },
  },
  // The compensation itself is starved: refunds wait until they may run again.
  { use: 'lambda-throttle', durationSec, parameters: { FunctionName: resource('RefundFunction'), ReservedConcurrency: 0 } },
];

export default defineExercise({
  name: 'checkout/saga-refund-throttle',
  hypothesis: 'When orders cannot be sent and refunds cannot be made, no customer is left without money and goods once both are back.',
  smoke: true,
  system: '../saga/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  drainLimitSec: 180,
  traffic: [steadyCustomers(4)],
  phases: { warmUpSec: 15, baselineMin: 1, recoveryMin: 1 },
  faults: outage(120),
  businessTransaction: order,
  objectives: {
    spec_version: '1.0',
    objectives: [integrity, errorsBelow(0.1, 'baseline'), p95Below(400, 'place-order', 'fault'), errorsBelow(0.1, 'recovery'), cost],
    total_score: { pass: '90%', warning: '75%' },
  },
  settings: { gate: gate(outage) },
});
