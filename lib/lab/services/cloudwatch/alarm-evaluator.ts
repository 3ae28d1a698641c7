import type { Cancel, Clock } from '../../../core/clock.ts';
import { messageOf } from '../../../core/errors.ts';
import { isoTime } from '../../../core/time-format.ts';
import { type AlarmRule, type ComparisonOperator, evaluateAlarm, fewestSamples, type MissingData } from '../../../models/cloudwatch/alarm.ts';
import { periodStart } from '../../../models/cloudwatch/periods.ts';
import { percentOf } from '../../../models/cloudwatch/statistics.ts';
import { reasonText } from './alarm-reason.ts';
import type { Alarm, Alarms } from './alarms.ts';
import { createEvaluation } from './metric-queries.ts';
import type { MetricReader } from './metric-reader.ts';

export interface EvaluatorOptions {
  /** Periods looked at beyond EvaluationPeriods, for points that come late or not at all. */
  readonly extraPeriods: number;
  /** How long after a period's end it is evaluated. */
  readonly delayMs: number;
}

/** High-resolution alarms are evaluated this often, all others each minute (CloudWatch user guide, alarm evaluation). */
const tickSec = 10;

/** Evaluates every alarm on the lab's clock until `stop`. A minute whose tick came late is still evaluated, once. */
export function createAlarmEvaluator(alarms: Alarms, reader: MetricReader, clock: Clock, options: EvaluatorOptions) {
  let cancel: Cancel | undefined;
  let evaluatedMs = periodStart(clock.now(), 60);
  const tick = (): void => {
    const nowMs = clock.now() - options.delayMs;
    const minuteMs = periodStart(nowMs, 60);
    for (const alarm of alarms.all()) {
      if (alarm.watched.periodSec < 60) evaluate(alarms, reader, alarm, periodStart(nowMs, tickSec), options);
      else if (minuteMs > evaluatedMs) evaluate(alarms, reader, alarm, minuteMs, options);
    }
    evaluatedMs = minuteMs;
    arm();
  };
  const arm = (): void => {
    const nowMs = clock.now() - options.delayMs;
    cancel = clock.schedule(periodStart(nowMs, tickSec) + tickSec * 1000 - nowMs, tick);
  };
  return { start: arm, stop: () => cancel?.() };
}

/** Evaluates one alarm over the periods that end at `endMs`: windows slide with the evaluation, as CloudWatch's do. */
function evaluate(alarms: Alarms, reader: MetricReader, alarm: Alarm, endMs: number, options: EvaluatorOptions): void {
  const rule = ruleOf(alarm);
  const widthMs = alarm.watched.periodSec * 1000;
  const startMs = endMs - (rule.evaluationPeriods + options.extraPeriods) * widthMs;
  try {
    const series = createEvaluation(alarm.watched.queries, reader, startMs, endMs, endMs).seriesOf(alarm.watched.watchedId);
    const starts: number[] = [];
    for (let at = startMs; at < endMs; at += widthMs) starts.push(at);
    const decision = evaluateAlarm(
      rule,
      starts.map((at) => series.get(at)),
    );
    if (decision.state === 'retain' || tooFewSamples(alarm, reader, startMs, endMs)) return;
    const startsMs = starts
      .filter((at) => series.has(at))
      .slice(-rule.evaluationPeriods)
      .reverse();
    const facts = { rule, decision, from: alarm.state, to: decision.state, startsMs };
    alarms.setState(alarm, {
      state: decision.state,
      reason: reasonText(facts),
      reasonData: reasonData(alarm, rule, endMs, decision.evaluated, startsMs),
    });
  } catch (thrown) {
    // Metric math may fail on the values of the moment; AWS then has no data to decide on.
    alarms.setState(alarm, { state: 'INSUFFICIENT_DATA', reason: messageOf(thrown), reasonData: undefined });
  }
}

/** CloudWatch keeps the state of alarms on AWS/DynamoDB metrics when data are missing, whatever TreatMissingData says (PutMetricAlarm). */
function ruleOf({ configuration, watched }: Alarm): AlarmRule {
  const periods = configuration.EvaluationPeriods ?? 1;
  const onDynamoDb = watched.queries.some((query) => query.metric?.namespace === 'AWS/DynamoDB');
  return {
    comparison: configuration.ComparisonOperator as ComparisonOperator,
    threshold: configuration.Threshold ?? 0,
    evaluationPeriods: periods,
    datapointsToAlarm: configuration.DatapointsToAlarm ?? periods,
    missingData: onDynamoDb ? 'ignore' : ((configuration.TreatMissingData ?? 'missing') as MissingData),
  };
}

/** EvaluateLowSampleCountPercentile `ignore`: too few samples for the percentile keep the state as it is. */
function tooFewSamples({ configuration, watched }: Alarm, reader: MetricReader, startMs: number, endMs: number): boolean {
  const percent = percentOf(configuration.ExtendedStatistic ?? '');
  const [query] = watched.queries;
  if (percent === undefined || configuration.EvaluateLowSampleCountPercentile !== 'ignore' || !query?.metric) return false;
  const fromMs = Math.max(startMs, endMs - (configuration.EvaluationPeriods ?? 1) * watched.periodSec * 1000);
  const buckets = reader.periods({ ...query.metric, periodSec: watched.periodSec, startMs: fromMs, endMs, originMs: endMs });
  return buckets.reduce((sum, bucket) => sum + bucket.sampleCount, 0) < fewestSamples(percent);
}

function reasonData(alarm: Alarm, rule: AlarmRule, endMs: number, values: readonly number[], startsMs: readonly number[]): string {
  const oldest = startsMs.at(-1);
  return JSON.stringify({
    version: '1.0',
    queryDate: isoTime(endMs),
    ...(oldest === undefined ? {} : { startDate: isoTime(oldest) }),
    statistic: alarm.configuration.Statistic ?? alarm.configuration.ExtendedStatistic,
    period: alarm.watched.periodSec,
    recentDatapoints: values.toReversed(),
    threshold: rule.threshold,
    evaluatedDatapoints: values.map((value, index) => ({ timestamp: isoTime(startsMs[index] ?? endMs), value })),
  });
}
