import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DeleteFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';
import { metricSums } from './metric-sums.ts';

const folder = join(packageRoot(), 'test/conformance/functions/apis');
let lab: RunningLab;
let url: string;
let apiId: string;

beforeAll(async () => {
  const files = ['rest.yaml', 'rest-parts.yaml'].map((name) => ({ file: join(folder, name), stackName: name.slice(0, -5) }));
  lab = await startTestLab({ timeScale: 50, stacks: files });
  const client = new CloudFormationClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'rest' }));
  url = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'Url')?.OutputValue ?? '';
  apiId = url.split('/').at(-2) ?? '';
  client.destroy();
});

afterAll(() => lab?.stop());

async function get(path: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const response = await fetch(`${url}${path}`, { headers });
  const text = await response.text();
  return [response.status, response.status === 200 ? '' : text];
}

const tooMany: [number, string] = [429, '{"message":"Too Many Requests"}'];

it('answers at the URL of its outputs, below the endpoint, with the stages that SAM makes', async () => {
  expect(url).toBe(`${lab.endpoint}/_api/${apiId}/live`);
  expect(Object.keys(lab.frontDoors())).toEqual(['shop/Stage', 'shop/live', 'parts/v1']);
  expect((await get('/orders/1'))[0]).toBe(200);
});

it('sends its function payload format 1.0', async () => {
  const response = await fetch(`${url}/orders/a%20b?x=1&x=2&y=z`, {
    method: 'POST',
    headers: { 'X-Mixed': 'Value', 'Content-Type': 'application/octet-stream', 'User-Agent': 'test' },
    body: 'ten bytes!',
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('x-amz-apigw-id')).toBeTruthy();
  const domainName = `${apiId}.execute-api.us-east-1.amazonaws.com`;
  expect(await response.json()).toMatchObject({
    resource: '/orders/{id}',
    path: '/orders/a b',
    httpMethod: 'POST',
    headers: { 'X-Mixed': 'Value', Host: domainName, 'X-Forwarded-Proto': 'https' },
    multiValueHeaders: { 'X-Mixed': ['Value'] },
    queryStringParameters: { x: '2', y: 'z' },
    multiValueQueryStringParameters: { x: ['1', '2'], y: ['z'] },
    pathParameters: { id: 'a b' },
    stageVariables: { color: 'blue' },
    requestContext: {
      resourcePath: '/orders/{id}',
      path: '/live/orders/a b',
      stage: 'live',
      apiId,
      domainName,
      requestId: response.headers.get('x-amzn-requestid'),
      identity: { userAgent: 'test' },
    },
    body: 'ten bytes!',
    isBase64Encoded: false,
  });
});

describe('what the client sees', () => {
  it.each([
    ['/orders/throw', 502, '{"message": "Internal server error"}'],
    ['/orders/malformed', 502, '{"message": "Internal server error"}'],
    ['/slow', 504, '{"message": "Endpoint request timed out"}'],
    ['/nothing', 403, '{"message":"Missing Authentication Token"}'],
    ['/../other/orders/1', 403, '{"message":"Forbidden"}'],
    ['/keyed/1', 403, '{"message":"Forbidden"}'],
  ])('of %s: %i', async (path, status, body) => {
    expect(await get(path)).toEqual([status, body]);
  });

  it('of a method that the resource does not have, and of the type of the error', async () => {
    const response = await fetch(`${url}/orders/1`, { method: 'DELETE' });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([403, 'MissingAuthenticationTokenException']);
  });

  it('of a throttled function: 500', async () => {
    const lambda = new LambdaClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'orders', ReservedConcurrentExecutions: 0 }));
    expect(await get('/orders/1')).toEqual([500, '{"message": "Internal server error"}']);
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'orders' }));
    lambda.destroy();
  });

  it('of payloads: 413 above 10 MB, and for an event above the 6 MB of Lambda; 502 for an answer above them', async () => {
    const post = async (bytes: number): Promise<number> => (await fetch(`${url}/large`, { method: 'POST', body: Buffer.alloc(bytes, 'x') })).status;
    expect([await post(10 * 1024 * 1024 + 1), await post(6 * 1024 * 1024), await post(5 * 1024 * 1024)]).toEqual([413, 413, 200]);
    expect((await get(`/large?bytes=${6 * 1024 * 1024}`))[0]).toBe(502);
  });
});

