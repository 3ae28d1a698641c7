import type {
  DeleteAlarmsCommandInput,
  DescribeAlarmHistoryCommandInput,
  DescribeAlarmHistoryCommandOutput,
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  DisableAlarmActionsCommandInput,
  SetAlarmStateCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../../core/errors.ts';
import { type Alarm, type Alarms, describedAlarm } from './alarms.ts';
import { invalidNextToken, required, validationError } from './errors.ts';

/** Page sizes of DescribeAlarms and DescribeAlarmHistory when the caller names none, and the largest that it may name. */
const recordsPerPage = 50;
const recordsAtMost = 100;

const states = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

export function describeAlarms(alarms: Alarms, input: DescribeAlarmsCommandInput): Omit<DescribeAlarmsCommandOutput, '$metadata'> {
  if (input.AlarmNames && input.AlarmNamePrefix !== undefined) {
    throw validationError('The parameters AlarmNames and AlarmNamePrefix are mutually exclusive and you have specified both.');
  }
  const wantsMetricAlarms = input.AlarmTypes === undefined || input.AlarmTypes.includes('MetricAlarm');
  const related = input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined;
  const matching = wantsMetricAlarms && !related ? alarms.all().filter((alarm) => matches(alarm, input)) : [];
  const { page, next } = pageOf(matching, input);
  return { MetricAlarms: page.map(describedAlarm), CompositeAlarms: [], ...next };
}

function matches(alarm: Alarm, input: DescribeAlarmsCommandInput): boolean {
  const { OKActions = [], AlarmActions = [], InsufficientDataActions = [] } = alarm.configuration;
  const actions = [...OKActions, ...AlarmActions, ...InsufficientDataActions];
  return (
    (input.AlarmNames === undefined || input.AlarmNames.length === 0 || input.AlarmNames.includes(alarm.name)) &&
    alarm.name.startsWith(input.AlarmNamePrefix ?? '') &&
    (input.StateValue === undefined || alarm.state === input.StateValue) &&
    (input.ActionPrefix === undefined || actions.some((action) => action.startsWith(input.ActionPrefix ?? '')))
  );
}

export function describeAlarmHistory(alarms: Alarms, input: DescribeAlarmHistoryCommandInput): Omit<DescribeAlarmHistoryCommandOutput, '$metadata'> {
  const newestFirst = alarms.history().filter((item) => {
    const atMs = item.Timestamp?.getTime() ?? 0;
    return (
      (input.AlarmName === undefined || item.AlarmName === input.AlarmName) &&
      (input.HistoryItemType === undefined || item.HistoryItemType === input.HistoryItemType) &&
      atMs >= (input.StartDate?.getTime() ?? Number.NEGATIVE_INFINITY) &&
      atMs <= (input.EndDate?.getTime() ?? Number.POSITIVE_INFINITY)
    );
  });
  const { page, next } = pageOf(input.ScanBy === 'TimestampAscending' ? newestFirst.reverse() : newestFirst, input);
  return { AlarmHistoryItems: page, ...next };
}

function pageOf<Item>(items: readonly Item[], input: { MaxRecords?: number | undefined; NextToken?: string | undefined }) {
  const size = input.MaxRecords ?? recordsPerPage;
  if (!Number.isInteger(size) || size < 1 || size > recordsAtMost)
    throw validationError(`The value ${size} for parameter MaxRecords must be from 1 to ${recordsAtMost}.`);
  const start = input.NextToken === undefined ? 0 : Number(input.NextToken);
  if (!Number.isInteger(start) || start < 0) throw invalidNextToken();
  return { page: items.slice(start, start + size), next: start + size < items.length ? { NextToken: String(start + size) } : {} };
}

/** Deletes all of them, or none when one is unknown. */
export function deleteAlarms(alarms: Alarms, input: DeleteAlarmsCommandInput): void {
  const names = required(input.AlarmNames, 'AlarmNames');
  const unknown = names.filter((name) => !alarms.get(name));
  if (unknown.length > 0) throw new AwsError('ResourceNotFound', `Alarm(s) with name [${unknown.join(', ')}] were not found.`, 404);
  for (const name of names) alarms.delete(name);
}

/** Sets a state by hand; it lasts until the next evaluation. */
export function setAlarmState(alarms: Alarms, input: SetAlarmStateCommandInput): void {
  const name = required(input.AlarmName, 'AlarmName');
  const state = states.find((each) => each === input.StateValue);
  if (!state) throw validationError(`The value ${input.StateValue} for parameter StateValue is invalid (it takes ${states.join(', ')}).`);
  const alarm = alarms.get(name);
  if (!alarm) throw new AwsError('ResourceNotFound', `Alarm ${name} was not found.`, 404);
  if (input.StateReasonData !== undefined && !isJson(input.StateReasonData))
    throw new AwsError('InvalidFormat', 'StateReasonData is not valid JSON.');
  alarms.setState(alarm, { state, reason: required(input.StateReason, 'StateReason'), reasonData: input.StateReasonData });
}

/** Unknown names are passed over, as AWS does. */
export function enableAlarmActions(alarms: Alarms, enabled: boolean, input: DisableAlarmActionsCommandInput): void {
  for (const name of input.AlarmNames ?? []) {
    const alarm = alarms.get(name);
    if (alarm) alarm.actionsEnabled = enabled;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
