import type { RunRecord } from '../record/reader.ts';
import type { CollectedMetric } from '../record/types.ts';
import type { PhaseTally } from './clients.ts';
import { figureOverMinutes, findSeries, toldMinutes } from './cloudwatch.ts';
import { noData, value } from './figure.ts';
import type { GradedPhase } from './phases.ts';
import type { ThrottleFigure } from './types.ts';

/** Metrics in which a service of AWS counts refusals for want of capacity. */
interface ThrottleMetrics {
  readonly service: string;
  readonly namespace: string;
  readonly dimensions: readonly (readonly string[])[];
  /** Sets of metrics that count the same refusals, the most telling first: for each resource the first set that counted any is used, else the first that was collected. */
  readonly alternatives: readonly (readonly string[])[];
  /** AWS's reason, where the metric tells one. */
  readonly reasonOf: (metric: CollectedMetric) => string;
}

const dynamodbReasons = ['Read', 'Write'].flatMap((side) =>
  ['KeyRangeThroughput', 'ProvisionedThroughput', 'MaxOnDemandThroughput', 'AccountLimit'].map((reason) => `${side}${reason}ThrottleEvents`),
);

/** One entry a service; adding one adds it to the tables, the charts and the indicator. */
const throttleMetrics: readonly ThrottleMetrics[] = [
  {
    service: 'lambda',
    namespace: 'AWS/Lambda',
    dimensions: [['FunctionName']],
    alternatives: [['Throttles']],
    reasonOf: () => 'not told by AWS',
  },
  {
    service: 'dynamodb',
    namespace: 'AWS/DynamoDB',
    dimensions: [['TableName'], ['GlobalSecondaryIndexName', 'TableName'], ['Operation', 'TableName']],
    alternatives: [dynamodbReasons, ['ReadThrottleEvents', 'WriteThrottleEvents'], ['ThrottledRequests']],
    reasonOf: ({ metric }) => metric,
  },
  {
    service: 'states',
    namespace: 'AWS/States',
    // Transitions that were delayed, by state machine; calls that were refused, by API action over the whole account.
    dimensions: [['StateMachineArn'], ['APIName']],
    alternatives: [['ExecutionThrottled'], ['ThrottledEvents']],
    reasonOf: ({ metric, dimensions }) => (dimensions['APIName'] === undefined ? metric : `${dimensions['APIName']} ${metric}`),
  },
];

/** Services whose throttles are counted, API Gateway's by what clients saw. */
export const throttledServices: readonly string[] = [...throttleMetrics.map(({ service }) => service), 'apigateway'];

/** A collected series that counts throttles, with what it says. */
export interface ThrottleSeries {
  readonly service: string;
  /** Logical id; of an index `Table/index/Name`; `account` where it is nobody's alone. */
  readonly resource: string;
  readonly reason: string;
  readonly metric: CollectedMetric;
}

/**
 * Of everything collected, the series that count throttles, none of them twice. A resource that was never used, of which neither the metric nor its
 * witness has a single point although the collection was complete, had nothing to throttle and is left out. Reasons that never came up in the run are
 * not told apart: where a resource has no point of any, one series stands for all of them.
 */
export function throttleSeries(metrics: readonly CollectedMetric[]): ThrottleSeries[] {
  return throttleMetrics.flatMap(({ service, namespace, dimensions, alternatives, reasonOf }) => {
    const found = alternatives.map((names) =>
      names
        .flatMap((metric) => dimensions.flatMap((each) => findSeries(metrics, { namespace, metric, statistic: 'Sum', dimensions: each })))
        .filter(wasUsed),
    );
    const names = (rank: number): number => alternatives[rank]?.length ?? 0;
    const firstWith = (resource: string): number => {
      const speaking = found.findIndex((series) => series.some((each) => each.resource === resource && each.points.length > 0));
      return speaking >= 0 ? speaking : found.findIndex((series) => series.some((each) => each.resource === resource));
    };
    return found.flatMap((series, rank) =>
      toldApart(series.filter((each) => firstWith(each.resource) === rank)).map(({ metric, silent }) => ({
        service,
        resource: silent && metric.resource !== '' ? metric.resource : throttledResource(metric),
        reason: silent && names(rank) > 1 ? 'any reason' : reasonOf(metric),
        metric,
      })),
    );
  });
}

