import { defineExercise, ramp } from 'proofload';
import { cost, customers, errorsBelow, integrity, order, p95Below } from '../parts/flow.ts';

/**
 * More and more customers, beyond what Step Functions sustains in most regions (`--site most-regions`): an order takes nine transitions of the 800 a second
 * there, which is 88 orders a second, before the 150 starts a second are used up. In us-east-1 the 300 starts a second are the limit. Transitions that
 * are throttled are delayed, and no order may be lost for it.
 */
export default defineExercise({
  name: 'checkout/black-friday',
  hypothesis: 'Orders that come faster than they can be placed are placed later, not lost: the shop takes them and stays quick.',
  system: '../saga/template.yaml',
  data: '../data.ts',
  invariants: '../invariants.ts',
  drainLimitSec: 600,
  traffic: [customers(ramp({ fromPerSec: 10, toPerSec: 120, phase: 'baseline' }), 40)],
  phases: { warmUpSec: 60, baselineMin: 5, recoveryMin: 0 },
  businessTransaction: order,
  objectives: {
    spec_version: '1.0',
    objectives: [integrity, errorsBelow(1, 'baseline'), p95Below(1000, 'place-order', 'baseline'), cost],
    total_score: { pass: '90%', warning: '75%' },
  },
});
