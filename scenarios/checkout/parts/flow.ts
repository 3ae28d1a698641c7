import { type ArrivalProfile, constant, type ExerciseSetting, type FaultUse, type FlowTraffic } from 'proofload';

// What the exercises of this scenario have in common.

/**
 * Customers who check out, coming as `arrivals` says; `longestFlowSec` covers think times, polls and what slow answers cost. An order takes nine
 * transitions of the saga.
 */
export function customers(arrivals: ArrivalProfile, longestFlowSec = 60): FlowTraffic {
  const estimated = { requestsPerFlow: 10, transitionsPerFlow: 9 };
  return { name: 'checkout', flow: '../traffic/checkout.k6.ts', frontDoor: 'ApiUrl', arrivals, longestFlowSec, ...estimated };
}

/** Customers who check out at the same rate all the time. */
export function steadyCustomers(ratePerSec: number): FlowTraffic {
  return customers(constant({ ratePerSec }));
}

/** What a release gate runs: more customers, minutes enough to grade each phase, and faults that last; `fault` makes them of that many seconds. */
export function gate(fault: (durationSec: number) => FaultUse | FaultUse[], traffic = [steadyCustomers(20)]): ExerciseSetting {
  return { smoke: false, traffic, phases: { warmUpSec: 120, baselineMin: 5, recoveryMin: 5 }, faults: [fault(300)].flat() };
}

/** An order that the shop takes is the business transaction. */
export const order = { name: 'order', operation: 'place-order' };

/** No invariant may be violated. */
export const integrity = { sli: 'integrity', displayName: 'violated invariants', pass: [{ criteria: ['=0'] }], key_sli: true };

/** The phase's share of failed requests, in percent. */
export function errorsBelow(percent: number, phase: 'baseline' | 'fault' | 'recovery', key = true) {
  const words = { baseline: 'errors before the fault', fault: 'errors during the fault', recovery: 'errors after the fault' };
  return { sli: 'error_rate', displayName: words[phase], pass: [{ criteria: [`<=${percent}`] }], key_sli: key, phase };
}

/** The phase's 90th percentile of one operation, in milliseconds: half as many samples as of p95 are enough for a gate to see it rise. */
export function p90Below(ms: number, operation: string, phase: 'baseline' | 'fault' | 'recovery') {
  return { sli: `latency_p90:${operation}`, displayName: `${operation}, p90, ${phase}`, pass: [{ criteria: [`<${ms}`] }], phase };
}

/** The phase's 95th percentile of one operation, in milliseconds. */
export function p95Below(ms: number, operation: string, phase: 'baseline' | 'fault' | 'recovery') {
  return { sli: `latency_p95:${operation}`, displayName: `${operation}, p95, ${phase}`, pass: [{ criteria: [`<${ms}`] }], phase };
}

export const cost = { sli: 'cost_per_thousand', displayName: 'cost per 1,000 orders (USD)', phase: 'baseline' };
