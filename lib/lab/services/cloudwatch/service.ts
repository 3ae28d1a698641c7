import type {
  DeleteAlarmsCommandInput,
  DescribeAlarmHistoryCommandInput,
  DescribeAlarmsCommandInput,
  DisableAlarmActionsCommandInput,
  EnableAlarmActionsCommandInput,
  GetMetricDataCommandInput,
  GetMetricStatisticsCommandInput,
  ListMetricsCommandInput,
  ListTagsForResourceCommandInput,
  PutMetricAlarmCommandInput,
  PutMetricDataCommandInput,
  SetAlarmStateCommandInput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { LabContext, LabService, Operation } from '../../contract.ts';
import { createAlarmEvaluator } from './alarm-evaluator.ts';
import { deleteAlarms, describeAlarmHistory, describeAlarms, enableAlarmActions, setAlarmState } from './alarm-operations.ts';
import { alarmResource } from './alarm-resource.ts';
import { listTags, tagAlarm, untagAlarm } from './alarm-tags.ts';
import { Alarms } from './alarms.ts';
import { createCallRates } from './call-rates.ts';
import { getMetricData } from './get-metric-data.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import { latenessAsAwsIs } from './lateness.ts';
import { limitsOf } from './limits.ts';
import { listMetrics } from './list-metrics.ts';
import { createMetricReader, type MetricReader } from './metric-reader.ts';
import { putMetricAlarm } from './put-metric-alarm.ts';
import { putMetricData } from './put-metric-data.ts';
import type { MetricStore } from './store.ts';

/** Amazon CloudWatch: the metrics that the lab's services published into `store` and custom ones, and alarms on them. */
export function createCloudWatchService(context: LabContext, store: MetricStore): LabService {
  const reader = createMetricReader(store, context.clock, context.asAwsIs ? latenessAsAwsIs() : () => 0);
  const alarms = new Alarms(context.clock);
  const limits = limitsOf(context.quotas);
  const put = (input: PutMetricAlarmCommandInput): void =>
    putMetricAlarm(alarms, (name) => context.arn('cloudwatch', `alarm:${name}`), limits, input);
  const evaluator = createAlarmEvaluator(alarms, reader, context.clock, limits);
  return {
    name: 'monitoring',
    operations: limitedOperations(context, { ...metricOperations(context, store, reader), ...alarmOperations(context, alarms, put) }),
    resources: [alarmResource(context, alarms, put)],
    start: evaluator.start,
    stop: evaluator.stop,
  };
}

function metricOperations(context: LabContext, store: MetricStore, reader: MetricReader) {
  const limits = limitsOf(context.quotas);
  const now = (): number => context.clock.now();
  return {
    PutMetricData: { act: (input: PutMetricDataCommandInput) => putMetricData(store, now(), limits, input) },
    GetMetricData: { act: (input: GetMetricDataCommandInput) => getMetricData(reader, limits, input) },
    GetMetricStatistics: { act: (input: GetMetricStatisticsCommandInput) => getMetricStatistics(store, reader, limits, input) },
    ListMetrics: { act: (input: ListMetricsCommandInput) => listMetrics(store, now(), limits.metricsPerList, input) },
  } satisfies Record<string, Operation>;
}

function alarmOperations(context: LabContext, alarms: Alarms, put: (input: PutMetricAlarmCommandInput) => void) {
  const { tags } = limitsOf(context.quotas);
  return {
    PutMetricAlarm: { act: put },
    DescribeAlarms: { act: (input: DescribeAlarmsCommandInput) => describeAlarms(alarms, input) },
    DescribeAlarmHistory: { act: (input: DescribeAlarmHistoryCommandInput) => describeAlarmHistory(alarms, input) },
    DeleteAlarms: { act: (input: DeleteAlarmsCommandInput) => deleteAlarms(alarms, input) },
    SetAlarmState: { act: (input: SetAlarmStateCommandInput) => setAlarmState(alarms, input) },
    EnableAlarmActions: { act: (input: EnableAlarmActionsCommandInput) => enableAlarmActions(alarms, true, input) },
    DisableAlarmActions: { act: (input: DisableAlarmActionsCommandInput) => enableAlarmActions(alarms, false, input) },
    ListTagsForResource: { act: (input: ListTagsForResourceCommandInput) => listTags(alarms, input) },
    TagResource: { act: (input: TagResourceCommandInput) => tagAlarm(alarms, tags, input) },
    UntagResource: { act: (input: UntagResourceCommandInput) => untagAlarm(alarms, input) },
  } satisfies Record<string, Operation>;
}

/** As AWS is, each operation has its rate; FIS and the like, which AWS does not count against the account's rate, are let through. */
function limitedOperations(context: LabContext, operations: Record<string, Operation>): Record<string, Operation> {
  if (!context.asAwsIs) return operations;
  const admitOf = createCallRates(context.clock, context.quotas);
  const limited = Object.entries(operations).map(([name, operation]): [string, Operation] => {
    const admit = admitOf(name);
    return [name, { ...operation, admit: (_input, call) => (call.caller.kind === 'service' ? undefined : admit()) }];
  });
  return Object.fromEntries(limited);
}