it('lets the function run on after its 504', async () => {
  const [before = 0] = await metricSums(lab, 'AWS/Lambda', ['Duration'], { FunctionName: 'orders' });
  expect((await get('/slow'))[0]).toBe(504);
  await vi.waitFor(async () => {
    const [duration = 0] = await metricSums(lab, 'AWS/Lambda', ['Duration'], { FunctionName: 'orders' });
    expect(duration - before).toBeGreaterThan(390);
  });
});

it("throttles a method by its own setting, counts it by method, and doesn't charge it", async () => {
  const names = ['Count', '4XXError', '5XXError'];
  const api = { ApiName: 'shop' };
  const [before, metered] = [await metricSums(lab, 'AWS/ApiGateway', names, api), lab.meter.total(apiId, 'apigateway.rest-request')];
  const answers = [await get('/throttled'), await get('/throttled'), await get('/throttled'), await get('/orders/throw'), await get('/nothing')];
  expect(answers.map(([status]) => status)).toEqual([200, 200, 429, 502, 403]);
  expect(answers[2]).toEqual(tooMany);
  const after = await metricSums(lab, 'AWS/ApiGateway', names, api);
  expect(after.map((sum, i) => sum - (before[i] ?? 0))).toEqual([5, 2, 1]);
  expect(await metricSums(lab, 'AWS/ApiGateway', names, { ...api, Stage: 'live' })).toEqual(after);
  const method = { ...api, Stage: 'live', Method: 'GET', Resource: '/throttled' };
  expect(await metricSums(lab, 'AWS/ApiGateway', names, method)).toEqual([3, 1, 0]);
  expect(lab.meter.total(apiId, 'apigateway.rest-request') - metered).toBe(3);
  const [latencies = 0] = await metricSums(lab, 'AWS/ApiGateway', ['IntegrationLatency'], method);
  expect(latencies).toBeGreaterThan(0);
});

it('asks the key, then its limits: method of the plan, plan, quota', async () => {
  const key = { 'x-api-key': 'key-number-one-0123456789' };
  const forbidden = [403, '{"message":"Forbidden"}'];
  for (const value of ['nobody', 'key-number-two-0123456789', 'key-number-three-0123456789'])
    expect(await get('/keyed/1', { 'x-api-key': value })).toEqual(forbidden);
  const limited = [await get('/limited', key), await get('/limited', key), await get('/limited', key)];
  expect(limited.map(([status]) => status)).toEqual([200, 200, 429]);
  expect(limited[2]).toEqual(tooMany);
  const keyed: [number, string][] = [];
  for (let i = 0; i < 5; i++) keyed.push(await get('/keyed/1', key));
  expect(keyed.map(([status]) => status)).toEqual([200, 200, 429, 429, 429]);
  expect(keyed[2]).toEqual([429, '{"message":"Limit Exceeded"}']);
  expect(keyed[4]).toEqual(tooMany);
  expect((await get('/orders/1', key))[0]).toBe(200);
});

it("is made of CloudFormation's own parts too", async () => {
  const base = lab.frontDoors()['parts/v1'];
  const response = await fetch(`${base}/items/7`);
  expect([response.status, ((await response.json()) as { pathParameters: unknown }).pathParameters]).toEqual([200, { id: '7' }]);
  expect((await fetch(`${base}/items`)).status).toBe(403);
});

it.each([
  ['binary types', 'RestApi', '{Name: a, BinaryMediaTypes: ["image/png"]}', /BinaryMediaTypes of AWS::ApiGateway::RestApi is not supported/],
  ['a deployment of nothing', 'Deployment', '{RestApiId: !Ref Api}', /The REST API doesn't contain any methods/],
  ['a key without a value', 'ApiKey', '{Enabled: true}', /an API key without Value is not supported/],
  ['a key that is too short', 'ApiKey', '{Value: short}', /API Key value should be at least 20 characters/],
  ['a plan of a stage that is not there', 'UsagePlan', '{ApiStages: [{ApiId: !Ref Api, Stage: v1}]}', /API Stage not found: [a-z0-9]{10}:v1/],
])('refuses %s', async (_, type, properties, message) => {
  const client = new CloudFormationClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  const text = `Resources:\n  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n  It: {Type: AWS::ApiGateway::${type}, Properties: ${properties}}\n`;
  const StackName = `refused-${message.source.length}-${type.toLowerCase()}`;
  const refusal = await client.send(new CreateStackCommand({ StackName, TemplateBody: text })).then(
    async () => (await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatusReason ?? '',
    (thrown: Error) => thrown.message,
  );
  client.destroy();
  expect(refusal).toMatch(message);
});
