import { constant, type Exercise } from 'proofload';

/** One graded phase of two minutes; what differs between the releases is the code of one function. */
export function release(system: string): Exercise {
  return {
    name: 'bench/real-pairs',
    hypothesis: 'The release answers as quickly as the one before.',
    system,
    stack: 'real-pairs',
    traffic: [
      { name: 'quotes', flow: './flow.k6.ts', frontDoor: 'ApiUrl', arrivals: constant({ ratePerSec: 150 }), longestFlowSec: 2, requestsPerFlow: 2 },
    ],
    phases: { warmUpSec: 15, baselineMin: 2, recoveryMin: 0 },
    businessTransaction: { name: 'quote', operation: 'quote' },
    objectives: {
      spec_version: '1.0',
      objectives: [
        { sli: 'error_rate', pass: [{ criteria: ['<=0.1'] }], key_sli: true, phase: 'baseline' },
        { sli: 'latency_p99:quote', pass: [{ criteria: ['<1000'] }], phase: 'baseline' },
        { sli: 'latency_p99:price', pass: [{ criteria: ['<1000'] }], phase: 'baseline' },
      ],
      total_score: { pass: '90%', warning: '75%' },
    },
    gate: { significance: 0.005 },
  };
}
