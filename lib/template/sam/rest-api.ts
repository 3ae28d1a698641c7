import { createHash } from 'node:crypto';
import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { type ApiEvent, implicitApiIds, lambdaProxy, openApiPaths, permissionFor } from './events.ts';
import { generated, refuseUnsupported, requireMapping } from './sam-reading.ts';

const ofApi = ['Name', 'Description', 'DisableExecuteApiEndpoint', 'FailOnWarnings', 'ApiKeySourceType', 'Mode'];
const ofStage = ['MethodSettings', 'Variables', 'TracingEnabled', 'AccessLogSetting'];
/** Properties of AWS::Serverless::Api that are understood; any other is refused by name. */
export const restApiProperties: readonly string[] = [
  ...ofApi,
  ...ofStage,
  'StageName',
  'Auth',
  'EndpointConfiguration',
  'OpenApiVersion',
  'AlwaysDeploy',
  'Tags',
];

const keyScheme = { api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' } };

/** The API that SAM makes for Api events that name none, with what Globals gives it. */
export function implicitRestApi(owner: TemplateResource, inherited: Record<string, unknown>): TemplateResource {
  const properties = { StageName: 'Prod', ...inherited };
  return { logicalId: implicitApiIds.rest, type: 'AWS::Serverless::Api', properties, dependsOn: [], line: owner.line };
}

/**
 * AWS::Serverless::Api: an AWS::ApiGateway::RestApi whose Body is an OpenAPI document with one Lambda proxy integration a method, a deployment of it named
 * after what it deploys, the stage `<Api><StageName>Stage`, and a permission for each event. Without OpenApiVersion the deployment makes a stage called
 * `Stage` beside it, as SAM's does.
 */
export function transformRestApi(api: TemplateResource, events: readonly ApiEvent[], reading: Reading): TemplateResource[] {
  const { logicalId, properties, line } = api;
  refuseUnsupported(properties, restApiProperties, `resource ${logicalId}`, reading, line);
  const stageName = properties['StageName'];
  if (stageName === undefined) throw templateError('bad-template', { file: reading.file, line }, `resource ${logicalId} needs a StageName`);
  const body = openApi(api, events, keyRequired(api, reading));
  const hash = createHash('sha1').update(JSON.stringify(body)).digest('hex');
  const deploymentId = `${logicalId}Deployment${hash.slice(0, 10)}`;
  const Tags = isObject(properties['Tags']) ? Object.entries(properties['Tags']).map(([Key, Value]) => ({ Key, Value })) : undefined;
  const apiProperties = { ...pick(properties, ofApi), Body: body, ...endpoint(properties['EndpointConfiguration']), ...(Tags ? { Tags } : {}) };
  const RestApiId = { Ref: logicalId };
  const stageProperties = {
    RestApiId,
    DeploymentId: { Ref: deploymentId },
    StageName: stageName,
    ...pick(properties, ofStage),
    ...(Tags ? { Tags } : {}),
  };
  const stageId = typeof stageName === 'string' ? stageName.replace(/[^A-Za-z0-9]/g, '') : '';
  return [
    { ...api, type: 'AWS::ApiGateway::RestApi', properties: reading.lines.carry(properties, apiProperties) },
    generated(api, deploymentId, 'AWS::ApiGateway::Deployment', {
      Description: `RestApi deployment id: ${hash}`,
      RestApiId,
      ...(properties['OpenApiVersion'] === undefined ? { StageName: 'Stage' } : {}),
    }),
    generated(api, `${logicalId}${stageId}Stage`, 'AWS::ApiGateway::Stage', reading.lines.carry(properties, stageProperties)),
    ...events.map((event) => permissionFor(event, stageId)),
  ];
}

function openApi({ properties }: TemplateResource, events: readonly ApiEvent[], apiKeyRequired: boolean): Record<string, unknown> {
  const version = properties['OpenApiVersion'];
  const needsKey = (event: ApiEvent): boolean => event.apiKeyRequired ?? apiKeyRequired;
  const schemes = version === undefined || version === '2.0' ? { securityDefinitions: keyScheme } : { components: { securitySchemes: keyScheme } };
  return {
    ...(version === undefined || version === '2.0' ? { swagger: '2.0' } : { openapi: version }),
    info: { version: '1.0', title: properties['Name'] ?? { Ref: 'AWS::StackName' } },
    paths: openApiPaths(events, (event) => ({
      'x-amazon-apigateway-integration': lambdaProxy(event),
      ...(needsKey(event) ? { security: [{ api_key: [] }] } : {}),
      responses: {},
    })),
    ...(events.some(needsKey) ? schemes : {}),
  };
}

/** Whether the API's methods need a key; SAM's own usage plans are refused, since nobody could read the key that API Gateway makes up for them. */
function keyRequired({ logicalId, properties, line }: TemplateResource, reading: Reading): boolean {
  const what = `resource ${logicalId}: Auth`;
  const place = { file: reading.file, line: reading.lines.of(properties, 'Auth') ?? line };
  const auth = requireMapping(properties['Auth'] ?? {}, what, reading, place.line);
  refuseUnsupported(auth, ['ApiKeyRequired', 'UsagePlan'], what, reading, place.line);
  const plan = requireMapping(auth['UsagePlan'] ?? {}, `${what}: UsagePlan`, reading, place.line);
  const creates = plan['CreateUsagePlan'] ?? 'NONE';
  if (creates !== 'NONE') {
    const hint = 'declare an AWS::ApiGateway::UsagePlan, an AWS::ApiGateway::ApiKey with a Value, and an AWS::ApiGateway::UsagePlanKey';
    throw templateError('unsupported-property', place, `${what}: CreateUsagePlan ${String(creates)} is not supported`, hint);
  }
  return auth['ApiKeyRequired'] === true;
}

/** SAM takes `{ Type: REGIONAL }` where CloudFormation has a list. */
function endpoint(setting: unknown): Record<string, unknown> {
  if (!isObject(setting)) return setting === undefined ? {} : { EndpointConfiguration: { Types: [setting] } };
  const { Type, ...others } = setting;
  return { EndpointConfiguration: { ...(Type === undefined ? {} : { Types: [Type] }), ...others } };
}

function pick(properties: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => properties[key] !== undefined).map((key) => [key, properties[key]]));
}
