import type { Numbers } from '../../../core/numbers.ts';
import type { EvaluatorOptions } from './alarm-evaluator.ts';
import type { DataLimits } from './get-metric-data.ts';
import type { AlarmLimits } from './put-metric-alarm.ts';
import type { PutLimits } from './put-metric-data.ts';

/** Everything that `config/quotas/cloudwatch.yaml` bounds. */
export interface Limits extends PutLimits, DataLimits, AlarmLimits, EvaluatorOptions {
  readonly statisticsDatapoints: number;
  readonly metricsPerList: number;
  readonly tags: number;
}

export function limitsOf(quotas: Numbers): Limits {
  const limit = (key: string): number => quotas.number(`cloudwatch.${key}`);
  return {
    metricsPerCall: limit('metrics-per-put'),
    valuesPerMetric: limit('values-per-metric'),
    dimensions: limit('dimensions'),
    oldestMs: limit('oldest-timestamp') * 1000,
    newestMs: limit('newest-timestamp') * 1000,
    queries: limit('queries-per-get'),
    datapoints: limit('datapoints-per-get'),
    statisticsDatapoints: limit('datapoints-per-statistics'),
    metricsPerList: limit('metrics-per-list'),
    actions: limit('actions-per-alarm'),
    metricsPerAlarm: limit('metrics-per-alarm'),
    longestRangeSec: limit('alarm-longest-range'),
    longestRangeOfHoursSec: limit('alarm-longest-range-of-hours'),
    longPeriodSec: limit('alarm-long-period'),
    extraPeriods: limit('alarm-extra-periods'),
    delayMs: limit('alarm-delay') * 1000,
    tags: limit('tags-per-alarm'),
  };
}
