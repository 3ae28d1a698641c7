import { durationSec } from '../../iso-duration.ts';
import type { ActionDefinition } from './action.ts';

/** Starts an SSM Automation document and ends when it does: how people inject what FIS has no action for. */
export const ssmStartAutomationExecution: ActionDefinition = {
  actionId: 'aws:ssm:start-automation-execution',
  description: 'Start the execution of an Automation runbook.',
  parameters: {
    documentArn: { description: 'The ARN of the Automation runbook.', required: true, kind: 'text' },
    documentVersion: { description: 'The version of the runbook; its default version when absent.', required: false, kind: 'text' },
    documentParameters: { description: "The runbook's parameters, as a JSON object.", required: false, kind: 'json-object' },
    maxDuration: {
      description: 'The longest that the automation may run, from one minute to 12 hours (ISO 8601).',
      required: true,
      kind: 'duration',
    },
  },
  targets: {},
  plan: (parameters) => ({
    kind: 'automation',
    documentArn: parameters['documentArn'] ?? '',
    documentVersion: parameters['documentVersion'],
    parameters: documentParameters(parameters['documentParameters'] ?? '{}') ?? {},
    maxDurationSec: durationSec(parameters['maxDuration'] ?? '') ?? 0,
  }),
};

/** Automation's parameters (lists of strings) from FIS's JSON text; undefined when it is not an object of strings and lists of strings. */
export function documentParameters(json: string): Record<string, readonly string[]> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const parameters: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(parsed)) {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (!list.every((each) => typeof each === 'string')) return undefined;
    parameters[name] = list;
  }
  return parameters;
}
