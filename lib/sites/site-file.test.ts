import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readSite, type SiteFile } from './site-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'proofload-site-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The site of a file with `lines` after name, region and accounts. */
function siteOf(lines: string): SiteFile {
  writeFileSync(join(folder, 'site.yaml'), `name: s\nregion: us-east-1\naccounts: ["123456789012"]\n${lines}\n`);
  return readSite('./site.yaml', folder);
}

it('reads a site of each kind, with what it leaves out', () => {
  expect(siteOf('kind: lab\ntimeScale: 20\nlatency: none\nasAwsIs: true')).toMatchObject({ timeScale: 20, latency: 'none', asAwsIs: true });
  expect(siteOf('kind: aws\nregions: [us-east-1, us-west-2]')).toMatchObject({
    timeScale: 1,
    latency: 'modelled',
    regions: ['us-east-1', 'us-west-2'],
  });
  expect(siteOf('kind: aws\nprices: { lambda.request: { per: 1000000, 0: 0.10 } }').prices).toEqual({ 'lambda.request': { per: 1_000_000, 0: 0.1 } });
  expect([siteOf('kind: aws\nmaxCostUsd: 2.5').maxCostUsd, siteOf('kind: aws').maxCostUsd]).toEqual([2.5, undefined]);
  expect(siteOf('kind: endpoint\nendpoint: http://127.0.0.1:4566/')).toMatchObject({ endpoint: 'http://127.0.0.1:4566', regions: ['us-east-1'] });
});

it('takes a profile of quotas, own quotas, and own ones over a profile', () => {
  expect(siteOf('kind: lab\nquotas: most-regions')).toMatchObject({ quotaProfile: 'most-regions', quotas: {} });
  expect(siteOf('kind: lab\nquotas: { profile: new-account, lambda.account-concurrency: 50 }')).toMatchObject({
    quotaProfile: 'new-account',
    quotas: { 'lambda.account-concurrency': 50 },
  });
  const own = siteOf('kind: lab\nquotas: { lambda.account-concurrency: 3000 }');
  expect([own.quotaProfile, own.quotas]).toEqual([undefined, { 'lambda.account-concurrency': 3_000 }]);
});

it.each([
  ['kind: aws\nendpoint: https://example.com', 'endpoint belongs to kind: endpoint, not to kind: aws'],
  ['kind: aws\nendpoint: http://127.0.0.1:4566', 'endpoint belongs to kind: endpoint'],
  ['kind: lab\nmaxCostUsd: ten', 'maxCostUsd must be an amount in US dollars, not "ten"'],
  ['kind: lab\nendpoint: http://127.0.0.1:4566', 'endpoint belongs to kind: endpoint, not to kind: lab'],
  ['kind: aws\ntimeScale: 20', 'timeScale belongs to kind: lab, not to kind: aws'],
  ['kind: endpoint\nendpoint: http://127.0.0.1:4566\nlatency: none', 'latency belongs to kind: lab'],
  ['kind: aws\nasAwsIs: false', 'asAwsIs belongs to kind: lab'],
  ['kind: lab\nlatency: nonee', 'latency must be modelled or none, not "nonee"'],
  ['kind: lab\nasAwsIs: "yes"', 'asAwsIs must be true or false, not "yes"'],
  ['kind: lab\ntimeScale: "20"', 'timeScale must be a number'],
  ['kind: aws\nregions: us-east-1', 'regions must be a list of regions, not "us-east-1"'],
  [
    'kind: lab\nquotas: { lambda.account-concurrency: "3000" }',
    'quotas: lambda.account-concurrency must be a number, or a table of numbers, not "3000"',
  ],
  ['kind: lab\nquotas: { profile: 3 }', 'quotas.profile must be the name of a profile, not 3'],
  ['kind: aws\nquotas: most-regions', 'quotas belongs to kind: lab, not to kind: aws'],
  ['kind: lab\nquotas: [3000]', 'quotas must be a mapping of names to numbers'],
  ['kind: cloud', 'kind must be lab, aws or endpoint, not "cloud"'],
  ['kind: lab\nspeed: 2', 'unknown member speed'],
])('refuses %j', (lines, message) => {
  expect(() => siteOf(lines)).toThrow(message);
});

it('takes an endpoint on loopback only', () => {
  expect(() => siteOf('kind: endpoint\nendpoint: http://192.0.2.1:4566')).toThrow('http://192.0.2.1:4566 is not a URL on loopback');
  expect(() => siteOf('kind: endpoint')).toThrow('the endpoint is not a URL on loopback');
});
