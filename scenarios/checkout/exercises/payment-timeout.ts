import { defineExercise, resource } from 'proofload';
import { cost, errorsBelow, gate, integrity, order, steadyCustomers } from '../parts/flow.ts';

const lateCharges = (durationSec: number) => ({
  use: 'payment-delay',
  durationSec,
  parameters: { ParameterName: resource('PaymentConduct'), ProviderFunctionName: resource('PaymentProviderFunction'), DelayMs: 5000 },
});

/** Expected to fail: place-order gives up before it hears that the card was charged, and the customer pays for an order that is not there. */
export default defineExercise({
  name: 'checkout/payment-timeout',
  hypothesis: 'A payment provider that charges, but answers too late, costs no customer money for an order that was not fulfilled.',
  smoke: true,
  system: '../sync/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  traffic: [steadyCustomers(4)],
  phases: { warmUpSec: 15, baselineMin: 1, recoveryMin: 1 },
  faults: [lateCharges(120)],
  businessTransaction: order,
  objectives: {
    spec_version: '1.0',
    objectives: [integrity, errorsBelow(0.1, 'baseline'), errorsBelow(0.1, 'recovery'), cost],
    total_score: { pass: '90%', warning: '75%' },
  },
  settings: { gate: gate(lateCharges) },
});
