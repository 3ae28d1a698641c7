import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';
import { ConcurrencyPool } from './concurrency.ts';

const limits = {
  account: 1000,
  unreservedMinimum: 100,
  scalingEnvironments: 1000,
  scalingPeriodSec: 10,
  invocationsPerConcurrency: 10,
  invocationBurstSec: 1,
};

describe('concurrency pool', () => {
  it('carves reserved concurrency out of the account and names the limit that throttles', () => {
    const pool = new ConcurrencyPool({ account: 110, unreservedMinimum: 100 });
    expect(pool.reserve('hot', 10)).toBe(true);
    expect(pool.reserve('hot', 11)).toBe(false);
    expect(pool.reserve('other', 1)).toBe(false);
    expect(pool.reservedOf('hot')).toBe(10);
    for (let i = 0; i < 10; i++) expect(pool.enter('hot')).toBeUndefined();
    expect(pool.enter('hot')).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
    for (let i = 0; i < 100; i++) expect(pool.enter('other')).toBeUndefined();
    expect(pool.enter('other')).toBe('ConcurrentInvocationLimitExceeded');
    pool.leave('other');
    expect(pool.enter('third')).toBeUndefined();
  });

  it('keeps 0 and none apart', () => {
    const pool = new ConcurrencyPool(limits);
    pool.reserve('off', 0);
    expect(pool.enter('off')).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
    expect(pool.reservedOf('off')).toBe(0);
    pool.reserve('off', undefined);
    expect(pool.reservedOf('off')).toBeUndefined();
    expect(pool.enter('off')).toBeUndefined();
  });

  it('counts right whatever comes and goes: no function above its reservation, no more unreserved than the rest', () => {
    const names = ['a', 'b', 'c'];
    const name = fc.constantFrom(...names);
    const step = fc.oneof(
      fc.record({ do: fc.constant('enter' as const), name }),
      fc.record({ do: fc.constant('leave' as const), name }),
      fc.record({ do: fc.constant('reserve' as const), name, to: fc.option(fc.nat(12), { nil: undefined }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const pool = new ConcurrencyPool({ account: 20, unreservedMinimum: 5 });
        const running = new Map(names.map((each) => [each, 0]));
        for (const each of steps) {
          const before = running.get(each.name) ?? 0;
          if (each.do === 'reserve') pool.reserve(each.name, each.to);
          else if (each.do === 'leave' && before > 0) {
            pool.leave(each.name);
            running.set(each.name, before - 1);
          } else if (each.do === 'enter') {
            const limit = pool.reservedOf(each.name);
            const unreserved = names.filter((n) => pool.reservedOf(n) === undefined).reduce((sum, n) => sum + (running.get(n) ?? 0), 0);
            const admits = limit === undefined ? unreserved < pool.unreservedLimit : before < limit;
            expect(pool.enter(each.name) === undefined).toBe(admits);
            if (admits) running.set(each.name, before + 1);
          }
          expect(pool.running).toBe([...running.values()].reduce((sum, n) => sum + n, 0));
          expect(pool.unreservedLimit).toBeGreaterThanOrEqual(5);
        }
      }),
    );
  });
});

describe('admission', () => {
  const scaled = (admission: Admission, nowMs: number, attempts: number): number =>
    Array.from({ length: attempts }, () => admission.scale('f', nowMs)).filter((reason) => reason === undefined).length;

  it('lets a function scale by 1,000 environments per 10 s, continuously, and banks nothing', () => {
    const admission = new Admission(limits);
    expect(scaled(admission, 0, 3000)).toBe(1000);
    expect(admission.scale('f', 0)).toBe('FunctionInvocationRateLimitExceeded');
    expect(admission.scale('g', 0)).toBeUndefined();
    expect(scaled(admission, 1000, 3000)).toBe(100);
    expect(scaled(admission, 11_000, 3000)).toBe(1000);
    expect(scaled(admission, 3_600_000, 3000)).toBe(1000);
  });

  it('caps synchronous invocations at ten a second for each unit of concurrency', () => {
    const admission = new Admission(limits);
    admission.pool.reserve('f', 2);
    const short = (nowMs: number): string | undefined => {
      const reason = admission.enter('f', nowMs);
      if (reason === undefined) admission.pool.leave('f');
      return reason;
    };
    const reasons = Array.from({ length: 21 }, () => short(0));
    expect(reasons.slice(0, 20).every((reason) => reason === undefined)).toBe(true);
    expect(reasons[20]).toBe('ReservedFunctionInvocationRateLimitExceeded');
    expect(admission.pool.running).toBe(0);
    expect(short(1000)).toBeUndefined();
    const all = Array.from({ length: 10_000 }, () => admission.enter('g', 1000) === undefined && admission.pool.leave('g') === undefined);
    expect(all.filter(Boolean).length).toBe(9980);
  });
});
