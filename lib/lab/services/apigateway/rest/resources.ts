import { AwsError, ProofloadError } from '../../../../core/errors.ts';
import type { LabContext, ResourceHandler } from '../../../contract.ts';
import { type IntegrationLimits, integrationOf } from '../integration.ts';
import { readRestOpenApi } from './open-api.ts';
import type { RestApi } from './rest-api.ts';
import type { RestApis } from './rest-apis.ts';
import { stageOf } from './stage.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** The types of API Gateway that make up a REST API. */
export function restApiResources(context: LabContext, apis: RestApis): ResourceHandler[] {
  return [apiResource(context, apis), resourceResource(context, apis), methodResource(context, apis), deploymentResource(apis), stageResource(apis)];
}

function apiResource(context: LabContext, apis: RestApis): ResourceHandler {
  return {
    type: 'AWS::ApiGateway::RestApi',
    // Harmless: Description, Mode, Tags, FailOnWarnings; endpoint type (only the way to the Region differs) and whether the default endpoint is closed.
    properties: [
      'Name',
      'Body',
      'ApiKeySourceType',
      'Description',
      'DisableExecuteApiEndpoint',
      'EndpointConfiguration',
      'FailOnWarnings',
      'Mode',
      'Parameters',
      'Tags',
    ],
    create({ properties, logicalId }) {
      const source = properties['ApiKeySourceType'] ?? 'HEADER';
      if (source !== 'HEADER') throw new ProofloadError('unsupported-property', `${logicalId}: ApiKeySourceType ${String(source)} is not supported`);
      const body = properties['Body'] as Mapping | undefined;
      const read = body && readRestOpenApi(body, limitsOf(context));
      const api = apis.add(String(properties['Name'] ?? read?.title ?? logicalId));
      for (const { path, httpMethod, ...setup } of read?.methods ?? []) api.addMethod(api.resourceAt(path), httpMethod, setup);
      checkCount(context, api);
      return { physicalId: api.id, attributes: { RestApiId: api.id, RootResourceId: api.rootId } };
    },
    remove: (physicalId) => apis.remove(physicalId),
  };
}

function resourceResource(context: LabContext, apis: RestApis): ResourceHandler {
  return {
    type: 'AWS::ApiGateway::Resource',
    properties: ['RestApiId', 'ParentId', 'PathPart'],
    create({ properties }) {
      const api = apis.get(properties['RestApiId']);
      const id = api.addResource(String(properties['ParentId']), String(properties['PathPart']));
      checkCount(context, api);
      return { physicalId: id, attributes: { ResourceId: id } };
    },
    remove: (physicalId) => {
      for (const api of apis.all()) api.removeResource(physicalId);
    },
  };
}

function methodResource(context: LabContext, apis: RestApis): ResourceHandler {
  return {
    type: 'AWS::ApiGateway::Method',
    // Harmless: OperationName, and MethodResponses, which a proxy integration does not need.
    properties: ['RestApiId', 'ResourceId', 'HttpMethod', 'AuthorizationType', 'ApiKeyRequired', 'Integration', 'OperationName', 'MethodResponses'],
    create({ properties, logicalId }) {
      const api = apis.get(properties['RestApiId']);
      const authorization = properties['AuthorizationType'] ?? 'NONE';
      if (authorization !== 'NONE')
        throw new ProofloadError('unsupported-property', `${logicalId}: AuthorizationType ${String(authorization)} is not supported`);
      const stated = Object.entries((properties['Integration'] ?? {}) as Mapping).map(([key, value]) => [
        key.charAt(0).toLowerCase() + key.slice(1),
        value,
      ]);
      const integration = integrationOf(Object.fromEntries(stated), logicalId, limitsOf(context));
      const [resourceId, httpMethod] = [String(properties['ResourceId']), String(properties['HttpMethod']).toUpperCase()];
      api.addMethod(resourceId, httpMethod, { apiKeyRequired: properties['ApiKeyRequired'] === true, integration });
      return { physicalId: `${api.id}|${resourceId}|${httpMethod}` };
    },
    remove: (physicalId) => {
      const [apiId = '', resourceId = '', httpMethod = ''] = physicalId.split('|');
      apis.find(apiId)?.removeMethod(resourceId, httpMethod);
    },
  };
}

function deploymentResource(apis: RestApis): ResourceHandler {
  return {
    type: 'AWS::ApiGateway::Deployment',
    properties: ['RestApiId', 'StageName', 'Description'],
    create({ properties }) {
      const api = apis.get(properties['RestApiId']);
      const id = api.deploy();
      if (properties['StageName'] !== undefined) {
        // A stage that is there already serves the new deployment with the settings that it has.
        const name = String(properties['StageName']);
        api.stages.set(name, stageOf(api, { ...api.stages.get(name)?.input, name, deploymentId: id }));
      }
      return { physicalId: id, attributes: { DeploymentId: id } };
    },
    // A deployment goes with its API: stages may still serve it.
  };
}

function stageResource(apis: RestApis): ResourceHandler {
  return {
    type: 'AWS::ApiGateway::Stage',
    // Harmless: Description, Tags, documentation, logs and traces.
    properties: [
      'RestApiId',
      'StageName',
      'DeploymentId',
      'MethodSettings',
      'Variables',
      'AccessLogSetting',
      'Description',
      'DocumentationVersion',
      'Tags',
      'TracingEnabled',
    ],
    create({ properties }) {
      const api = apis.get(properties['RestApiId']);
      const name = String(properties['StageName']);
      const { Variables: variables, MethodSettings: methodSettings } = properties;
      api.addStage(stageOf(api, { name, deploymentId: String(properties['DeploymentId']), variables, methodSettings }));
      return { physicalId: name };
    },
    remove: (name, properties) => void apis.find(String(properties['RestApiId']))?.stages.delete(name),
  };
}

function checkCount({ quotas }: LabContext, api: RestApi): void {
  if (api.resourceCount <= quotas.number('apigateway.rest-api-resources')) return;
  throw new AwsError(
    'LimitExceededException',
    'Maximum number of resources for this API has been reached. Please contact AWS if you need additional resources.',
    429,
  );
}

function limitsOf({ quotas }: LabContext): IntegrationLimits {
  return {
    kind: 'REST APIs',
    format: undefined,
    timeoutMaxMs: quotas.number('apigateway.rest-api-integration-timeout') * 1000,
    timeoutMinMs: quotas.number('apigateway.rest-api-integration-timeout-min') * 1000,
  };
}
