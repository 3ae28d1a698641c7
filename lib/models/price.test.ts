import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Numbers } from '../core/numbers.ts';
import { packageRoot } from '../core/package-root.ts';
import { actionMinutes, gbSeconds, httpApiRequests, leastBilledMs, priceOf, provisionedGbSeconds, storedBytes, usdFor } from './price.ts';
import { expressBill } from './states/limits/express-billing.ts';

const prices = Numbers.fromFile(join(packageRoot(), 'config', 'prices', 'us-east-1.yaml'));
const usd = (key: string, quantity: number): number => usdFor(priceOf(prices, key)!, quantity);
const cents = (amount: number): string => amount.toFixed(2);
const million = 1_000_000;
const monthSec = prices.number('price.month-hours') * 3600;

describe("Lambda's worked examples", () => {
  test('pricing page: 3 M requests of 120 ms at 1,536 MB are 540,000 GB-s; what is above the free tier costs $2.33 and $0.40', () => {
    expect(gbSeconds(3 * million * 120, 1536)).toBe(540_000);
    expect([usd('lambda.gb-second-x86', 540_000 - 400_000), usd('lambda.request', 2 * million)].map(cents)).toEqual(['2.33', '0.40']);
  });

  test('pricing page: 1,000 of provisioned concurrency at 1 GB for 2 h, 1.2 M requests of a second: $30.00, $0.24, $11.67', () => {
    const held = provisionedGbSeconds(1000, 1024, 2 * 3_600_000, prices.number('lambda.provisioned-step-minutes'));
    const parts = [
      usd('lambda.provisioned-concurrency-gb-second-x86', held),
      usd('lambda.request', 1.2 * million),
      usd('lambda.provisioned-duration-gb-second-x86', gbSeconds(1.2 * million * 1000, 1024)),
    ];
    expect(parts.map(cents)).toEqual(['30.00', '0.24', '11.67']);
    expect(cents(parts.reduce((sum, each) => sum + each))).toBe('41.91');
    expect(provisionedGbSeconds(1, 1024, 300_001, 5)).toBe(600);
  });

  test('facts: 1 GB of provisioned concurrency costs $10.95 a month; 1 M requests of 100 ms at 512 MB $0.20 and $0.83', () => {
    expect(cents(usd('lambda.provisioned-concurrency-gb-second-x86', monthSec))).toBe('10.95');
    expect([usd('lambda.request', million), usd('lambda.gb-second-x86', gbSeconds(100 * million, 512))].map(cents)).toEqual(['0.20', '0.83']);
  });

  test('tiers: 20 billion GB-s on either architecture', () => {
    expect(cents(usd('lambda.gb-second-x86', 20e9))).toBe(cents(100_000.2 + 135_000 + 66_667));
    expect(cents(usd('lambda.gb-second-arm', 20e9))).toBe(cents(100_000.5 + 135_001.125 + 13_333.375));
  });

  test('ephemeral storage above 512 MB: 10 GB for 1 M seconds', () => {
    const extraMb = 10_240 - prices.number('lambda.storage-free-mb');
    expect(usd('lambda.storage-gb-second', gbSeconds(1000 * million, extraMb))).toBeCloseTo(0.29355, 6);
  });
});

describe("API Gateway's worked examples", () => {
  test('pricing page: 5 M REST requests cost $17.50', () => expect(cents(usd('apigateway.rest-request', 5 * million))).toBe('17.50'));

  test.each([
    [1, '9.20', '2.63'],
    [100, '919.80', '262.80'],
    [1000, '6907.74', '2395.20'],
    [10_000, '57735.90', '23682.00'],
  ])('facts: a month of %d requests a second costs $%s with REST and $%s with HTTP', (perSec, rest, http) => {
    expect([usd('apigateway.rest-request', perSec * monthSec), usd('apigateway.http-request', perSec * monthSec)].map(cents)).toEqual([rest, http]);
  });

  test('HTTP API: steps of 512 KB; a 10 MB call is 20 requests', () => {
    const unitBytes = prices.number('apigateway.http-request-bytes');
    expect(httpApiRequests(1, 10 * 1024 * 1024, unitBytes)).toBe(20);
    expect(httpApiRequests(1000, 700_000, unitBytes)).toBe(1000);
    expect(cents(usd('apigateway.http-request', 400 * million))).toBe('390.00');
  });

  test('facts: an HTTP API is 71.4 % cheaper than a REST API in the first tier, 40 % in the last', () => {
    const share = (from: number, to: number): number =>
      1 -
      (usd('apigateway.http-request', to) - usd('apigateway.http-request', from)) /
        (usd('apigateway.rest-request', to) - usd('apigateway.rest-request', from));
    expect([share(0, 300e6), share(25e9, 26e9)].map((each) => Number((100 * each).toFixed(1)))).toEqual([71.4, 40.4]);
  });
});

