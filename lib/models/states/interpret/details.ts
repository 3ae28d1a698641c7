import type { JsonObject } from '../json.ts';
import type { Variables } from '../scope.ts';
import type { TaskState } from '../state.ts';
import type { Json } from '../types.ts';
import type { Failure } from './turn.ts';

/** The lab's histories keep every payload whole. */
export const whole = { truncated: false };

/** The error and cause of a failure as AWS writes them: left out where there is none. */
export function failureDetails({ error, cause }: Failure): JsonObject {
  return { ...(cause === undefined ? {} : { cause }), ...(error === undefined ? {} : { error }) };
}

export function exitDetails(name: string, output: string, assigned: Variables | undefined): JsonObject {
  if (assigned === undefined) return { stateExitedEventDetails: { name, output, outputDetails: whole } };
  const texts = Object.fromEntries(Object.entries(assigned).map(([variable, value]) => [variable, JSON.stringify(value)]));
  return { stateExitedEventDetails: { assignedVariables: texts, assignedVariablesDetails: whole, name, output, outputDetails: whole } };
}

/** What a task is asked, in its Scheduled event. */
export interface Scheduled {
  readonly text: string;
  readonly region: string;
  readonly timeoutSec: number | undefined;
  readonly heartbeatSec: number | undefined;
  readonly roleArn: Json | undefined;
}

/** The events of a Task by the kind of its resource: `LambdaFunctionSucceeded`, `ActivitySucceeded`, `TaskSucceeded`. */
const families = {
  lambda: { type: 'LambdaFunction', member: 'lambdaFunction' },
  activity: { type: 'Activity', member: 'activity' },
  service: { type: 'Task', member: 'task' },
} as const;

export function taskEventType({ resource }: TaskState, what: string): string {
  return `${families[resource.kind].type}${what}`;
}

/** Details of an event of a task: AWS names service and action only for service integrations. */
export function taskDetails({ resource }: TaskState, what: string, details: JsonObject): { readonly [member: string]: Json } {
  const named = resource.kind === 'service' ? { ...details, resource: resource.action, resourceType: resource.service } : details;
  return { [`${families[resource.kind].member}${what}EventDetails`]: named };
}

export function scheduledDetails(state: TaskState, scheduled: Scheduled): { readonly [member: string]: Json } {
  const { text, region, timeoutSec, heartbeatSec, roleArn } = scheduled;
  const details: { [name: string]: Json } =
    state.resource.kind === 'service' ? { parameters: text, region } : { input: text, inputDetails: whole, resource: state.resource.arn };
  if (timeoutSec !== undefined) details['timeoutInSeconds'] = timeoutSec;
  if (heartbeatSec !== undefined && state.resource.kind !== 'lambda') details['heartbeatInSeconds'] = heartbeatSec;
  if (roleArn !== undefined) details['taskCredentials'] = { roleArn };
  return taskDetails(state, 'Scheduled', details);
}
