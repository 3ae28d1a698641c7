import type { Reading } from '../sections.ts';
import type { TemplateResource } from '../types.ts';
import { deadLetterConfig, eventInvokeConfig } from './async-invoke.ts';
import { functionCode } from './code.ts';
import { type ApiEvent, functionEvents } from './events.ts';
import { functionRole } from './role.ts';
import { refuseUnsupported, tagList } from './sam-reading.ts';

/** Properties that mean the same to AWS::Lambda::Function; whether the site supports them there is for the site to say. */
export const sameInLambda: readonly string[] = [
  'FunctionName',
  'Description',
  'Handler',
  'Runtime',
  'MemorySize',
  'Timeout',
  'Architectures',
  'Environment',
  'ReservedConcurrentExecutions',
  'EphemeralStorage',
  'Layers',
  'LoggingConfig',
  'PackageType',
  'VpcConfig',
  'KmsKeyArn',
  'Role',
];
/** Properties of AWS::Serverless::Function that are understood; any other is refused by name. */
export const functionProperties: readonly string[] = [
  ...sameInLambda,
  'CodeUri',
  'InlineCode',
  'Policies',
  'AssumeRolePolicyDocument',
  'PermissionsBoundary',
  'Events',
  'DeadLetterQueue',
  'EventInvokeConfig',
  'Tracing',
  'Tags',
];

/** AWS::Serverless::Function: the function, its role unless it names one, and its events, which the APIs that they belong to turn into resources. */
export function transformFunction(resource: TemplateResource, reading: Reading): { resources: TemplateResource[]; events: readonly ApiEvent[] } {
  const { properties, logicalId, line } = resource;
  refuseUnsupported(properties, functionProperties, `resource ${logicalId}`, reading, line);
  const events = functionEvents(resource, reading);
  const role = properties['Role'] === undefined ? functionRole(resource, reading, events.policies) : undefined;
  const { metadata: _built, ...rest } = resource;
  const lambda: TemplateResource = { ...rest, type: 'AWS::Lambda::Function', properties: lambdaProperties(resource, role, reading) };
  return { resources: [lambda, ...(role ? [role] : []), ...events.resources, ...eventInvokeConfig(resource, reading)], events: events.ofApis };
}

function lambdaProperties(resource: TemplateResource, role: TemplateResource | undefined, reading: Reading): Record<string, unknown> {
  const { properties } = resource;
  const same = Object.fromEntries(sameInLambda.filter((key) => properties[key] !== undefined).map((key) => [key, properties[key]]));
  const made = {
    Code: functionCode(resource, reading),
    ...same,
    ...deadLetterConfig(resource, reading),
    ...(role ? { Role: { 'Fn::GetAtt': [role.logicalId, 'Arn'] } } : {}),
    ...(properties['Tracing'] === undefined ? {} : { TracingConfig: { Mode: properties['Tracing'] } }),
    Tags: tagList(properties['Tags'], 'lambda:createdBy'),
  };
  return reading.lines.carry(properties, made, { Code: 'CodeUri', TracingConfig: 'Tracing', DeadLetterConfig: 'DeadLetterQueue' });
}
