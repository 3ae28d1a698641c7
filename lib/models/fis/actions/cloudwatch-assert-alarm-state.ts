import type { ActionDefinition } from './action.ts';

/** Verifies that alarms are in one of the states that it names: a check in the middle of an experiment. */
export const cloudwatchAssertAlarmState: ActionDefinition = {
  actionId: 'aws:cloudwatch:assert-alarm-state',
  description: 'Verifies that the specified alarms are in one of the specified alarm states.',
  parameters: {
    alarmArns: {
      description: 'The ARNs of the alarms, separated by commas.',
      required: true,
      kind: 'list',
      items: { pattern: /^arn:[^:]+:cloudwatch:[^:]+:\d{12}:alarm:.+$/, what: 'ARNs of CloudWatch alarms', most: 'alarms' },
    },
    alarmStates: {
      description: 'The alarm states, separated by commas: OK, ALARM, INSUFFICIENT_DATA.',
      required: true,
      kind: 'list',
      items: { pattern: /^(OK|ALARM|INSUFFICIENT_DATA)$/, what: 'OK, ALARM or INSUFFICIENT_DATA' },
    },
  },
  targets: {},
  plan: (parameters) => ({
    kind: 'assert-alarm-state',
    alarmArns: listed(parameters['alarmArns'] ?? ''),
    states: listed(parameters['alarmStates'] ?? ''),
  }),
};

/** The items of a list parameter. */
export function listed(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}