function throttledResource({ resource, dimensions }: CollectedMetric): string {
  const index = dimensions['GlobalSecondaryIndexName'];
  if (resource === '') return 'account';
  return index === undefined ? resource : `${resource}/index/${index}`;
}

/** Refusals in one phase by service, resource and reason: CloudWatch's, and the 429s of the front door that clients saw. */
export function throttleFigures(record: RunRecord, phase: GradedPhase, clients: PhaseTally): ThrottleFigure[] {
  const merged = new Map<string, ThrottleFigure>();
  const told = toldMinutes(record.metrics);
  for (const { service, resource, reason, metric } of throttleSeries(record.metrics)) {
    // A step of a workflow may be idle for minutes: neither attempts nor throttles of it, while CloudWatch has points of others, are no throttle.
    const isIdleZero = (minute: number): boolean => told.get(metric.namespace)?.has(minute) === true;
    const counted = phase.kind === 'warm-up' || phase.graded;
    const count = counted ? figureOverMinutes(metric, phase.minutes, 'count', isIdleZero) : tooFewMinutes(phase);
    const key = `${service}\n${resource}\n${reason}`;
    merged.set(key, { service, resource, reason, count: added(merged.get(key), count) });
  }
  return [...merged.values(), ...frontDoorThrottles(record, clients)];
}

/** Series of one resource and reason (the operations of a table) are one row. */
function added(known: ThrottleFigure | undefined, count: ThrottleFigure['count']): ThrottleFigure['count'] {
  if (!known || known.count.state === 'no-data') return known?.count ?? count;
  return count.state === 'value' ? { ...count, value: count.value + known.count.value } : count;
}

const frontDoorTypes: readonly string[] = ['AWS::ApiGatewayV2::Api', 'AWS::Serverless::HttpApi', 'AWS::ApiGateway::RestApi'];

/** API Gateway's own throttles have no metric of their own (they are among 4xx): what clients saw of them is the count. */
function frontDoorThrottles(record: RunRecord, clients: PhaseTally): ThrottleFigure[] {
  const doors = record.resources.filter(({ type }) => frontDoorTypes.includes(type));
  const count = [...clients.errors.values()].filter(({ kind }) => kind === 'HTTP 429').reduce((sum, each) => sum + each.count, 0);
  if (doors.length === 0 && count === 0) return [];
  const resource = doors.length === 1 && doors[0] ? doors[0].logicalId : 'front doors';
  return [{ service: 'apigateway', resource, reason: 'HTTP 429', count: value(count, 'count', 'client', 1, clients.all.count) }];
}

function tooFewMinutes({ minutes }: GradedPhase): ThrottleFigure['count'] {
  return noData('count', `only ${minutes.length} whole clock ${minutes.length === 1 ? 'minute' : 'minutes'} to grade`);
}

/** The series that have points; of a resource that has none, the first one. */
function toldApart(series: readonly CollectedMetric[]): { metric: CollectedMetric; silent: boolean }[] {
  const spoke = new Set(series.filter(({ points }) => points.length > 0).map(({ resource }) => resource));
  const firstSilent = new Map<string, CollectedMetric>();
  for (const each of series) if (!spoke.has(each.resource) && !firstSilent.has(each.resource)) firstSilent.set(each.resource, each);
  return series
    .filter((each) => each.points.length > 0 || !each.complete || firstSilent.get(each.resource) === each)
    .map((metric) => ({ metric, silent: metric.points.length === 0 }));
}

function wasUsed({ complete, points, witnessed = [] }: CollectedMetric): boolean {
  return !complete || points.length > 0 || witnessed.length > 0;
}
