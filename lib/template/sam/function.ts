import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { functionCode } from './code.ts';
import { functionRole } from './role.ts';
import { generated, implicitHttpApiId, refuseUnsupported, requireMapping, tagList } from './sam-reading.ts';

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
const eventProperties = ['ApiId', 'Path', 'Method', 'PayloadFormatVersion', 'TimeoutInMillis'];

/** AWS::Serverless::Function: the function, its role unless it names one, and for each HttpApi event a permission and a route. */
export function transformFunction(resource: TemplateResource, reading: Reading): { resources: TemplateResource[]; routes: HttpApiRoute[] } {
  const { properties, logicalId, line } = resource;
  refuseUnsupported(properties, functionProperties, `resource ${logicalId}`, reading, line);
  const role = properties['Role'] === undefined ? functionRole(resource, reading) : undefined;
  const { metadata: _built, ...rest } = resource;
  const lambda: TemplateResource = { ...rest, type: 'AWS::Lambda::Function', properties: lambdaProperties(resource, role, reading) };
  const routes = eventsOf(resource, reading);
  const permissions = routes.map(({ event, route }) => permissionFor(resource, event, route));
  return { resources: [lambda, ...(role ? [role] : []), ...permissions], routes: routes.map(({ route }) => route) };
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

function eventsOf(resource: TemplateResource, reading: Reading): { event: string; route: HttpApiRoute }[] {
  const { properties, logicalId, line } = resource;
  const events = requireMapping(properties['Events'] ?? {}, `resource ${logicalId}: Events`, reading, reading.lines.of(properties, 'Events') ?? line);
  return Object.entries(events).map(([event, raw]) => ({
    event,
    route: routeOf(resource, event, raw, reading, reading.lines.of(events, event) ?? line),
  }));
}

function routeOf(owner: TemplateResource, event: string, raw: unknown, reading: Reading, line: number | undefined): HttpApiRoute {
  const what = `resource ${owner.logicalId}: event ${event}`;
  const place = { file: reading.file, line };
  if (!isObject(raw) || typeof raw['Type'] !== 'string') throw templateError('bad-template', place, `${what} needs a Type`);
  if (raw['Type'] !== 'HttpApi')
    throw templateError('unsupported-property', place, `${what}: type ${raw['Type']} is not supported`, 'supported is HttpApi');
  const properties = requireMapping(raw['Properties'] ?? {}, `${what}: Properties`, reading, line);
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
