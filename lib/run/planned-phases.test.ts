import { expect, test } from 'vitest';
import { constant, spike } from '../traffic/arrivals.ts';
import { plannedPhases } from './planned-phases.ts';

const flow = { name: 'shop', flow: 'shop.k6.ts', frontDoor: 'Url', longestFlowSec: 5, requestsPerFlow: 3 };

test('the requests of each graded phase, by the rate that its flows have there; of the fault phase those of the fault', () => {
  const spans = [
    { kind: 'warm-up', durationSec: 60 },
    { kind: 'baseline', durationSec: 120 },
    { kind: 'fault', durationSec: 210 },
    { kind: 'recovery', durationSec: 150 },
  ] as const;
  const traffic = [
    { ...flow, arrivals: constant({ ratePerSec: 2 }) },
    { ...flow, arrivals: spike({ ratePerSec: 0, peakPerSec: 10, phase: 'recovery', durationSec: 30 }), requestsPerFlow: 1 },
  ];
  expect(plannedPhases(traffic, spans, 180, 1)).toEqual([
    { phase: 'baseline', seconds: 120, requests: 720 },
    { phase: 'fault', seconds: 180, requests: 1080 },
    { phase: 'recovery', seconds: 150, requests: 1200 },
  ]);
  const fast = spans.map(({ kind, durationSec }) => ({ kind, durationSec: durationSec / 10 }));
  expect(plannedPhases(traffic.slice(0, 1), fast, 180, 10)[1]).toEqual({ phase: 'fault', seconds: 180, requests: 108 });
});
