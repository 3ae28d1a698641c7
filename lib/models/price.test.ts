import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Numbers } from '../core/numbers.ts';
import { packageRoot } from '../core/package-root.ts';
import { actionMinutes, gbSeconds, httpApiRequests, priceOf, usdFor } from './price.ts';

const prices = Numbers.fromFile(join(packageRoot(), 'config', 'prices', 'us-east-1.yaml'));
const usd = (key: string, quantity: number): number => usdFor(priceOf(prices, key)!, quantity);

describe('list prices, by hand', () => {
  test('Lambda: 1 M invocations of 100 ms at 512 MB cost $0.20 and $0.83', () => {
    expect(usd('lambda.request', 1_000_000)).toBeCloseTo(0.2, 10);
    expect(gbSeconds(100_000_000, 512)).toBe(50_000);
    expect(usd('lambda.gb-second-x86', 50_000)).toBeCloseTo(0.833335, 10);
    expect(usd('lambda.gb-second-arm', 50_000)).toBeCloseTo(0.66667, 10);
  });

  test('HTTP API: $1.00 a million up to 300 M, then $0.90; a 10 MB call is 20 requests', () => {
    expect(usd('apigateway.http-request', 1_000_000)).toBeCloseTo(1, 10);
    expect(usd('apigateway.http-request', 300_000_000)).toBeCloseTo(300, 6);
    expect(usd('apigateway.http-request', 400_000_000)).toBeCloseTo(390, 6);
    const unitBytes = prices.number('apigateway.http-request-bytes');
    expect(httpApiRequests(1, 10 * 1024 * 1024, unitBytes)).toBe(20);
    expect(httpApiRequests(1000, 700_000, unitBytes)).toBe(1000);
  });

  test('an HTTP API is 71.4 % cheaper than a REST API below 300 M, and less so with each tier', () => {
    const share = (requests: number): number => 1 - usd('apigateway.http-request', requests) / usd('apigateway.rest-request', requests);
    const marginal = (at: number): number =>
      1 -
      (usd('apigateway.http-request', at + 1e6) - usd('apigateway.http-request', at)) /
        (usd('apigateway.rest-request', at + 1e6) - usd('apigateway.rest-request', at));
    expect(usd('apigateway.rest-request', 262_800_000)).toBeCloseTo(919.8, 6);
    expect(share(300_000_000)).toBeCloseTo(0.714, 3);
    expect([310e6, 500e6, 2e9, 25e9].map((at) => Number((100 * marginal(at)).toFixed(1)))).toEqual([74.3, 67.9, 62.2, 40.4]);
  });

  test('DynamoDB: 1,000 writes/s of 1 KB and 3,000 strong reads/s of 4 KB cost $2,628 in a month of 730 h', () => {
    const seconds = 730 * 3600;
    expect(usd('dynamodb.write-request-unit', 1000 * seconds) + usd('dynamodb.read-request-unit', 3000 * seconds)).toBeCloseTo(2628, 6);
  });

  test('DynamoDB provisioned: a WCU costs $0.4745 a month, a RCU $0.0949', () => {
    expect(usd('dynamodb.write-capacity-unit-hour', 730)).toBeCloseTo(0.4745, 10);
    expect(usd('dynamodb.read-capacity-unit-hour', 730)).toBeCloseTo(0.0949, 10);
  });

  test('instruments: FIS by the nearest minute, GetMetricData, logs, automation steps', () => {
    expect([0, 29_999, 30_000, 120_000, 150_000].map(actionMinutes)).toEqual([0, 0, 1, 2, 3]);
    expect(usd('fis.action-minute', 2)).toBeCloseTo(0.2, 10);
    expect(usd('cloudwatch.get-metric-data', 250)).toBeCloseTo(0.0025, 10);
    expect(usd('logs.ingested-gb', 0.5)).toBeCloseTo(0.25, 10);
    expect(usd('ssm.automation-step', 7)).toBeCloseTo(0.014, 10);
  });

  test('nothing costs nothing, and an unknown price is undefined', () => {
    expect(usd('apigateway.http-request', 0)).toBe(0);
    expect(priceOf(prices, 'sqs.requests')).toBeUndefined();
    const discounted = priceOf(prices.with({ 'lambda.request': 1e-7 }, 'site shop', '2026-11-24'), 'lambda.request');
    expect(discounted && usdFor(discounted, 3_000_000)).toBeCloseTo(0.3, 12);
  });
});
