import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throttleReference } from '../../../test/throttle-reference.ts';
import { msOfIso } from '../../core/time-format.ts';
import { periodEndMs, QuotaCounter } from './quota.ts';
import { admits, bucketOf } from './throttle.ts';
import { ClientUsage } from './usage-plan.ts';

const throttle = fc.record({ ratePerSec: fc.integer({ min: 1, max: 400 }), burst: fc.integer({ min: 1, max: 20 }) });

describe('an API key in a usage plan', () => {
  it('is admitted exactly as a reference computation says: method of the plan, plan, quota, method of the stage, account', () => {
    const limits = fc.record({ plan: throttle, method: throttle, stage: throttle, account: throttle, limit: fc.integer({ min: 0, max: 60 }) });
    const arrivals = fc.array(fc.record({ stepMs: fc.integer({ min: 0, max: 100 }), limited: fc.boolean() }), { maxLength: 200 });
    fc.assert(
      fc.property(limits, arrivals, ({ plan, method, stage, account, limit }, trace) => {
        const methods = new Map([['api/live', new Map([['GET /a', method]])]]);
        const client = new ClientUsage({ throttle: plan, methods, quota: { limit, offset: 0, period: 'DAY' } }, 0);
        const [stageBucket, accountBucket] = [bucketOf(stage, 0), bucketOf(account, 0)];
        const [ofMethod, ofPlan, ofStage, ofAccount] = [method, plan, stage, account].map(throttleReference);
        let [nowMs, counted] = [0, 0];
        for (const { stepMs, limited } of trace) {
          nowMs += stepMs;
          const refusal = client.take('api/live', limited ? 'GET /a' : 'GET /b', nowMs);
          const throttled = (limited && !ofMethod?.(nowMs)) || !ofPlan?.(nowMs);
          expect(refusal).toBe(throttled ? 'throttled' : counted >= limit ? 'quota-exceeded' : undefined);
          if (!throttled && counted < limit) counted++;
          if (refusal === undefined)
            expect(admits([stageBucket, accountBucket], nowMs)).toBe(ofStage?.(nowMs) === true && ofAccount?.(nowMs) === true);
        }
      }),
    );
  });

  it('has a quota that starts anew with the period, the first one shorter by the offset', () => {
    const startMs = msOfIso('2026-11-24T23:59:59.000Z');
    const quota = new QuotaCounter({ limit: 3, offset: 1, period: 'DAY' }, startMs);
    const taken = (nowMs: number): number => Array.from({ length: 5 }, () => quota.take(nowMs)).filter(Boolean).length;
    expect([taken(startMs), taken(startMs + 999), taken(startMs + 1000), taken(startMs + 2000)]).toEqual([2, 0, 3, 0]);
  });
});

it.each([
  ['DAY', '2026-11-24T10:00:00.000Z', '2026-11-25T00:00:00.000Z'],
  ['WEEK', '2026-11-24T10:00:00.000Z', '2026-11-29T00:00:00.000Z'],
  ['WEEK', '2026-11-29T00:00:00.000Z', '2026-12-06T00:00:00.000Z'],
  ['WEEK', '2026-11-28T23:59:59.999Z', '2026-11-29T00:00:00.000Z'],
  ['MONTH', '2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00.000Z'],
  ['MONTH', '2026-12-31T10:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['MONTH', '2028-02-29T10:00:00.000Z', '2028-03-01T00:00:00.000Z'],
] as const)('a %s of a quota with %s ends at %s', (period, now, end) => {
  expect(periodEndMs(period, msOfIso(now))).toBe(msOfIso(end));
});