describe("DynamoDB's worked examples", () => {
  test('pricing page: 3.55 M writes and as many reads on demand, at the prices since November 2024', () =>
    expect([usd('dynamodb.write-request-unit', 3.55 * million), usd('dynamodb.read-request-unit', 3.55 * million)].map(cents)).toEqual([
      '2.22',
      '0.44',
    ]));

  test('facts: 1,000 writes/s and 3,000 strong reads/s cost $2,628 a month on demand, $1,085 provisioned at 70 %', () => {
    expect(cents(usd('dynamodb.write-request-unit', 1000 * monthSec) + usd('dynamodb.read-request-unit', 3000 * monthSec))).toBe('2628.00');
    const hours = monthSec / 3600;
    const provisioned =
      usd('dynamodb.write-capacity-unit-hour', (1000 / 0.7) * hours) + usd('dynamodb.read-capacity-unit-hour', (3000 / 0.7) * hours);
    expect(provisioned.toFixed(0)).toBe('1085');
    expect([usd('dynamodb.write-capacity-unit-hour', hours), usd('dynamodb.read-capacity-unit-hour', hours)]).toEqual([
      expect.closeTo(0.4745, 10),
      expect.closeTo(0.0949, 10),
    ]);
  });

  test('storage: 4 GB cost $1.00 a month, and 100 bytes are added to each item', () => {
    expect(cents(usd('dynamodb.storage-gb-month', 4))).toBe('1.00');
    expect(storedBytes(412, 1000, prices.number('dynamodb.item-overhead-bytes'))).toBe(100_412);
  });
});

describe("Step Functions' worked examples", () => {
  const express = (executions: number, seconds: number): number =>
    usd('states.express-request', executions) + usd('states.express-gb-second', executions * gbSeconds(seconds * 1000, 64));

  test('pricing page: 396,000 transitions above the free tier cost $9.90', () =>
    expect(cents(usd('states.standard-transition', 396_000))).toBe('9.90'));

  test('pricing page: 1 M Express executions of 30 s cost $32.25, 100 M of 10 s $482.97', () => {
    expect(cents(express(million, 30))).toBe('32.25');
    const tiers = [3_600_000, 18_000_000, 62_500_000].map((gbSec) => usd('states.express-gb-second', gbSec));
    expect(tiers.map((each, index) => cents(each - (tiers[index - 1] ?? 0)))).toEqual(['60.00', '120.00', '202.97']);
    expect(cents(express(100 * million, 10))).toBe('482.97');
  });

  test('pricing page: 400 steps of 32 KB and 50 KB of definition are 62.85 MB, billed as 64 MB; steps of 100 ms', () => {
    const bill = expressBill(9_901, 50 * 1024, 400 * 32 * 1024, { durationStepMs: 100, memoryStepMb: 64, memoryBaseMb: 50 });
    expect(bill).toMatchObject({ billedMemoryMb: 64, billedDurationMs: 10_000 });
    expect(bill.memoryMb).toBeCloseTo(62.85, 2);
  });

  test.each([
    [10, 2, '25.00', '0.31'],
    [12, 3, '30.00', '0.41'],
    [15, 5, '37.50', '0.62'],
    [20, 30, '50.00', '3.23'],
  ])('facts: 100,000 orders of %d transitions or %d s cost $%s with Standard, $%s with Express', (transitions, seconds, standard, asExpress) =>
    // The table reckons with the Price List's $0.00001667 a GB-s, which differs from the page's $0.06 a GB-hour in the sixth digit.
    expect([usd('states.standard-transition', 100_000 * transitions), express(100_000, seconds) + 1e-9].map(cents)).toEqual([standard, asExpress]),
  );

  test("facts: by the Price List's price of a GB-s, 1 M orders of 30 s cost $32.26", () => {
    const listed = priceOf(
      prices.with({ 'states.express-gb-second': { per: 1, 0: 0.00001667 } }, 'Price List', '2026-09-06'),
      'states.express-gb-second',
    );
    expect(cents(usd('states.express-request', million) + usdFor(listed!, million * gbSeconds(30_000, 64)))).toBe('32.26');
  });

  test('facts: 3 transitions saved in 1,000 runs are $0.075, the nested Express execution of 11.3 s costs $0.0000118 and a request', () => {
    expect(usd('states.standard-transition', 3000)).toBeCloseTo(0.075, 12);
    expect(usd('states.express-gb-second', gbSeconds(11_300, 64))).toBeCloseTo(0.00001177, 7);
  });
});

