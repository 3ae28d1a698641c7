import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { AwsClients } from '../../lib/core/aws-clients.ts';
import { readBooks } from '../../scenarios/checkout/books.ts';
import { invariants, quiet } from '../../scenarios/checkout/invariants.ts';

type Names = Readonly<Record<string, string>>;

/** What the saga's own tables and CloudWatch say after a leg. */
export interface Evidence {
  /** Orders by status. */
  readonly orders: Readonly<Record<string, number>>;
  /** Orders taken back, by the error for which. */
  readonly failures: Readonly<Record<string, number>>;
  /** Every violation of every invariant, as text. */
  readonly violations: readonly string[];
  readonly throttles: number;
}

/** Resolves once no order is on its way, looking every quarter of a second. */
export async function drained(clients: AwsClients, names: Names): Promise<void> {
  while (!(await quiet(contextOf(clients, names)))) await new Promise((resolve) => setTimeout(resolve, 250));
}

/** `nowMs`: the lab's time. */
export async function evidence(clients: AwsClients, names: Names, nowMs: number): Promise<Evidence> {
  const context = contextOf(clients, names);
  const orders: Record<string, number> = {};
  const failures: Record<string, number> = {};
  for (const { status, failure } of (await readBooks(context)).orders.values()) {
    orders[status] = (orders[status] ?? 0) + 1;
    if (failure !== undefined) failures[failure] = (failures[failure] ?? 0) + 1;
  }
  const violations: string[] = [];
  for (const { name, check } of invariants) {
    for (const { id, detail } of (await check(context)).violations) violations.push(`${name} ${id}: ${detail}`);
  }
  return { orders, failures, violations, throttles: await throttles(clients, names, nowMs) };
}

function contextOf({ dynamodb, sfn }: AwsClients, names: Names) {
  return { dynamodb, sfn, resolve: (logicalId: string) => names[logicalId] ?? logicalId, startedMs: 0 };
}

/** Of functions, tables and state machines; what the front door throttles, its clients see. */
function throttles(clients: AwsClients, names: Names, nowMs: number): Promise<number> {
  const tables = Object.keys(names).filter((logicalId) => logicalId.endsWith('Table'));
  return sumOf(clients, nowMs, [
    ['AWS/Lambda', 'Throttles', {}],
    ...['OrderWorkflow', 'TailWorkflow'].map((id) => ['AWS/States', 'ExecutionThrottled', { StateMachineArn: names[id] ?? '' }] as const),
    ...tables.flatMap((id) =>
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map((metric) => ['AWS/DynamoDB', metric, { TableName: names[id] ?? '' }] as const),
    ),
  ]);
}

type Series = readonly [namespace: string, metric: string, dimensions: Readonly<Record<string, string>>];

/** Hours that the longest leg takes on the lab's clock, and then some. */
const longestLegHours = 24;

/** The values of all series together, since the start; `nowMs`: the lab's time. */
export async function sumOf({ cloudwatch }: AwsClients, nowMs: number, series: readonly Series[]): Promise<number> {
  const MetricDataQueries = series.map(([Namespace, MetricName, dimensions], index) => {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    return { Id: `m${index}`, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 60, Stat: 'Sum' } };
  });
  const [StartTime, EndTime] = [new Date(nowMs - longestLegHours * 3_600_000), new Date(nowMs + 60_000)];
  const { MetricDataResults = [] } = await cloudwatch.send(new GetMetricDataCommand({ StartTime, EndTime, MetricDataQueries }));
  return MetricDataResults.flatMap(({ Values = [] }) => Values).reduce((sum, each) => sum + each, 0);
}
