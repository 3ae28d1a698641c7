import type { TaskResource } from '../state.ts';
import type { Integration } from '../types.ts';

const suffixes: readonly (readonly [string, Integration])[] = [
  ['.waitForTaskToken', 'waitForTaskToken'],
  ['.sync:2', 'sync:2'],
  ['.sync', 'sync'],
];

/** The parts of a Task's Resource: a Lambda function's ARN, an activity's, or `arn:aws:states:::service:action[.pattern]`. */
export function parseResource(arn: string): TaskResource | undefined {
  const [prefix, partition, service, , account, ...rest] = arn.split(':');
  if (prefix !== 'arn' || !partition || rest.length === 0) return undefined;
  if (service === 'lambda' && rest[0] === 'function') return { arn, kind: 'lambda', integration: 'request-response', service: 'lambda', action: arn };
  if (service !== 'states') return undefined;
  if (rest[0] === 'activity') return { arn, kind: 'activity', integration: 'activity', service: 'activity', action: arn };
  return account === '' ? parseService(arn, rest.join(':')) : undefined;
}

/** `sqs:sendMessage.waitForTaskToken`, `aws-sdk:dynamodb:getItem`, `states:startExecution.sync:2`. */
function parseService(arn: string, text: string): TaskResource | undefined {
  const suffix = suffixes.find(([end]) => text.endsWith(end));
  const body = suffix ? text.slice(0, -suffix[0].length) : text;
  const parts = body.split(':');
  if (parts.length !== (parts[0] === 'aws-sdk' ? 3 : 2) || parts.includes('')) return undefined;
  const service = parts.slice(0, -1).join(':');
  const action = `${parts.at(-1)}${suffix?.[0] ?? ''}`;
  return { arn, kind: 'service', integration: suffix?.[1] ?? 'request-response', service, action };
}
