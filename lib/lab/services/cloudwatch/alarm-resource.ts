import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../../core/errors.ts';
import type { LabContext, ResourceHandler } from '../../contract.ts';
import type { Alarms } from './alarms.ts';

const numbers = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'] as const;

/** AWS::CloudWatch::Alarm: its properties are PutMetricAlarm's parameters by the same names. */
export function alarmResource(context: LabContext, alarms: Alarms, put: (input: PutMetricAlarmCommandInput) => void): ResourceHandler {
  return {
    type: 'AWS::CloudWatch::Alarm',
    properties: [
      ...['ActionsEnabled', 'AlarmActions', 'AlarmDescription', 'AlarmName', 'ComparisonOperator', 'Dimensions', 'EvaluateLowSampleCountPercentile'],
      ...[
        'ExtendedStatistic',
        'InsufficientDataActions',
        'MetricName',
        'Metrics',
        'Namespace',
        'OKActions',
        'Statistic',
        'Tags',
        'TreatMissingData',
        'Unit',
      ],
      ...numbers,
    ],
    create({ stackName, logicalId, properties }) {
      const name = properties['AlarmName'] ?? `${stackName}-${logicalId}-${context.rng.hex(12).toUpperCase()}`;
      const input = { ...properties, AlarmName: String(name) };
      put(withNumbers(input) as unknown as PutMetricAlarmCommandInput);
      return { physicalId: String(name), attributes: { Arn: alarms.get(String(name))?.configuration.AlarmArn } };
    },
    remove: (physicalId) => alarms.delete(physicalId),
  };
}

/** Templates may write numbers and booleans as text; CloudFormation turns them into what the API takes. */
function withNumbers(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const input: Record<string, unknown> = { ...properties };
  for (const name of numbers) {
    if (typeof input[name] !== 'string') continue;
    if (!Number.isFinite(Number(input[name]))) throw new AwsError('ValidationError', `Property ${name} must be a number, not '${input[name]}'.`);
    input[name] = Number(input[name]);
  }
  if (typeof input['ActionsEnabled'] === 'string') input['ActionsEnabled'] = input['ActionsEnabled'] === 'true';
  return input;
}
