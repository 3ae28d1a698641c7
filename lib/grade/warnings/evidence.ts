import type { RunRecord } from '../../record/reader.ts';
import type { Warning } from '../../record/types.ts';
import { minimumSamples } from '../../stats/quantile.ts';
import { minutesNeeded } from '../phases.ts';
import type { PhaseFigures } from '../types.ts';

/** What weakens the evidence without making it untrue: too little of it, an incomplete collection, a clock that is not the wall's. */
export function evidenceWarnings(record: RunRecord, phases: readonly PhaseFigures[]): Warning[] {
  const { smoke, timeScale } = record.manifest;
  const graded = phases.filter(({ phase }) => phase !== 'warm-up');
  const warnings = [...incomplete(record), ...graded.flatMap((phase) => [...tooFewSamples(phase), ...tooFewMinutes(phase, smoke)])];
  if (timeScale !== 1)
    warnings.push({
      code: 'time-scale',
      message: `the site's clock ran ${timeScale} times as fast as the wall's: minutes, alarms and faults were that much shorter than on AWS`,
      advice: 'use it for tests of exercises; grade a system at a time scale of 1',
      invalidates: false,
    });
  return warnings;
}

function incomplete({ journal }: RunRecord): Warning[] {
  const last = journal.filter((event) => event.kind === 'collected').at(-1);
  if (!last || last.complete) return [];
  return [
    {
      code: 'collection-incomplete',
      message: `the collection of CloudWatch metrics was not complete: ${last.detail}`,
      advice: 'metrics that came late are shown as no data; give the collection a longer deadline',
      invalidates: false,
    },
  ];
}

function tooFewSamples({ phase, requests }: PhaseFigures): Warning[] {
  const needed = minimumSamples(0.99);
  if (requests >= needed) return [];
  return [
    {
      code: 'too-few-samples',
      message: `the ${phase} phase has ${requests} requests, and a p99 needs ${needed}`,
      advice: 'raise the rate or lengthen the phase; quantiles over fewer samples are shown as no data',
      invalidates: false,
    },
  ];
}

function tooFewMinutes({ phase, graded, gradedMinutes }: PhaseFigures, smoke: boolean): Warning[] {
  if (graded) return [];
  return [
    {
      code: 'phase-too-short',
      message: `the ${phase} phase holds ${gradedMinutes.length} whole clock minutes, and CloudWatch figures need ${minutesNeeded(smoke)}`,
      advice: 'lengthen the phase; its CloudWatch figures are shown as no data',
      invalidates: false,
    },
  ];
}
