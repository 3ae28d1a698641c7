import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throttleReference } from '../../../../test/throttle-reference.ts';
import { type VirtualLab, virtualLab } from '../../../../test/virtual-lab.ts';
import type { LabService } from '../../contract.ts';
import { invocationReport } from '../lambda/report.ts';
import { createApiGatewayService } from './service.ts';

const uri = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations';
const key = 'a-key-of-more-than-twenty-characters';

/** A Lambda that answers everything at once. */
const lambda: LabService = {
  name: 'lambda',
  operations: { Invoke: { act: () => ({ StatusCode: 200, [invocationReport]: { payload: '{"statusCode":200}', modelledMs: 0 } }) } },
};

/** API Gateway alone, with the means to make its resources as CloudFormation does and to send it requests. */
function gateway(limits: Readonly<Record<string, number>>): {
  lab: VirtualLab;
  create: (type: string, properties: object) => Promise<{ id: string; attributes: Readonly<Record<string, unknown>> }>;
  send: (id: string, path: string) => Promise<number>;
} {
  let service: LabService | undefined;
  const lab = virtualLab((context) => {
    service = createApiGatewayService({ ...context, quotas: context.quotas.with(limits, 'test', '2026-11-24') });
    return [lambda, service];
  });
  return {
    lab,
    create: async (type, properties) => {
      const handler = service?.resources?.find((each) => each.type === type);
      const made = await handler?.create({ stackName: 's', logicalId: 'x', properties: properties as Record<string, unknown>, templateFolder: '/' });
      return { id: made?.physicalId ?? '', attributes: made?.attributes ?? {} };
    },
    send: async (id, path) => {
      const request = { method: 'GET', path, rawQuery: '', headers: { 'x-api-key': key }, rawHeaders: [], body: new Uint8Array(0) };
      const response = await service?.frontDoors?.serve(id, { ...request, sourceIp: '127.0.0.1', arrivedMs: 0 });
      return response?.status ?? 0;
    },
  };
}

const throttle = fc.record({ ratePerSec: fc.integer({ min: 1, max: 200 }), burst: fc.integer({ min: 1, max: 10 }) });
const trace = fc.array(fc.record({ stepMs: fc.integer({ min: 0, max: 60 }), door: fc.constantFrom('http', 'rest', 'keyed') }), { maxLength: 80 });

it('admits the arrivals that the buckets admit: client, method or route, and the account that both kinds of API share', async () => {
  await fc.assert(
    fc.asyncProperty(fc.record({ client: throttle, method: throttle, route: throttle, account: throttle }), trace, async (limits, arrivals) => {
      const { client, method, route, account } = limits;
      const { lab, create, send } = gateway({ 'apigateway.account-rate': account.ratePerSec, 'apigateway.account-burst': account.burst });
      const integration = { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri, payloadFormatVersion: '2.0' } };
      const http = await create('AWS::ApiGatewayV2::Api', { Name: 'h', ProtocolType: 'HTTP', Body: { paths: { '/a': { get: integration } } } });
      const DefaultRouteSettings = { ThrottlingRateLimit: route.ratePerSec, ThrottlingBurstLimit: route.burst };
      await create('AWS::ApiGatewayV2::Stage', { ApiId: http.id, StageName: '$default', DefaultRouteSettings });

      const securityDefinitions = { api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' } };
      const paths = { '/a': { get: integration }, '/k': { get: { ...integration, security: [{ api_key: [] }] } } };
      const { id: RestApiId } = await create('AWS::ApiGateway::RestApi', { Name: 'r', Body: { swagger: '2.0', securityDefinitions, paths } });
      const { id: DeploymentId } = await create('AWS::ApiGateway::Deployment', { RestApiId });
      const MethodSettings = [{ ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: method.ratePerSec, ThrottlingBurstLimit: method.burst }];
      await create('AWS::ApiGateway::Stage', { RestApiId, DeploymentId, StageName: 'v1', MethodSettings });
      const Throttle = { RateLimit: client.ratePerSec, BurstLimit: client.burst };
      const plan = await create('AWS::ApiGateway::UsagePlan', { ApiStages: [{ ApiId: RestApiId, Stage: 'v1' }], Throttle });
      const made = await create('AWS::ApiGateway::ApiKey', { Value: key, Enabled: true });
      await create('AWS::ApiGateway::UsagePlanKey', { UsagePlanId: plan.id, KeyId: made.id, KeyType: 'API_KEY' });

      const startMs = lab.clock.now();
      const chains = { http: [route], rest: [method], keyed: [client, method] };
      const of = { http: chains.http.map(throttleReference), rest: chains.rest.map(throttleReference), keyed: chains.keyed.map(throttleReference) };
      const shared = throttleReference(account);
      const doors = { http: [http.id, '/a'], rest: [RestApiId, '/v1/a'], keyed: [RestApiId, '/v1/k'] } as const;
      for (const { stepMs, door } of arrivals) {
        await lab.clock.advance(stepMs);
        const nowMs = lab.clock.now() - startMs;
        const admitted = [...of[door as keyof typeof of], shared].every((bucket) => bucket(nowMs));
        const [id, path] = doors[door as keyof typeof doors];
        expect(await send(id, path)).toBe(admitted ? 200 : 429);
      }
      await lab.stop();
    }),
    { numRuns: 25 },
  );
});

