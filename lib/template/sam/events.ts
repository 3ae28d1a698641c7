import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { generated, refuseUnsupported, requireMapping } from './sam-reading.ts';
import { sqsExecutionPolicy, sqsMapping } from './sqs-event.ts';

/** One event of a function with its place in the template. */
interface EventSource {
  readonly owner: TemplateResource;
  readonly event: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** How messages name it. */
  readonly what: string;
  readonly place: { readonly file: string; readonly line: number | undefined };
}

/** One HttpApi or Api event: a route of an HTTP API, or a method of a REST API. */
export interface ApiEvent {
  readonly kind: 'http' | 'rest';
  readonly owner: TemplateResource;
  readonly event: string;
  readonly apiId: string;
  /** `$default` for the route that takes what no other takes. */
  readonly path: string;
  /** Lower case; `any` for all. */
  readonly method: string;
  readonly payloadFormatVersion?: unknown;
  readonly timeoutMs?: unknown;
  /** Of an Api event: whether a client needs an API key; undefined leaves it to the API. */
  readonly apiKeyRequired?: boolean | undefined;
  readonly line: number | undefined;
}

/** Logical ids of the APIs that SAM makes for events that name none. */
export const implicitApiIds = { http: 'ServerlessHttpApi', rest: 'ServerlessRestApi' } as const;

const apiTypes = { http: 'AWS::Serverless::HttpApi', rest: 'AWS::Serverless::Api' } as const;

/** What the events of a function come to. */
interface FunctionEvents {
  readonly ofApis: readonly ApiEvent[];
  /** Resources that the function itself gets. */
  readonly resources: readonly TemplateResource[];
  /** ARNs of managed policies that its role needs for them. */
  readonly policies: readonly string[];
}

/** Types of events that are understood. */
export const eventTypes: readonly string[] = ['Api', 'HttpApi', 'SQS'];

/** The events of a function, in the template's order; any other type of event is refused by name. */
export function functionEvents(resource: TemplateResource, reading: Reading): FunctionEvents {
  const sources = eventSources(resource, reading);
  const ofType = (type: string): EventSource[] => sources.filter((source) => source.type === type);
  const mappings = ofType('SQS').map(({ owner, event, properties, place }) => sqsMapping(owner, event, properties, reading, place.line));
  return {
    ofApis: sources.flatMap((source) => {
      if (source.type === 'HttpApi') return [httpApiEvent(source, reading)];
      return source.type === 'Api' ? [restApiEvent(source, reading)] : [];
    }),
    resources: mappings,
    policies: mappings.length > 0 ? [sqsExecutionPolicy] : [],
  };
}

function eventSources(owner: TemplateResource, reading: Reading): EventSource[] {
  const { properties, logicalId, line } = owner;
  const events = requireMapping(properties['Events'] ?? {}, `resource ${logicalId}: Events`, reading, reading.lines.of(properties, 'Events') ?? line);
  return Object.entries(events).map(([event, raw]) => {
    const what = `resource ${logicalId}: event ${event}`;
    const place = { file: reading.file, line: reading.lines.of(events, event) ?? line };
    if (!isObject(raw) || typeof raw['Type'] !== 'string') throw templateError('bad-template', place, `${what} needs a Type`);
    const type = raw['Type'];
    if (!eventTypes.includes(type))
      throw templateError('unsupported-property', place, `${what}: type ${type} is not supported`, `supported are ${eventTypes.join(', ')}`);
    return { owner, event, type, properties: requireMapping(raw['Properties'] ?? {}, `${what}: Properties`, reading, place.line), what, place };
  });
}

function httpApiEvent({ owner, event, properties, what, place }: EventSource, reading: Reading): ApiEvent {
  refuseUnsupported(properties, ['ApiId', 'Path', 'Method', 'PayloadFormatVersion', 'TimeoutInMillis'], what, reading, place.line);
  const { ApiId, Path, Method, PayloadFormatVersion, TimeoutInMillis } = properties;
  if ((Path === undefined) !== (Method === undefined))
    throw templateError('bad-template', place, `${what} needs both Path and Method, or neither (the $default route)`);
  return {
    kind: 'http',
    owner,
    event,
    apiId: apiIdOf(ApiId, 'http', `${what}: ApiId`, place),
    path: Path === undefined ? '$default' : String(Path),
    method: methodOf(Method),
    payloadFormatVersion: PayloadFormatVersion,
    timeoutMs: TimeoutInMillis,
    line: place.line,
  };
}

