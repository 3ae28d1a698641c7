import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throttleReference } from '../../../test/throttle-reference.ts';
import { admits, bucketOf, StageBuckets } from './throttle.ts';

const throttle = fc.record({ ratePerSec: fc.integer({ min: 1, max: 400 }), burst: fc.integer({ min: 1, max: 30 }) });
const arrivals = fc.array(fc.record({ stepMs: fc.integer({ min: -20, max: 120 }), route: fc.integer({ min: 0, max: 3 }) }), { maxLength: 300 });

describe('throttles', () => {
  it('admit exactly what a reference computation admits, for any arrivals on any routes of any stage', () => {
    const settings = fc.record({ standard: fc.option(throttle, { nil: undefined }), own: throttle, account: throttle });
    fc.assert(
      fc.property(settings, arrivals, ({ standard, own, account }, trace) => {
        const stage = new StageBuckets({ standard, own: new Map([['1', own]]) });
        const accountBucket = bucketOf(account, 0);
        const routes = [0, 1, 2, 3].map((route) => (route === 1 ? throttleReference(own) : standard && throttleReference(standard)));
        const accountReference = throttleReference(account);
        let nowMs = 0;
        for (const { stepMs, route } of trace) {
          nowMs = Math.max(0, nowMs + stepMs);
          const admitted = admits([stage.of(String(route), 0), accountBucket], nowMs);
          const ofRoute = routes[route];
          expect(admitted).toBe((ofRoute === undefined || ofRoute(nowMs)) && accountReference(nowMs));
        }
      }),
    );
  });

  it('give a burst of the account 5,000 and then 10,000 a second', () => {
    const account = bucketOf({ ratePerSec: 10_000, burst: 5000 }, 0);
    const admitted = (nowMs: number, requests: number): number =>
      Array.from({ length: requests }, () => admits([undefined, account], nowMs)).filter(Boolean).length;
    expect(admitted(0, 20_000)).toBe(5000);
    expect(admitted(250, 20_000)).toBe(2500);
  });

  it('keep what a route took although the account refused', () => {
    const [route, account] = [bucketOf({ ratePerSec: 1, burst: 2 }, 0), bucketOf({ ratePerSec: 1, burst: 1 }, 0)];
    expect([admits([route, account], 0), admits([route, account], 0), admits([route], 0)]).toEqual([true, false, false]);
  });

  it('leave a route without any limit, close one of burst 0, and hold neighbours apart', () => {
    const stage = new StageBuckets({ standard: { ratePerSec: 1, burst: 1 }, own: new Map([['closed', { ratePerSec: 0, burst: 0 }]]) });
    expect(['a', 'a', 'b', 'closed'].map((key) => admits([stage.of(key, 0)], 0))).toEqual([true, false, true, false]);
    expect(new StageBuckets({ standard: undefined, own: new Map() }).of('a', 0)).toBeUndefined();
  });
});
