import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { functionCode } from './code.ts';
import { functionRole } from './role.ts';
import { generated, implicitHttpApiId, refuseUnsupported, requireMapping, tagList } from './sam-reading.ts';
import { sqsExecutionPolicy, sqsMapping } from './sqs-event.ts';

/** One HttpApi event of a function. */
export interface HttpApiRoute {
  readonly owner: TemplateResource;
  readonly apiId: string;
  /** `$default` for the route that takes what no other takes. */
  readonly path: string;
  /** Lower case; `any` for all. */
  readonly method: string;
  readonly payloadFormatVersion?: unknown;
  readonly timeoutMs?: unknown;
  readonly line: number | undefined;
}

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
  'Tracing',
  'Tags',
];
const eventTypes = ['HttpApi', 'SQS'];
const eventProperties = ['ApiId', 'Path', 'Method', 'PayloadFormatVersion', 'TimeoutInMillis'];

/** One event of a function, as it is written. */
interface FunctionEvent {
  readonly name: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly line: number | undefined;
}

/** AWS::Serverless::Function: the function, its role unless it names one, for each HttpApi event a permission and a route, and for each SQS event a mapping. */
export function transformFunction(resource: TemplateResource, reading: Reading): { resources: TemplateResource[]; routes: HttpApiRoute[] } {
  const { properties, logicalId, line } = resource;
  refuseUnsupported(properties, functionProperties, `resource ${logicalId}`, reading, line);
  const events = eventsOf(resource, reading);
  const queues = events.filter(({ type }) => type === 'SQS');
  const role = properties['Role'] === undefined ? functionRole(resource, reading, queues.length > 0 ? [sqsExecutionPolicy] : []) : undefined;
  const { metadata: _built, ...rest } = resource;
  const lambda: TemplateResource = { ...rest, type: 'AWS::Lambda::Function', properties: lambdaProperties(resource, role, reading) };
  const routes = events.filter(({ type }) => type === 'HttpApi').map((event) => ({ event: event.name, route: routeOf(resource, event, reading) }));
  const permissions = routes.map(({ event, route }) => permissionFor(resource, event, route));
  const mappings = queues.map((event) => sqsMapping(resource, event.name, event.properties, reading, event.line));
  return { resources: [lambda, ...(role ? [role] : []), ...permissions, ...mappings], routes: routes.map(({ route }) => route) };
}

function lambdaProperties(resource: TemplateResource, role: TemplateResource | undefined, reading: Reading): Record<string, unknown> {
  const { properties } = resource;
  const same = Object.fromEntries(sameInLambda.filter((key) => properties[key] !== undefined).map((key) => [key, properties[key]]));
  const made = {
    Code: functionCode(resource, reading),
    ...same,
    ...(role ? { Role: { 'Fn::GetAtt': [role.logicalId, 'Arn'] } } : {}),
    ...(properties['Tracing'] === undefined ? {} : { TracingConfig: { Mode: properties['Tracing'] } }),
    Tags: tagList(properties['Tags'], 'lambda:createdBy'),
  };
  return reading.lines.carry(properties, made, { Code: 'CodeUri', TracingConfig: 'Tracing' });
}

function eventsOf(resource: TemplateResource, reading: Reading): FunctionEvent[] {
  const { properties, logicalId, line } = resource;
  const events = requireMapping(properties['Events'] ?? {}, `resource ${logicalId}: Events`, reading, reading.lines.of(properties, 'Events') ?? line);
  return Object.entries(events).map(([name, raw]) => eventOf(resource, name, raw, reading, reading.lines.of(events, name) ?? line));
}

function eventOf(owner: TemplateResource, name: string, raw: unknown, reading: Reading, line: number | undefined): FunctionEvent {
  const what = `resource ${owner.logicalId}: event ${name}`;
  const place = { file: reading.file, line };
  if (!isObject(raw) || typeof raw['Type'] !== 'string') throw templateError('bad-template', place, `${what} needs a Type`);
  const type = raw['Type'];
  if (!eventTypes.includes(type))
    throw templateError('unsupported-property', place, `${what}: type ${type} is not supported`, `supported are ${eventTypes.join(' and ')}`);
  return { name, type, properties: requireMapping(raw['Properties'] ?? {}, `${what}: Properties`, reading, line), line };
}

function routeOf(owner: TemplateResource, { name, properties, line }: FunctionEvent, reading: Reading): HttpApiRoute {
  const what = `resource ${owner.logicalId}: event ${name}`;
  const place = { file: reading.file, line };
  refuseUnsupported(properties, eventProperties, what, reading, line);
  const { Path, Method, PayloadFormatVersion, TimeoutInMillis } = properties;
  if ((Path === undefined) !== (Method === undefined))
    throw templateError('bad-template', place, `${what} needs both Path and Method, or neither (the $default route)`);
  return {
    owner,
    apiId: apiIdOf(properties['ApiId'], what, place),
    path: Path === undefined ? '$default' : String(Path),
    method: Method === undefined || Method === '*' ? 'any' : String(Method).toLowerCase(),
    payloadFormatVersion: PayloadFormatVersion,
    timeoutMs: TimeoutInMillis,
    line,
  };
}

function apiIdOf(raw: unknown, what: string, place: { file: string; line: number | undefined }): string {
  if (raw === undefined) return implicitHttpApiId;
  if (isObject(raw) && typeof raw['Ref'] === 'string') return raw['Ref'];
  throw templateError('unsupported-property', place, `${what}: ApiId must be !Ref of an AWS::Serverless::HttpApi of this template`);
}

function permissionFor(owner: TemplateResource, event: string, { apiId, path, method }: HttpApiRoute): TemplateResource {
  const route = path === '$default' ? '$default' : `${method === 'any' ? '*' : method.toUpperCase()}${path.replace(/\{[^}]*\}/g, '*')}`;
  return generated(owner, `${owner.logicalId}${event}Permission`, 'AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: { Ref: owner.logicalId },
    Principal: 'apigateway.amazonaws.com',
    SourceArn: { 'Fn::Sub': [`arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*/${route}`, { Api: { Ref: apiId } }] },
  });
}