function restApiEvent({ owner, event, properties, what, place }: EventSource, reading: Reading): ApiEvent {
  refuseUnsupported(properties, ['RestApiId', 'Path', 'Method', 'TimeoutInMillis', 'Auth'], what, reading, place.line);
  const { RestApiId, Path, Method, TimeoutInMillis, Auth } = properties;
  if (Path === undefined || Method === undefined) throw templateError('bad-template', place, `${what} needs Path and Method`);
  const auth = requireMapping(Auth ?? {}, `${what}: Auth`, reading, place.line);
  refuseUnsupported(auth, ['ApiKeyRequired'], `${what}: Auth`, reading, place.line);
  return {
    kind: 'rest',
    owner,
    event,
    apiId: apiIdOf(RestApiId, 'rest', `${what}: RestApiId`, place),
    path: String(Path),
    method: methodOf(Method),
    timeoutMs: TimeoutInMillis,
    apiKeyRequired: auth['ApiKeyRequired'] === undefined ? undefined : auth['ApiKeyRequired'] === true,
    line: place.line,
  };
}

function methodOf(method: unknown): string {
  return method === undefined || method === '*' ? 'any' : String(method).toLowerCase();
}

function apiIdOf(raw: unknown, kind: ApiEvent['kind'], what: string, place: EventSource['place']): string {
  if (raw === undefined) return implicitApiIds[kind];
  if (isObject(raw) && typeof raw['Ref'] === 'string') return raw['Ref'];
  throw templateError('unsupported-property', place, `${what} must be !Ref of an ${apiTypes[kind]} of this template`);
}

/** Every event's API must be declared here. */
export function checkApiOf({ kind, apiId, owner, line }: ApiEvent, apis: readonly TemplateResource[], { file }: Reading): void {
  if (apis.some(({ logicalId, type }) => logicalId === apiId && type === apiTypes[kind])) return;
  const what = `an event of ${owner.logicalId} mentions ${apiId}, which is no ${apiTypes[kind]} of this template`;
  throw templateError('unresolved-reference', { file, line }, what);
}

/** Lets the API invoke the function; SAM names it after the event, and for REST APIs after the stage too. */
export function permissionFor({ owner, event, apiId, path, method }: ApiEvent, stage: string): TemplateResource {
  const route = path === '$default' ? '$default' : `${method === 'any' ? '*' : method.toUpperCase()}${path.replace(/\{[^}]*\}/g, '*')}`;
  return generated(owner, `${owner.logicalId}${event}Permission${stage}`, 'AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: { Ref: owner.logicalId },
    Principal: 'apigateway.amazonaws.com',
    SourceArn: { 'Fn::Sub': [`arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*/${route}`, { Api: { Ref: apiId } }] },
  });
}

/** The `x-amazon-apigateway-integration` of an event: its function by Lambda proxy. */
export function lambdaProxy({ owner, timeoutMs }: ApiEvent): Record<string, unknown> {
  const arn = `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${owner.logicalId}.Arn}/invocations`;
  return {
    httpMethod: 'POST',
    type: 'aws_proxy',
    uri: { 'Fn::Sub': arn },
    ...(timeoutMs === undefined ? {} : { timeoutInMillis: timeoutMs }),
  };
}

/** The paths of an OpenAPI document, one operation an event. */
export function openApiPaths(events: readonly ApiEvent[], operationOf: (event: ApiEvent) => Record<string, unknown>): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const event of events) {
    const method = event.method === 'any' ? 'x-amazon-apigateway-any-method' : event.method;
    paths[event.path] = { ...paths[event.path], [method]: operationOf(event) };
  }
  return paths;
}