describe("SQS's worked examples", () => {
  test.each([
    [million, '1.20', '0.12', '1.50'],
    [100 * million, '120.00', '12.00', '150.00'],
    [26.28e9, '31536.00', '3153.60', '39420.00'],
  ])('facts: %d messages sent, received and deleted: $%s, in tens $%s, FIFO $%s', (messages, single, tens, fifo) =>
    expect([usd('sqs.request', 3 * messages), usd('sqs.request', (3 * messages) / 10), usd('sqs.fifo-request', 3 * messages)].map(cents)).toEqual([
      single,
      tens,
      fifo,
    ]),
  );

  test('facts: an idle poller costs $0.0017 a day with long polling, $0.35 at one receive each 100 ms', () => {
    expect([usd('sqs.request', 4320).toFixed(4), cents(usd('sqs.request', 864_000))]).toEqual(['0.0017', '0.35']);
  });

  test('tiers: 300 billion requests', () => {
    expect([cents(usd('sqs.request', 300e9)), cents(usd('sqs.fifo-request', 300e9))]).toEqual([cents(94_000), cents(125_000)]);
  });
});

describe('the instruments', () => {
  test('FIS pricing page: two actions of 20 minutes and one of 10 are 50 action-minutes, $5; minutes are rounded to the nearest', () => {
    expect(
      cents(
        usd(
          'fis.action-minute',
          [20, 20, 10].reduce((sum, minutes) => sum + actionMinutes(minutes * 60_000), 0),
        ),
      ),
    ).toBe('5.00');
    expect([0, 29_999, 30_000, 120_000, 150_000].map(actionMinutes)).toEqual([0, 0, 1, 2, 3]);
  });

  test('CloudWatch pricing page: 72 TB of vended logs cost $5,120 + $5,120 + $2,048 + $1,126.40', () =>
    expect(cents(usd('logs.ingested-gb', 72 * 1024))).toBe('13414.40'));

  test('CloudWatch: 70 metrics $21, 100,000 $12,000; 250 metrics read; alarms of either resolution; requests', () => {
    expect([usd('cloudwatch.custom-metric-month', 70), usd('cloudwatch.custom-metric-month', 100_000)].map(cents)).toEqual(['21.00', '12000.00']);
    expect(usd('cloudwatch.get-metric-data', 250)).toBeCloseTo(0.0025, 10);
    expect(
      [usd('cloudwatch.alarm-month', 10), usd('cloudwatch.high-resolution-alarm-month', 10), usd('cloudwatch.request', 1000)].map(cents),
    ).toEqual(['1.00', '3.00', '0.01']);
  });

  test('Automation: steps, and seconds of scripts', () => {
    expect([usd('ssm.automation-step', 7), usd('ssm.automation-script-second', 1000)]).toEqual([expect.closeTo(0.014, 10), expect.closeTo(0.03, 10)]);
  });
});

describe('every price', () => {
  const keys = prices.keys().filter((key) => typeof prices.entry(key).value === 'object' && key !== 'lambda.init-ms');
  const quantity = fc.double({ min: 0, max: 1e12, noNaN: true });

  test('grows with the quantity, is never below 0 or NaN, and never above its first tier', () =>
    fc.assert(
      fc.property(fc.constantFrom(...keys), quantity, quantity, (key, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        const first = priceOf(prices, key)!.tiers[0]!.usdPerUnit;
        expect(usd(key, less)).toBeGreaterThanOrEqual(0);
        expect(usd(key, more)).toBeGreaterThanOrEqual(usd(key, less));
        expect(usd(key, more)).toBeLessThanOrEqual(first * more * (1 + 1e-9));
      }),
    ));

  test('is additive below the first boundary', () =>
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (key, a, b) => {
        const boundary = priceOf(prices, key)!.tiers[1]?.from ?? 1e12;
        const [one, other] = [(a * boundary) / 2, (b * boundary) / 2];
        const sum = usd(key, one) + usd(key, other);
        expect(Math.abs(usd(key, one + other) - sum)).toBeLessThanOrEqual(1e-12 + sum * 1e-9);
      }),
    ));
});

test('nothing costs nothing, an unknown price is undefined, a site can have its own', () => {
  expect(usd('apigateway.http-request', 0)).toBe(0);
  expect(priceOf(prices, 'sqs.requests')).toBeUndefined();
  const discounted = priceOf(prices.with({ 'lambda.request': 1e-7 }, 'site shop', '2026-11-24'), 'lambda.request');
  expect(discounted && usdFor(discounted, 3_000_000)).toBeCloseTo(0.3, 12);
});

test('an invocation is billed a millisecond at least', () => {
  expect([leastBilledMs(100, 200, 1), leastBilledMs(300.5, 200, 1), leastBilledMs(0, 0, 1)]).toEqual([200, 300.5, 0]);
});
