import { AwsError, ProofloadError } from '../../../../core/errors.ts';
import type { CorsSettings } from '../../../../models/apigateway/cors.ts';
import { routeKeyProblem } from '../../../../models/apigateway/routes.ts';
import type { LabContext, ResourceHandler, ResourceRequest } from '../../../contract.ts';
import { type IntegrationLimits, integrationOf } from '../integration.ts';
import type { Integration } from '../lambda-call.ts';
import type { Apis } from './apis.ts';
import type { HttpApi } from './http-api.ts';
import { readOpenApi } from './open-api.ts';
import { stageOf } from './stage.ts';

/** The types of ApiGatewayV2 that make up an HTTP API. */
export function httpApiResources(context: LabContext, apis: Apis): ResourceHandler[] {
  return [apiResource(context, apis), integrationResource(context, apis), routeResource(context, apis), stageResource(apis)];
}

function apiResource(context: LabContext, apis: Apis): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Api',
    // Harmless: Description, Version, Tags, FailOnWarnings, and whether the default endpoint is closed (it is the only one here).
    properties: [
      'Name',
      'ProtocolType',
      'Body',
      'CorsConfiguration',
      'Description',
      'Version',
      'Tags',
      'FailOnWarnings',
      'DisableExecuteApiEndpoint',
    ],
    create({ properties, logicalId }) {
      const protocol = properties['ProtocolType'];
      if (protocol !== undefined && protocol !== 'HTTP')
        throw new ProofloadError('unsupported-property', `${logicalId}: ProtocolType ${String(protocol)} is not supported`);
      const body = properties['Body'] as Readonly<Record<string, unknown>> | undefined;
      const read = body && readOpenApi(body, limitsOf(context));
      const name = String(properties['Name'] ?? read?.title ?? logicalId);
      const api = apis.add(name, corsOf(properties['CorsConfiguration']) ?? read?.cors);
      for (const { routeKey, target } of read?.routes ?? []) addRoute(context, api, apis.newId(), routeKey, target);
      const ApiEndpoint = `https://${api.id}.execute-api.${context.region}.amazonaws.com`;
      return { physicalId: api.id, attributes: { ApiId: api.id, ApiEndpoint } };
    },
    remove: (physicalId) => apis.remove(physicalId),
  };
}

function integrationResource(context: LabContext, apis: Apis): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Integration',
    // Harmless: Description, and the method with which Lambda's API is called.
    properties: [
      'ApiId',
      'IntegrationType',
      'IntegrationUri',
      'PayloadFormatVersion',
      'TimeoutInMillis',
      'IntegrationMethod',
      'Description',
      'ConnectionType',
    ],
    create({ properties, logicalId }) {
      const api = apis.get(String(properties['ApiId']));
      const id = apis.newId();
      const input = {
        type: properties['IntegrationType'],
        uri: properties['IntegrationUri'],
        payloadFormatVersion: properties['PayloadFormatVersion'],
        timeoutInMillis: properties['TimeoutInMillis'],
      };
      api.integrations.set(id, integrationOf(input, logicalId, limitsOf(context)));
      return { physicalId: id, attributes: { IntegrationId: id } };
    },
    remove: (physicalId) => {
      for (const api of apis.all()) api.integrations.delete(physicalId);
    },
  };
}

function routeResource(context: LabContext, apis: Apis): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Route',
    properties: ['ApiId', 'RouteKey', 'Target', 'AuthorizationType', 'OperationName'],
    create({ properties, logicalId }) {
      const api = apis.get(String(properties['ApiId']));
      const authorization = properties['AuthorizationType'] ?? 'NONE';
      if (authorization !== 'NONE')
        throw new ProofloadError('unsupported-property', `${logicalId}: AuthorizationType ${String(authorization)} is not supported`);
      const target = api.integrations.get(String(properties['Target']).replace(/^integrations\//, ''));
      if (!target) throw new AwsError('NotFoundException', `Invalid Integration identifier specified ${String(properties['Target'])}`, 404);
      const id = apis.newId();
      addRoute(context, api, id, String(properties['RouteKey']), target);
      return { physicalId: id, attributes: { RouteId: id } };
    },
    remove: (physicalId) => {
      for (const api of apis.all()) api.removeRoute(physicalId);
    },
  };
}

function addRoute({ quotas }: LabContext, api: HttpApi, id: string, routeKey: string, target: Integration): void {
  const problem = routeKeyProblem(routeKey);
  if (problem) throw new AwsError('BadRequestException', `Unable to create Route ${routeKey}: ${problem}`);
  if (api.hasRoute(routeKey)) throw new AwsError('ConflictException', `Route with key ${routeKey} already exists for this API`, 409);
  if (api.routeCount >= quotas.number('apigateway.http-api-routes'))
    throw new AwsError('BadRequestException', 'Maximum number of Routes for this API has been reached.');
  api.addRoute(id, routeKey, target);
}

function stageResource(apis: Apis): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Stage',
    // Harmless: AutoDeploy (the lab always does), Description, Tags, access logs.
    properties: [
      'ApiId',
      'StageName',
      'DefaultRouteSettings',
      'RouteSettings',
      'StageVariables',
      'AutoDeploy',
      'Description',
      'Tags',
      'AccessLogSettings',
    ],
    create({ properties }: ResourceRequest) {
      const api = apis.get(String(properties['ApiId']));
      const stage = stageOf(properties, api);
      if (api.stages.has(stage.name)) throw new AwsError('ConflictException', 'Stage already exists', 409);
      api.stages.set(stage.name, stage);
      return { physicalId: stage.name };
    },
    remove: (name, properties) => void apis.find(String(properties['ApiId']))?.stages.delete(name),
  };
}

function corsOf(setting: unknown): CorsSettings | undefined {
  if (setting === undefined) return undefined;
  const small = Object.entries(setting as object).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]);
  return Object.fromEntries(small) as CorsSettings;
}

function limitsOf({ quotas }: LabContext): IntegrationLimits {
  return {
    kind: 'HTTP APIs',
    format: '2.0',
    timeoutMaxMs: quotas.number('apigateway.http-api-integration-timeout') * 1000,
    timeoutMinMs: quotas.number('apigateway.http-api-integration-timeout-min') * 1000,
  };
}
