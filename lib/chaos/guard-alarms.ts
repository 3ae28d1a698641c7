import { DescribeAlarmsCommand, PutMetricAlarmCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { AwsClients } from '../core/aws-clients.ts';
import { fisStopConditions, withAlarms } from './settings/fis-stop-conditions.ts';
import type { ChaosContext, UndoEntry } from './types.ts';
import { registerUndo } from './undo.ts';

/** A guard as the site knows it: a metric of its own, and an alarm on that. */
export interface SiteGuard {
  /** The dimension `Guard`: what it watches, over how long. */
  readonly name: string;
  /** Breached above this. */
  readonly above: number;
  readonly unit: 'Percent' | 'Milliseconds';
}

/** What a guard reads now; undefined where it sees nothing any more, which is a breach: nothing is sent then, and what is missing breaches. */
export interface GuardReading extends SiteGuard {
  readonly value: number | undefined;
}

/** Under what the journal tells of what a run adds for its guards, where it tells of a fault by its name. */
const ofGuards = 'guards';
/** Both of alarms and metrics that are stored by the second; see docs/decisions/009. */
const periodSec = 10;
/** How long values are sent before there are alarms: else the first periods that are looked at hold none, and that breaches. */
export const valuesFirstMs = 3 * periodSec * 1_000;
const namespace = 'proofload';
const metric = 'Guard';

/** Sends what the guards read as metrics of high resolution, in one call, at the time at which it arrives; says whether there was anything to send. */
export async function publishGuards({ cloudwatch }: AwsClients, runId: string, readings: readonly GuardReading[]): Promise<boolean> {
  const MetricData = readings.flatMap(({ value, ...guard }) =>
    value === undefined ? [] : [{ MetricName: metric, Dimensions: dimensionsOf(runId, guard), Value: value, Unit: guard.unit, StorageResolution: 1 }],
  );
  if (MetricData.length === 0) return false;
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
  return true;
}

/** Told of each undo as soon as it is registered, before what it undoes is done. */
type OnUndo = (entry: UndoEntry) => void;

/**
 * Makes the alarm of each guard, each undo registered before. Their metrics must have values by now: what is missing breaches, so that a run that died
 * trips them.
 * @param periods how many periods in a row must breach
 * @returns their names, in the order of `guards`
 */
export async function raiseAlarms(guards: readonly SiteGuard[], periods: number, context: ChaosContext, onUndo: OnUndo): Promise<string[]> {
  const names: string[] = [];
  for (const [index, guard] of guards.entries()) {
    const name = `proofload-${context.runId}-guard-${index + 1}`;
    onUndo(await registerUndo({ name: ofGuards, setting: 'cloudwatch:alarm', resource: name, set: 'present', pointer: undefined }, context));
    const alarm = {
      AlarmName: name,
      AlarmDescription: `Guard of proofload's run ${context.runId}: stops its faults when ${guard.name} is above ${guard.above}, or the run is gone`,
      ...{ Namespace: namespace, MetricName: metric, Dimensions: dimensionsOf(context.runId, guard), Unit: guard.unit },
      ...({ Statistic: 'Maximum', Period: periodSec, EvaluationPeriods: periods, Threshold: guard.above } as const),
      ...({ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'breaching' } as const),
      Tags: [{ Key: 'proofload:run', Value: context.runId }],
    };
    await context.clients.cloudwatch.send(new PutMetricAlarmCommand(alarm));
    names.push(name);
  }
  return names;
}

/** How many periods of `periodSec` cover so many seconds; two at least, so that one late value is no breach. */
export function periodsOver(seconds: number): number {
  return Math.max(2, Math.ceil(seconds / periodSec));
}

/**
 * Makes the alarms stop conditions of a fault's experiment template, their undo registered before. An experiment keeps the conditions of its start, so
 * the template is put back as soon as it has started.
 */
export async function addStopConditions(templateId: string, alarms: readonly string[], context: ChaosContext, onUndo: OnUndo): Promise<void> {
  const arns = (await alarmsNamed(alarms, context.clients)).map(({ arn }) => arn);
  const change = { name: ofGuards, setting: 'fis:stop-conditions', resource: templateId, pointer: undefined };
  const entry = await registerUndo({ ...change, set: (found) => withAlarms(found, arns) }, context);
  onUndo(entry);
  await fisStopConditions.write(context.clients, templateId, entry.set);
}

/** The alarm of `names` that went off first and has not come back: that is what FIS stops for. */
export async function firstInAlarm(names: readonly string[], clients: AwsClients): Promise<{ name: string; sinceMs: number } | undefined> {
  const alarms = (await alarmsNamed(names, clients)).filter(({ state }) => state === 'ALARM');
  return alarms.sort((a, b) => a.sinceMs - b.sinceMs)[0];
}

async function alarmsNamed(names: readonly string[], { cloudwatch }: AwsClients) {
  if (names.length === 0) return [];
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [...names] }));
  return MetricAlarms.map(({ AlarmName: name = '', AlarmArn: arn = '', StateValue: state, StateUpdatedTimestamp }) => ({
    ...{ name, arn, state },
    sinceMs: StateUpdatedTimestamp?.getTime() ?? 0,
  }));
}

function dimensionsOf(runId: string, { name }: Pick<SiteGuard, 'name'>): { Name: string; Value: string }[] {
  return [
    { Name: 'Run', Value: runId },
    { Name: 'Guard', Value: name },
  ];
}
