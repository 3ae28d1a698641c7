import fc from 'fast-check';
import { expect, it } from 'vitest';
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
