import { isObject, type JsonObject } from '../json.ts';
import { isExpression } from '../query/jsonata.ts';
import type { TaskResource } from '../state.ts';
import type { QueryLanguage } from './fields.ts';
import type { Findings } from './findings.ts';

/** What the optimised integrations cannot do without (measured on AWS with ValidateStateMachineDefinition; docs/models/states.md). */
const requiredParameters: Readonly<Record<string, readonly string[]>> = {
  'lambda:invoke': ['FunctionName'],
  'sqs:sendMessage': ['QueueUrl', 'MessageBody'],
  'dynamodb:putItem': ['TableName', 'Item'],
  'dynamodb:getItem': ['TableName', 'Key'],
  'states:startExecution': ['StateMachineArn'],
  'events:putEvents': ['Entries'],
};

/** Whether a Task hands a service integration what it needs: Parameters in JSONPath, Arguments in JSONata. */
export function checkIntegration(findings: Findings, state: JsonObject, resource: TaskResource, at: string, language: QueryLanguage): undefined {
  if (resource.kind !== 'service') return;
  const field = language === 'JSONata' ? 'Arguments' : 'Parameters';
  const given = state[field];
  if (given === undefined) return findings.schema(`${field} field is required for resource ARN: ${resource.arn}`, at);
  if (isExpression(given) || !isObject(given)) return;
  const api = `${resource.service}:${resource.action.replace(/\.(?:sync(?::2)?|waitForTaskToken)$/, '')}`;
  for (const name of Object.hasOwn(requiredParameters, api) ? (requiredParameters[api] ?? []) : []) {
    if (given[name] === undefined && given[`${name}.$`] === undefined) {
      findings.schema(`The field '${name}' is required but was missing`, `${at}/${field}`);
    }
  }
}
