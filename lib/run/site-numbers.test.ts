import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Numbers } from '../core/numbers.ts';
import { packageRoot } from '../core/package-root.ts';
import { priceOf } from '../models/price.ts';
import type { SiteFile } from '../sites/site-file.ts';
import { sitePrices, siteQuotas } from './site-numbers.ts';

const site: SiteFile = {
  name: 'shop',
  kind: 'aws',
  region: 'us-east-1',
  accounts: ['123456789012'],
  regions: ['us-east-1'],
  timeScale: 1,
  latency: 'modelled',
  asAwsIs: false,
  quotas: {},
  prices: {},
  source: 'shop',
};

describe('the numbers of a site', () => {
  it("lay the site's own prices over the list of its region", () => {
    const price = priceOf(sitePrices({ ...site, prices: { 'lambda.request': 1e-7 } })!, 'lambda.request');
    expect(price?.tiers).toEqual([{ from: 0, usdPerUnit: 1e-7 }]);
  });

  it('are no other region’s prices where there is no list', () => {
    expect(sitePrices({ ...site, region: 'eu-west-1' })).toBeUndefined();
  });

  it('refuse a quota that no file knows, and name those that exist', () => {
    expect(() => siteQuotas({ ...site, quotas: { 'lambda.concurrency': 3_000 } })).toThrow(/site shop sets lambda.concurrency/);
    expect(siteQuotas({ ...site, quotas: { 'lambda.account-concurrency': 3_000 } }).number('lambda.account-concurrency')).toBe(3_000);
  });

  it('are those of the profile that it names, with its own over them', () => {
    const most = siteQuotas({ ...site, quotaProfile: 'most-regions', quotas: { 'states.send-task-refill': 400 } });
    const read = [
      'states.state-transition-refill',
      'states.start-execution-standard-refill',
      'states.send-task-refill',
      'lambda.account-concurrency',
    ];
    expect(read.map((key) => most.number(key))).toEqual([800, 150, 400, 1_000]);
    expect(most.entry('states.state-transition-refill')).toMatchObject({ status: 'documented', source: expect.stringContaining('other regions') });
    const young = siteQuotas({ ...site, quotaProfile: 'new-account' });
    expect(young.entry('lambda.account-concurrency')).toMatchObject({ value: 10, status: 'assumed' });
    const unknown = () => siteQuotas({ ...site, quotaProfile: 'most' });
    expect(unknown).toThrow('site shop names the quotas most');
    expect(unknown).toThrow(expect.objectContaining({ hint: expect.stringContaining('most-regions, new-account, us-east-1') }));
  });

  it.each(['most-regions', 'new-account', 'us-east-1'])('of profile %s are known ones, and differ from the usual', (profile) => {
    const usual = siteQuotas(site);
    const own = Numbers.fromFile(join(packageRoot(), 'config/quotas/profiles', `${profile}.yaml`));
    for (const key of own.keys()) {
      expect(own.number(key), key).not.toBe(usual.number(key));
      expect(own.entry(key).unit, key).toBe(usual.entry(key).unit);
    }
  });
});
