import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { type Expression, ExpressionError, namesIn, parseExpression, usesAllMetrics } from '../../../models/cloudwatch/expression.ts';
import { evaluateExpression, type TimeSeries } from '../../../models/cloudwatch/metric-math.ts';
import { isPeriod } from '../../../models/cloudwatch/periods.ts';
import { type Statistic, statisticNamed } from '../../../models/cloudwatch/statistics.ts';
import { dimensionsOf } from './dimensions.ts';
import { notInLab, required, validationError } from './errors.ts';
import type { MetricReader, PeriodQuery } from './metric-reader.ts';

/** One query of GetMetricData or of an alarm's Metrics, checked. */
export interface CheckedQuery {
  readonly id: string;
  readonly label: string;
  readonly returned: boolean;
  readonly periodSec: number;
  readonly metric?: Pick<PeriodQuery, 'namespace' | 'metric' | 'dimensions' | 'unit'>;
  readonly statistic?: Statistic;
  readonly expression?: Expression;
}

const idPattern = /^[a-z][a-zA-Z0-9_]*$/;

/** Checks queries that may name each other; throws ValidationError, also for what only AWS can do (by name). */
export function checkedQueries(queries: readonly MetricDataQuery[], dimensionsAtMost: number): CheckedQuery[] {
  const ids = new Set<string>();
  for (const { Id: id } of queries) {
    if (!id || !idPattern.test(id))
      throw validationError(`The value '${id ?? ''}' for parameter MetricDataQueries.member.Id does not match ${idPattern.source}.`);
    if (ids.has(id)) throw validationError(`The values for parameter id in MetricDataQueries are not unique: ${id}.`);
    ids.add(id);
  }
  const metrics = new Map(queries.filter((query) => query.MetricStat).map((query) => [query.Id ?? '', metricQuery(query, dimensionsAtMost)]));
  return queries.map((query) => metrics.get(query.Id ?? '') ?? expressionQuery(query, ids, metrics));
}

function metricQuery(query: MetricDataQuery, dimensionsAtMost: number): CheckedQuery {
  const where = `MetricDataQueries.${query.Id}`;
  if (query.Expression !== undefined) throw validationError(`${where} has both MetricStat and Expression; it takes one of them.`);
  const { Metric: metric, Period: periodSec = query.Period, Stat: stat = '', Unit: unit } = query.MetricStat ?? {};
  if (periodSec === undefined || !isPeriod(periodSec))
    throw validationError(`The value ${periodSec} for parameter ${where}.MetricStat.Period is invalid.`);
  const statistic = statisticNamed(stat);
  if (!statistic) throw notInLab(`The statistic '${stat}' of ${where} (it has SampleCount, Sum, Average, Minimum, Maximum and percentiles)`);
  return {
    ...named(query, metric?.MetricName ?? ''),
    periodSec,
    statistic,
    metric: {
      namespace: required(metric?.Namespace, `${where}.MetricStat.Metric.Namespace`),
      metric: required(metric?.MetricName, `${where}.MetricStat.Metric.MetricName`),
      dimensions: dimensionsOf(metric?.Dimensions, `${where}.MetricStat.Metric.Dimensions`, dimensionsAtMost),
      unit,
    },
  };
}

function named(query: MetricDataQuery, fallback: string): Pick<CheckedQuery, 'id' | 'label' | 'returned'> {
  return { id: query.Id ?? '', label: query.Label ?? fallback, returned: query.ReturnData !== false };
}

function expressionQuery(query: MetricDataQuery, ids: ReadonlySet<string>, metrics: ReadonlyMap<string, CheckedQuery>): CheckedQuery {
  const where = `MetricDataQueries.${query.Id}`;
  if (query.Expression === undefined) throw validationError(`${where} needs MetricStat or Expression.`);
  if (/^\s*select\b/i.test(query.Expression)) throw notInLab('A Metrics Insights query');
  const expression = asValidation(`${where}.Expression`, () => parseExpression(query.Expression ?? ''));
  const names = namesIn(expression).filter((name) => !['REPEAT', 'LINEAR'].includes(name.toUpperCase()));
  const unknown = names.find((name) => !ids.has(name));
  if (unknown) throw validationError(`${where}.Expression names ${unknown}, which is not the Id of a query.`);
  const used = usesAllMetrics(expression) ? [...metrics.values()] : names.map((name) => metrics.get(name)).filter((each) => each !== undefined);
  const periods = new Set((used.length > 0 ? used : [...metrics.values()]).map((metric) => metric.periodSec));
  if (periods.size > 1) throw notInLab(`Metric math over metrics of different periods (${where})`);
  const [periodSec = query.Period ?? 60] = periods;
  return { ...named(query, query.Id ?? ''), periodSec, expression };
}

/** Evaluates checked queries over [startMs, endMs); periods counted from `originMs` (default: the epoch). */
export function createEvaluation(queries: readonly CheckedQuery[], reader: MetricReader, startMs: number, endMs: number, originMs = 0) {
  const byId = new Map(queries.map((query) => [query.id, query]));
  const done = new Map<string, TimeSeries>();
  const under = new Set<string>();
  const seriesOf = (id: string): TimeSeries => {
    const known = done.get(id);
    if (known) return known;
    const query = byId.get(id);
    if (!query || under.has(id)) throw validationError(`The expression ${id} depends on itself or on an unknown id.`);
    under.add(id);
    const series = query.expression ? ofExpression(query, query.expression) : ofMetric(query);
    under.delete(id);
    done.set(id, series);
    return series;
  };
  const ofMetric = ({ metric, statistic, periodSec }: CheckedQuery): TimeSeries => {
    const points = metric ? reader.periods({ ...metric, periodSec, startMs, endMs, originMs }) : [];
    return new Map(points.map((bucket) => [bucket.startMs, statistic?.(bucket)]).filter((pair): pair is [number, number] => pair[1] !== undefined));
  };
  const ofExpression = (query: CheckedQuery, expression: Expression): TimeSeries =>
    asValidation(`the expression ${query.id}`, () =>
      evaluateExpression(expression, {
        series: seriesOf,
        metricIds: queries.filter((each) => each.metric).map((each) => each.id),
        periodStarts: startsOf(query.periodSec, startMs, endMs, originMs),
      }),
    );
  return { seriesOf };
}

function startsOf(periodSec: number, startMs: number, endMs: number, originMs: number): number[] {
  const widthMs = periodSec * 1000;
  const starts: number[] = [];
  for (let at = originMs + Math.floor((startMs - originMs) / widthMs) * widthMs; at < endMs; at += widthMs) starts.push(at);
  return starts;
}

function asValidation<Result>(where: string, act: () => Result): Result {
  try {
    return act();
  } catch (thrown) {
    if (thrown instanceof ExpressionError) throw validationError(`Error in ${where}: ${thrown.message}.`);
    throw thrown;
  }
}
