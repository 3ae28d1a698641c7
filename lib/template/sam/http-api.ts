import { isObject, type Reading } from '../sections.ts';
import type { TemplateResource } from '../types.ts';
import { type ApiEvent, implicitApiIds, lambdaProxy, openApiPaths, permissionFor } from './events.ts';
import { generated, refuseUnsupported } from './sam-reading.ts';

const ofApi = ['Name', 'Description', 'DisableExecuteApiEndpoint', 'FailOnWarnings'];
const ofStage = ['StageName', 'DefaultRouteSettings', 'RouteSettings', 'AccessLogSettings', 'StageVariables'];
/** Properties of AWS::Serverless::HttpApi that are understood; any other is refused by name. */
export const httpApiProperties: readonly string[] = [...ofApi, ...ofStage, 'CorsConfiguration', 'Tags'];

/** The API that SAM makes for events that name none, with what Globals gives it. */
export function implicitHttpApi(owner: TemplateResource, inherited: Record<string, unknown>): TemplateResource {
  return { logicalId: implicitApiIds.http, type: 'AWS::Serverless::HttpApi', properties: inherited, dependsOn: [], line: owner.line };
}

/**
 * AWS::Serverless::HttpApi: an AWS::ApiGatewayV2::Api whose Body is an OpenAPI document with one Lambda integration a route, and its stage
 * (`<Api>ApiGatewayDefaultStage`, or `<Api><StageName>Stage` where one is named), and a permission for each event.
 */
export function transformHttpApi(api: TemplateResource, routes: readonly ApiEvent[], reading: Reading): TemplateResource[] {
  const { logicalId, properties, line } = api;
  refuseUnsupported(properties, httpApiProperties, `resource ${logicalId}`, reading, line);
  const named = properties['StageName'];
  const stageId =
    typeof named === 'string' && named !== '$default'
      ? `${logicalId}${named.replace(/[^A-Za-z0-9]/g, '')}Stage`
      : `${logicalId}ApiGatewayDefaultStage`;
  const tags = { 'httpapi:createdBy': 'SAM', ...(isObject(properties['Tags']) ? properties['Tags'] : {}) };
  const apiProperties = { ...pick(properties, ofApi), Body: openApi(api, routes, tags) };
  const stageProperties = { ApiId: { Ref: logicalId }, AutoDeploy: true, StageName: '$default', ...pick(properties, ofStage), Tags: tags };
  return [
    { ...api, type: 'AWS::ApiGatewayV2::Api', properties: reading.lines.carry(properties, apiProperties) },
    generated(api, stageId, 'AWS::ApiGatewayV2::Stage', reading.lines.carry(properties, stageProperties)),
    ...routes.map((route) => permissionFor(route, '')),
  ];
}

function openApi({ properties }: TemplateResource, routes: readonly ApiEvent[], tags: Record<string, unknown>): Record<string, unknown> {
  return {
    openapi: '3.0.1',
    info: { version: '1.0', title: properties['Name'] ?? { Ref: 'AWS::StackName' } },
    paths: openApiPaths(routes, operationOf),
    tags: Object.entries(tags).map(([name, value]) => ({ name, 'x-amazon-apigateway-tag-value': value })),
    ...cors(properties['CorsConfiguration']),
  };
}

function operationOf(route: ApiEvent): Record<string, unknown> {
  return {
    'x-amazon-apigateway-integration': { ...lambdaProxy(route), payloadFormatVersion: route.payloadFormatVersion ?? '2.0' },
    ...(route.path === '$default' ? { isDefaultRoute: true } : {}),
    responses: {},
  };
}

/** SAM takes `true` (any origin) or AWS's settings with capital letters; the OpenAPI extension wants them with small ones. */
function cors(setting: unknown): Record<string, unknown> {
  if (setting === undefined || setting === false) return {};
  const settings = isObject(setting) ? setting : { AllowOrigins: ['*'] };
  const lower = Object.entries(settings).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]);
  return { 'x-amazon-apigateway-cors': Object.fromEntries(lower) };
}

function pick(properties: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => properties[key] !== undefined).map((key) => [key, properties[key]]));
}
