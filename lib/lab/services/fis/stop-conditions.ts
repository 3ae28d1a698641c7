import type { StopCondition } from '../../../models/fis/types.ts';
import type { LabContext } from '../../contract.ts';

interface AlarmState {
  readonly AlarmName?: string;
  readonly StateValue?: string;
}

/** The first stop condition whose alarm is in ALARM now; undefined when none is, an alarm that does not exist included. */
export async function triggeredAlarm(conditions: readonly StopCondition[], context: LabContext): Promise<string | undefined> {
  const arns = conditions.flatMap((condition) => (condition.source === 'aws:cloudwatch:alarm' ? [condition.value ?? ''] : []));
  if (arns.length === 0) return undefined;
  const states = await alarmStates(arns, context);
  return arns.find((_, index) => states[index] === 'ALARM');
}

/** The state of each alarm now; undefined where there is no such alarm. */
export async function alarmStates(arns: readonly string[], context: LabContext): Promise<(string | undefined)[]> {
  const AlarmNames = arns.map((arn) => arn.split(':alarm:')[1] ?? '');
  const { MetricAlarms = [] } = await context.call<{ MetricAlarms?: readonly AlarmState[] }>(
    'monitoring',
    'DescribeAlarms',
    { AlarmNames },
    { kind: 'service', service: 'fis' },
  );
  return AlarmNames.map((name) => MetricAlarms.find((alarm) => alarm.AlarmName === name)?.StateValue);
}
