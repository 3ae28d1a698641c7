import type { Assessment } from '../grade/types.ts';
import { type RunSummary, summaryVersion } from '../record/history/summary.ts';

/** What a history keeps of a run. */
export function summarise({ manifest, verdict, reasons, score, objectives }: Assessment): RunSummary {
  const { runId, exercise, setting, site, timeScale, source, startedMs } = manifest;
  return {
    summaryVersion,
    runId,
    exercise,
    ...(setting === undefined ? {} : { setting }),
    site,
    timeScale,
    ...(source ? { source } : {}),
    startedMs,
    verdict,
    reason: reasons[0] ?? '',
    scorePercent: score.percent,
    figures: objectives.map(({ sli, phase, value, status }) => ({
      sli,
      phase,
      unit: value.unit,
      ...(value.state === 'value' ? { value: value.value } : {}),
      status,
    })),
  };
}
