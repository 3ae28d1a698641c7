import { defineExercise, resource } from 'proofload';
import { cost, errorsBelow, gate, integrity, order, p95Below, steadyCustomers } from '../parts/flow.ts';

const lateCharges = (durationSec: number) => ({
  use: 'payment-delay',
  durationSec,
  parameters: { ParameterName: resource('PaymentConduct'), ProviderFunctionName: resource('PaymentProviderFunction'), DelayMs: 5000 },
});

/** What payment-timeout asks of the synchronous variant, asked of the saga. */
export default defineExercise({
  name: 'checkout/saga-payment-timeout',
  hypothesis: 'A payment provider that charges, but answers too late, costs no customer money for an order that was not fulfilled.',
  smoke: true,
  system: '../saga/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  drainLimitSec: 120,
  traffic: [steadyCustomers(4)],
  phases: { warmUpSec: 15, baselineMin: 1, recoveryMin: 1 },
  faults: [lateCharges(120)],
  businessTransaction: order,
  objectives: {
    spec_version: '1.0',
    objectives: [integrity, errorsBelow(0.1, 'baseline'), p95Below(400, 'place-order', 'fault'), errorsBelow(0.1, 'recovery'), cost],
    total_score: { pass: '90%', warning: '75%' },
  },
  settings: { gate: gate(lateCharges) },
});
