import { join } from 'node:path';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

let lab: RunningLab;
let url: string;

beforeAll(async () => {
  lab = await startTestLab({ stacks: [{ file: join(packageRoot(), 'test/conformance/functions/template.yaml'), stackName: 'shop' }] });
  const [door] = Object.values(lab.frontDoors());
  url = door ?? '';
});

afterAll(() => lab?.stop());

describe('the event', () => {
  it('has payload format 2.0', async () => {
    const response = await fetch(`${url}/echo/a%20b?x=1&x=2&y=z`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Mixed': 'Value', Cookie: 'a=1; b=2', 'User-Agent': 'test' },
      body: '{"n":1}',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const requestId = response.headers.get('apigw-requestid');
    const apiId = url.split('/').at(-1);
    const domainName = `${apiId}.execute-api.us-east-1.amazonaws.com`;
    expect(await response.json()).toMatchObject({
      version: '2.0',
      routeKey: 'POST /echo/{id}',
      rawPath: '/echo/a b',
      rawQueryString: 'x=1&x=2&y=z',
      cookies: ['a=1', 'b=2'],
      headers: { 'content-type': 'application/json', 'x-mixed': 'Value', host: domainName, 'x-forwarded-proto': 'https', 'content-length': '7' },
      queryStringParameters: { x: '1,2', y: 'z' },
      pathParameters: { id: 'a b' },
      requestContext: {
        accountId: '000000000000',
        apiId,
        domainName,
        http: { method: 'POST', path: '/echo/a b', protocol: 'HTTP/1.1', userAgent: 'test' },
        requestId,
        routeKey: 'POST /echo/{id}',
        stage: '$default',
      },
      body: '{"n":1}',
      isBase64Encoded: false,
    });
  });

  it('carries bytes in base64', async () => {
    const response = await fetch(`${url}/echo/1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: new Uint8Array([255, 0, 1]),
    });
    expect(await response.json()).toMatchObject({ body: '/wAB', isBase64Encoded: true });
  });
});

describe('what the client sees', () => {
  it('of a response with status, headers and cookies', async () => {
    const response = await fetch(`${url}/echo/made`);
    expect(response.status).toBe(201);
    expect(response.headers.get('x-made')).toBe('yes');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('made');
  });

  it.each([
    ['/echo/throw', 500, 'Internal Server Error'],
    ['/echo/malformed', 500, 'Internal Server Error'],
    ['/nothing/here', 404, 'Not Found'],
    ['/impatient/slow', 503, 'Service Unavailable'],
  ])('of %s: %i', async (path, status, message) => {
    const response = await fetch(`${url}${path}`);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message });
    expect(response.headers.get('apigw-requestid')).toBeTruthy();
  });

  it('of a throttled function: 503', async () => {
    const lambda = new LambdaClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'echo', ReservedConcurrentExecutions: 0 }));
    const response = await fetch(`${url}/echo/1`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: 'Service Unavailable' });
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'echo' }));
    lambda.destroy();
    expect((await fetch(`${url}/echo/1`)).status).toBe(200);
  });

  it('of a body above 10 MB: 413', async () => {
    const response = await fetch(`${url}/echo/1`, { method: 'POST', body: new Uint8Array(10 * 1024 * 1024 + 1) });
    expect(response.status).toBe(413);
  });
});

it('is counted in AWS/ApiGateway, by API and by stage, and metered', async () => {
  const apiId = url.split('/').at(-1) ?? '';
  const startMs = lab.context.clock.now();
  const before = await count([{ Name: 'ApiId', Value: apiId }], startMs);
  const metered = lab.meter.total(apiId, 'apigateway.http-request');
  for (const path of ['/echo/1', '/echo/throw', '/nothing']) await fetch(`${url}${path}`);
  vi.spyOn(lab.context, 'call').mockRejectedValueOnce(new TypeError('a defect of the lab'));
  expect((await fetch(`${url}/echo/1`)).status).toBe(500);
  vi.restoreAllMocks();
  const after = await count([{ Name: 'ApiId', Value: apiId }], startMs);
  expect(after.map((value, i) => value - (before[i] ?? 0))).toEqual([4, 1, 2]);
  const stage = [
    { Name: 'ApiId', Value: apiId },
    { Name: 'Stage', Value: '$default' },
  ];
  expect(await count(stage, startMs)).toEqual(after);
  expect(lab.meter.total(apiId, 'apigateway.http-request') - metered).toBe(3);

  async function count(Dimensions: { Name: string; Value: string }[], sinceMs: number): Promise<number[]> {
    const cloudwatch = new CloudWatchClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
    const StartTime = new Date(Math.floor(sinceMs / 60_000) * 60_000);
    const EndTime = new Date(StartTime.getTime() + 600_000);
    const sums: number[] = [];
    for (const MetricName of ['Count', '4xx', '5xx']) {
      const input = { Namespace: 'AWS/ApiGateway', MetricName, Dimensions, StartTime, EndTime, Period: 60, Statistics: ['Sum' as const] };
      const { Datapoints = [] } = await cloudwatch.send(new GetMetricStatisticsCommand(input));
      sums.push(Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0));
    }
    cloudwatch.destroy();
    return sums;
  }
});

it('takes at least its modelled time where the lab delays, and publishes how much more it took', async () => {
  const slow = await startTestLab({ delays: true, stacks: [{ file: join(packageRoot(), 'test/conformance/functions/template.yaml') }] });
  try {
    const [door] = Object.values(slow.frontDoors());
    const startedAt = performance.now();
    expect((await fetch(`${door}/echo/1`)).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(80);
    const warm = performance.now();
    expect((await fetch(`${door}/echo/1`)).status).toBe(200);
    expect(performance.now() - warm).toBeLessThan(300);
    const cloudwatch = new CloudWatchClient({ region: 'us-east-1', endpoint: slow.endpoint, credentials });
    const times = { StartTime: new Date(Date.now() - 120_000), EndTime: new Date(Date.now() + 120_000), Period: 60 };
    for (const operation of ['apigateway.Request', 'lambda.Invoke']) {
      const series = { Namespace: 'Proofload/Lab', MetricName: 'Excess', Dimensions: [{ Name: 'Operation', Value: operation }] };
      const input = { ...series, ...times, Statistics: ['SampleCount' as const, 'Minimum' as const] };
      const { Datapoints = [] } = await cloudwatch.send(new GetMetricStatisticsCommand(input));
      expect(Datapoints.reduce((sum, { SampleCount = 0 }) => sum + SampleCount, 0)).toBe(2);
      // Of the better of the two: the cold one waits for whatever else this machine does.
      expect(Math.min(...Datapoints.map(({ Minimum = Number.NaN }) => Minimum))).toBeLessThan(100);
    }
    cloudwatch.destroy();
  } finally {
    await slow.stop();
  }
});