it('serves what was deployed: a method that came later is there after the next deployment to the stage, which keeps its settings', async () => {
  const { lab, create, send } = gateway({});
  const { id: RestApiId, attributes } = await create('AWS::ApiGateway::RestApi', { Name: 'r' });
  const method = async (PathPart: string): Promise<void> => {
    const { id: ResourceId } = await create('AWS::ApiGateway::Resource', { RestApiId, ParentId: attributes['RootResourceId'], PathPart });
    await create('AWS::ApiGateway::Method', { RestApiId, ResourceId, HttpMethod: 'GET', Integration: { Type: 'AWS_PROXY', Uri: uri } });
  };
  await method('a');
  const { id: DeploymentId } = await create('AWS::ApiGateway::Deployment', { RestApiId });
  const MethodSettings = [{ ResourcePath: '/*', HttpMethod: '*', ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1 }];
  await create('AWS::ApiGateway::Stage', { RestApiId, DeploymentId, StageName: 'v1', MethodSettings });
  await method('b');
  expect([await send(RestApiId, '/v1/a'), await send(RestApiId, '/v1/a'), await send(RestApiId, '/v1/b')]).toEqual([200, 429, 403]);
  await create('AWS::ApiGateway::Deployment', { RestApiId, StageName: 'v1' });
  expect([await send(RestApiId, '/v1/b'), await send(RestApiId, '/v1/b')]).toEqual([200, 429]);
  await expect(create('AWS::ApiGateway::Stage', { RestApiId, DeploymentId, StageName: 'v1' })).rejects.toThrow('Stage already exists');
  await expect(create('AWS::ApiGateway::Resource', { RestApiId, ParentId: attributes['RootResourceId'], PathPart: 'a' })).rejects.toThrow(
    'Another resource with the same parent already has this name: a',
  );
  await lab.stop();
});

describe('what a stage refuses', () => {
  const rest = async (setting: object): Promise<unknown> => {
    const { create } = gateway({});
    const paths = { '/a': { get: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri } } } };
    const { id: RestApiId } = await create('AWS::ApiGateway::RestApi', { Name: 'r', Body: { paths } });
    const { id: DeploymentId } = await create('AWS::ApiGateway::Deployment', { RestApiId });
    return create('AWS::ApiGateway::Stage', { RestApiId, DeploymentId, StageName: 'v1', MethodSettings: [setting] });
  };
  const http = async (settings: object): Promise<unknown> => {
    const { create } = gateway({});
    const { id: ApiId } = await create('AWS::ApiGatewayV2::Api', { Name: 'h', ProtocolType: 'HTTP' });
    return create('AWS::ApiGatewayV2::Stage', { ApiId, StageName: '$default', ...settings });
  };

  it.each([
    [
      'settings of a route that is not there',
      http,
      { RouteSettings: { 'GET /b': {} } },
      /Unable to find Route by key GET \/b within the provided RouteSettings/,
    ],
    [
      'execution logs of an HTTP API',
      http,
      { DefaultRouteSettings: { LoggingLevel: 'INFO' } },
      /Execution logs are not supported on protocolType HTTP/,
    ],
    ['a setting that is none', http, { DefaultRouteSettings: { Burst: 1 } }, /DefaultRouteSettings: property Burst is not supported/],
    ['a burst below 0', http, { DefaultRouteSettings: { ThrottlingBurstLimit: -1 } }, /Invalid burst limit -1/],
    ['one method of all resources', rest, { ResourcePath: '/*', HttpMethod: 'GET' }, /Invalid method setting path: \/\*\/GET/],
    ['caching', rest, { ResourcePath: '/*', HttpMethod: '*', CachingEnabled: true }, /MethodSettings: property CachingEnabled is not supported/],
    ['a rate that is no number', rest, { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 'fast' }, /Invalid rate limit fast/],
  ])('is %s', async (_, make, settings, message) => {
    await expect(make(settings)).rejects.toThrow(message);
  });
});

it.each([
  ['a time-out above 29 s', { timeoutInMillis: 30_000 }, /a time-out of 30000 ms is refused/],
  ['a stream', { responseTransferMode: 'STREAM' }, /responseTransferMode of an integration is not supported/],
  ['another integration', { type: 'mock' }, /integration type mock is not supported/],
])('a REST API with %s is refused by name', async (_, changes, message) => {
  const { create } = gateway({});
  const paths = { '/a': { get: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri, ...changes } } } };
  await expect(create('AWS::ApiGateway::RestApi', { Name: 'r', Body: { paths } })).rejects.toThrow(message);
});
