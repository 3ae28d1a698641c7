import type { MetricAlarm, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { comparisons } from '../../../models/cloudwatch/alarm.ts';
import { isBasicStatistic, percentOf } from '../../../models/cloudwatch/statistics.ts';
import type { Alarms, WatchedMetric } from './alarms.ts';
import { notInLab, required, validationError } from './errors.ts';
import { checkedQueries } from './metric-queries.ts';

export interface AlarmLimits {
  readonly actions: number;
  readonly dimensions: number;
  readonly metricsPerAlarm: number;
  /** Of EvaluationPeriods x Period, for periods shorter than `longPeriodSec`. */
  readonly longestRangeSec: number;
  /** For all longer ones. */
  readonly longestRangeOfHoursSec: number;
  readonly longPeriodSec: number;
}

/** Parameters of newer kinds of alarms, refused by name. */
const notSupported = [
  'ThresholdMetricId',
  'EvaluationWindow',
  'WarmUpConfiguration',
  'EvaluationCriteria',
  'EvaluationInterval',
  'ActionConfiguration',
] as const;

const missingDataSettings: readonly string[] = ['missing', 'notBreaching', 'breaching', 'ignore'];

/** Periods below a minute on which an alarm may be set. */
const highResolutionPeriods: readonly number[] = [10, 20, 30];

/** Creates or replaces a metric alarm; throws ValidationError for what AWS refuses, and by name for what the lab lacks. */
export function putMetricAlarm(alarms: Alarms, arnOf: (name: string) => string, limits: AlarmLimits, input: PutMetricAlarmCommandInput): void {
  const name = required(input.AlarmName, 'AlarmName');
  if (name.length > 255) throw validationError('The value for parameter AlarmName must not have more than 255 characters.');
  for (const parameter of notSupported) if (input[parameter] !== undefined) throw notInLab(`The parameter ${parameter} of PutMetricAlarm`);
  checkRule(input, limits);
  const watched = input.Metrics === undefined ? watchedMetric(input, limits) : watchedExpression(input, limits);
  const { Tags: tags = [], ...configuration } = input;
  const kept: MetricAlarm = { TreatMissingData: 'missing', ...configuration };
  alarms.put(
    { ...kept, ActionsEnabled: input.ActionsEnabled ?? true, AlarmArn: arnOf(name) },
    watched,
    new Map(tags.map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
  );
}

function checkRule(input: PutMetricAlarmCommandInput, limits: AlarmLimits): void {
  const comparison = required(input.ComparisonOperator, 'ComparisonOperator');
  if (!Object.hasOwn(comparisons, comparison)) throw notInLab(`The comparison operator ${comparison} (anomaly detection)`);
  const periods = required(input.EvaluationPeriods, 'EvaluationPeriods');
  if (!Number.isInteger(periods) || periods < 1) throw validationError(`The value ${periods} for parameter EvaluationPeriods must be at least 1.`);
  const datapoints = input.DatapointsToAlarm ?? periods;
  if (!Number.isInteger(datapoints) || datapoints < 1 || datapoints > periods) {
    throw validationError('The parameter DatapointsToAlarm must be at least 1 and at most EvaluationPeriods.');
  }
  if (input.Threshold === undefined || !Number.isFinite(input.Threshold)) throw validationError('The parameter Threshold is required.');
  if (!missingDataSettings.includes(input.TreatMissingData ?? 'missing')) {
    throw validationError(
      `The value ${input.TreatMissingData} is unsupported for parameter TreatMissingData (it takes ${missingDataSettings.join(', ')}).`,
    );
  }
  for (const list of ['OKActions', 'AlarmActions', 'InsufficientDataActions'] as const) {
    if ((input[list]?.length ?? 0) > limits.actions)
      throw validationError(`The collection ${list} must not have a size greater than ${limits.actions}.`);
  }
}

function watchedMetric(input: PutMetricAlarmCommandInput, limits: AlarmLimits): WatchedMetric {
  const stat = checkedStatistic(input);
  const Period = required(input.Period, 'Period');
  checkPeriod(Period, input.EvaluationPeriods ?? 1, limits);
  const Metric = {
    Namespace: required(input.Namespace, 'Namespace'),
    MetricName: required(input.MetricName, 'MetricName'),
    Dimensions: input.Dimensions,
  };
  const MetricStat = { Metric, Period, Stat: stat, Unit: input.Unit };
  return { queries: checkedQueries([{ Id: 'watched', MetricStat }], limits.dimensions), watchedId: 'watched', periodSec: Period };
}

function checkedStatistic(input: PutMetricAlarmCommandInput): string {
  if ((input.Statistic === undefined) === (input.ExtendedStatistic === undefined)) {
    throw validationError('Exactly one of the parameters Statistic and ExtendedStatistic must be specified.');
  }
  if (input.Statistic !== undefined && !isBasicStatistic(input.Statistic))
    throw validationError(`The value ${input.Statistic} for parameter Statistic is invalid.`);
  if (input.ExtendedStatistic !== undefined && percentOf(input.ExtendedStatistic) === undefined)
    throw notInLab(`The statistic ${input.ExtendedStatistic}`);
  return input.Statistic ?? input.ExtendedStatistic ?? '';
}

function watchedExpression(input: PutMetricAlarmCommandInput, limits: AlarmLimits): WatchedMetric {
  const together = (['MetricName', 'Namespace', 'Dimensions', 'Period', 'Unit', 'Statistic', 'ExtendedStatistic'] as const).filter(
    (each) => input[each] !== undefined,
  );
  if (together.length > 0) throw validationError(`The parameter Metrics cannot be used together with ${together.join(', ')}.`);
  const metrics = input.Metrics ?? [];
  const count = metrics.filter((metric) => metric.MetricStat).length;
  if (count > limits.metricsPerAlarm) throw validationError(`An alarm takes at most ${limits.metricsPerAlarm} metrics, not ${count}.`);
  const queries = checkedQueries(metrics, limits.dimensions);
  const [watched, ...more] = queries.filter((query) => query.returned);
  if (!watched || more.length > 0) throw validationError('Exactly one element of the Metrics list must have ReturnData set to true.');
  checkPeriod(watched.periodSec, input.EvaluationPeriods ?? 1, limits);
  return { queries, watchedId: watched.id, periodSec: watched.periodSec };
}

function checkPeriod(periodSec: number, evaluationPeriods: number, limits: AlarmLimits): void {
  if (periodSec % 60 !== 0 && !highResolutionPeriods.includes(periodSec)) {
    throw validationError(`Period must be ${highResolutionPeriods.join(', ')} or a multiple of 60.`);
  }
  const long = periodSec >= limits.longPeriodSec;
  const longestSec = long ? limits.longestRangeOfHoursSec : limits.longestRangeSec;
  if (periodSec * evaluationPeriods > longestSec) {
    const across = long ? 'seven days' : 'a day';
    throw validationError(`Metrics cannot be checked across more than ${across} (EvaluationPeriods * Period must be <= ${longestSec}).`);
  }
}
