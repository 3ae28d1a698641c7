import type { Integration } from '../../../../models/states/types.ts';
import { awsSdk } from './aws-sdk.ts';
import { dynamoDb } from './dynamodb.ts';
import type { ServiceIntegration } from './integration.ts';
import { lambdaFunction } from './lambda-function.ts';
import { lambdaInvoke } from './lambda-invoke.ts';
import { sqsSendMessage } from './sqs.ts';
import { statesStartExecution } from './states.ts';

/** Every integration of the lab; a new one is one line here. */
const integrations: readonly ServiceIntegration[] = [lambdaInvoke, ...dynamoDb, sqsSendMessage, statesStartExecution, awsSdk];

/** The integration behind a Task's Resource; undefined for one that the lab lacks. Activities have none: workers ask for their tasks. */
export function integrationOf(resource: string): ServiceIntegration | undefined {
  if (/^arn:[^:]+:lambda:/.test(resource)) return lambdaFunction;
  const name = serviceName(resource);
  return name === undefined ? undefined : integrations.find((each) => (each.name.endsWith(':') ? name.startsWith(each.name) : each.name === name));
}

/** Why the lab cannot run a Task of this Resource; undefined when it can. What is no ARN of a resource is AWS's to refuse, not this. */
export function whyUnsupported(resource: string): string | undefined {
  const name = serviceName(resource);
  if (name === undefined) return undefined;
  const found = integrationOf(resource);
  if (!found) return `the integration ${name} (the lab has ${integrationNames().join(', ')})`;
  const pattern = patternOf(resource);
  if (!found.patterns.includes(pattern)) return `the pattern .${pattern} of ${name}`;
  return found.missing?.(resource);
}

/** For messages and the support matrix. */
function integrationNames(): string[] {
  return integrations.map(({ name }) => (name.endsWith(':') ? `${name}*` : name));
}

/** `service:action` of `arn:aws:states:::service:action.pattern`; undefined for any other ARN. */
function serviceName(resource: string): string | undefined {
  return /^arn:[^:]+:states:::([^.]+)/.exec(resource)?.[1];
}

function patternOf(resource: string): Integration {
  const suffix = /^arn:[^:]+:states:::[^.]+\.(.+)$/.exec(resource)?.[1];
  return suffix === undefined ? 'request-response' : (suffix as Integration);
}
