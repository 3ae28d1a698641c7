import { expect, test } from 'vitest';
import { graded } from '../../test/synthetic/graded.ts';
import { type Changes, t0 } from '../../test/synthetic/run.ts';
import type { CollectedMetric } from '../record/types.ts';
import type { Assessment, Figure } from './types.ts';

const minute = 60_000;
const baselineThrottles = ({ phases }: Assessment) => phases.find(({ phase }) => phase === 'baseline')!.throttles;
const numberIn = (figure: Figure): number => (figure.state === 'value' ? figure.value : Number.NaN);

test('throttles are told by resource and reason: an index apart from its table, delayed transitions and refused starts', () => {
  const series = (namespace: string, metric: string, dimensions: Record<string, string>, resource: string, count: number): CollectedMetric => ({
    ...{ namespace, metric, dimensions, resource, statistic: 'Sum', unit: 'Count', periodSec: 60, density: 'sparse', complete: true },
    ...{ points: count > 0 ? [{ atMs: t0, value: count }] : [], witnessed: [t0, t0 + minute] },
  });
  const table = { TableName: 'checkout-Orders' };
  const index = { ...table, GlobalSecondaryIndexName: 'by-status' };
  const metrics: Changes['metrics'] = (all) => [
    ...all.filter(({ resource }) => resource !== 'OrdersTable'),
    series('AWS/DynamoDB', 'WriteKeyRangeThroughputThrottleEvents', table, 'OrdersTable', 5),
    series('AWS/DynamoDB', 'WriteAccountLimitThrottleEvents', table, 'OrdersTable', 2),
    series('AWS/DynamoDB', 'WriteKeyRangeThroughputThrottleEvents', index, 'OrdersTable', 7),
    series('AWS/DynamoDB', 'ReadKeyRangeThroughputThrottleEvents', index, 'OrdersTable', 0),
    series('AWS/DynamoDB', 'WriteThrottleEvents', table, 'OrdersTable', 7),
    series('AWS/States', 'ExecutionThrottled', { StateMachineArn: 'arn:saga' }, 'Saga', 11),
    series('AWS/States', 'ThrottledEvents', { ServiceMetric: 'StateTransition' }, '', 11),
    series('AWS/States', 'ThrottledEvents', { APIName: 'StartExecution' }, '', 3),
  ];
  const sli = (name: string) => ({ sli: name, phase: 'baseline', pass: [{ criteria: ['=0'] }] });
  const objectives = { spec_version: '1.0', objectives: [sli('throttles:dynamodb:OrdersTable'), sli('throttles:states')] };
  const run = graded({ objectives }, { metrics });
  const rows = baselineThrottles(run).filter(({ service }) => ['dynamodb', 'states'].includes(service));
  expect(rows.map(({ service, resource, reason, count }) => [service, resource, reason, numberIn(count)])).toEqual([
    ['dynamodb', 'OrdersTable', 'WriteKeyRangeThroughputThrottleEvents', 5],
    ['dynamodb', 'OrdersTable/index/by-status', 'WriteKeyRangeThroughputThrottleEvents', 7],
    ['dynamodb', 'OrdersTable', 'WriteAccountLimitThrottleEvents', 2],
    ['states', 'Saga', 'ExecutionThrottled', 11],
    ['states', 'account', 'StartExecution ThrottledEvents', 3],
  ]);
  expect(run.objectives.map(({ value }) => numberIn(value))).toEqual([14, 14]);
});

test('throttles of a minute of which CloudWatch tells nothing, unlike those of a resource that was idle, and an incomplete collection', () => {
  const change = (over: object): Changes => ({ metrics: (all) => all.map((each) => (each.metric === 'Throttles' ? { ...each, ...over } : each)) });
  const count = (changes: Changes): Figure => baselineThrottles(graded({}, changes))[0]!.count;
  const without = (isMeant: (each: CollectedMetric) => boolean): Changes => ({
    metrics: (all) =>
      all.map((each) => {
        const { points, witnessed = [] } = each;
        const silent = { ...each, points: points.filter(({ atMs }) => atMs !== t0) };
        return isMeant(each) ? { ...silent, ...(each.witnessed ? { witnessed: witnessed.filter((atMs) => atMs !== t0) } : {}) } : each;
      }),
  });
  const silent = count(without(({ namespace }) => namespace === 'AWS/Lambda'));
  expect(silent).toMatchObject({ state: 'no-data', reason: expect.stringContaining('has no data for') });
  expect(count(without(({ resource }) => resource === 'PlaceOrderFunction'))).toMatchObject({ state: 'value', value: 0 });
  expect(count(change({ witnessed: [], points: [] }))).toMatchObject({ state: 'value', value: 0 });
  expect(count(change({ complete: false }))).toMatchObject({ state: 'no-data', reason: expect.stringContaining('not complete') });
});
