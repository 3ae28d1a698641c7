import { join } from 'node:path';
import { CloudFormationClient, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';
import { metricSums } from './metric-sums.ts';

const template = join(packageRoot(), 'test/conformance/functions/apis/http.yaml');
let lab: RunningLab;
let url: string;
let apiId: string;

beforeAll(async () => {
  lab = await startTestLab({ timeScale: 100, stacks: [{ file: template, stackName: 'shop' }] });
  url = Object.values(lab.frontDoors())[0] ?? '';
  apiId = url.split('/').at(-1) ?? '';
});

afterAll(() => lab?.stop());

async function statuses(path: string, count: number, method = 'GET', base = url): Promise<Record<number, number>> {
  const tally: Record<number, number> = {};
  for (let i = 0; i < count; i++) {
    const response = await fetch(`${base}${path}`, { method });
    if (response.status === 429) expect(await response.json()).toEqual({ message: 'Too Many Requests' });
    else await response.arrayBuffer();
    tally[response.status] = (tally[response.status] ?? 0) + 1;
  }
  return tally;
}

describe('throttles', () => {
  it("of a route with its own come before the stage's standard, which each other route has for itself", async () => {
    expect(await statuses('/orders', 5, 'POST')).toEqual({ 200: 3, 429: 2 });
    expect(await statuses('/orders/1', 10)).toEqual({ 200: 8, 429: 2 });
    expect(await statuses('/nothing', 2)).toEqual({ 404: 2 });
  });

  it('are counted as 4xx, by route where detailed metrics are on, and are not charged', async () => {
    const names = ['Count', '4xx', '5xx'];
    expect(await metricSums(lab, 'AWS/ApiGateway', names, { ApiId: apiId })).toEqual([17, 6, 0]);
    expect(await metricSums(lab, 'AWS/ApiGateway', names, { ApiId: apiId, Stage: '$default' })).toEqual([17, 6, 0]);
    const route = { ApiId: apiId, Stage: '$default', Method: 'POST', Resource: '/orders' };
    expect(await metricSums(lab, 'AWS/ApiGateway', names, route)).toEqual([5, 2, 0]);
    expect(await metricSums(lab, 'AWS/ApiGateway', ['Count'], { ...route, Method: 'GET', Resource: '/orders/{id}' })).toEqual([0]);
    expect(lab.meter.total(apiId, 'apigateway.http-request')).toBe(13);
  });

  it('of the account are shared by all APIs', async () => {
    const quotas = lab.context.quotas.with({ 'apigateway.account-burst': 4, 'apigateway.account-rate': 0.001 }, 'test', '2026-11-24');
    const stacks = ['a', 'b'].map((stackName) => ({ file: template, stackName, parameters: { Name: stackName } }));
    const small = await startTestLab({ quotas, stacks });
    try {
      const [first, second] = Object.values(small.frontDoors());
      expect(await statuses('/nothing', 3, 'GET', first)).toEqual({ 404: 3 });
      expect(await statuses('/orders/1', 3, 'GET', second)).toEqual({ 200: 1, 429: 2 });
    } finally {
      await small.stop();
    }
  });
});

it('lets the function run on after its own time-out: the client has its 503, and Lambda the whole duration', async () => {
  const before = await metricSums(lab, 'AWS/Lambda', ['Duration'], { FunctionName: 'orders' });
  const response = await fetch(`${url}/slow`);
  expect([response.status, await response.json()]).toEqual([503, { message: 'Service Unavailable' }]);
  await vi.waitFor(async () => {
    const [duration = 0] = await metricSums(lab, 'AWS/Lambda', ['Duration'], { FunctionName: 'orders' });
    expect(duration - (before[0] ?? 0)).toBeGreaterThan(390);
  });
  expect(await metricSums(lab, 'AWS/Lambda', ['Errors'], { FunctionName: 'orders' })).toEqual([0]);
});

describe('what the client sees of a payload', () => {
  it.each([
    [10 * 1024 * 1024 + 1, 413],
    [6 * 1024 * 1024, 413],
    [5 * 1024 * 1024, 200],
  ])('of %i bytes sent: %i', async (bytes, status) => {
    const headers = { 'content-type': 'text/plain' };
    const response = await fetch(`${url}/large`, { method: 'POST', headers, body: Buffer.alloc(bytes, 'x') });
    expect(response.status).toBe(status);
    if (status === 413) expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
  });

  it("above Lambda's 6 MB in the answer: 500", async () => {
    expect((await fetch(`${url}/large?bytes=${6 * 1024 * 1024}`)).status).toBe(500);
    expect((await fetch(`${url}/large?bytes=${5 * 1024 * 1024}`)).status).toBe(200);
  });
});

it('has new, full buckets once an update of the stack changes its throttles', async () => {
  const client = new CloudFormationClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  const Parameters = [{ ParameterKey: 'OrderBurst', ParameterValue: '2' }];
  const update = {
    StackName: 'shop',
    UsePreviousTemplate: true,
    Parameters,
    Capabilities: ['CAPABILITY_IAM' as const, 'CAPABILITY_AUTO_EXPAND' as const],
  };
  await client.send(new UpdateStackCommand(update));
  client.destroy();
  expect(await statuses('/orders', 4, 'POST')).toEqual({ 200: 2, 429: 2 });
});
