import { expect, test } from 'vitest';
import { defaultScript, manifestOf } from '../../../test/synthetic/run.ts';
import type { ResourceConfiguration } from '../../record/types.ts';
import { differencesOf, type Fingerprinted } from './differences.ts';

const resources = (suffix: string, changed: Record<string, unknown> = {}): ResourceConfiguration[] => [
  {
    logicalId: 'PayFunction',
    physicalId: `shop-PayFunction-${suffix}`,
    type: 'AWS::Lambda::Function',
    configuration: { MemorySize: 512, CodeSha256: 'abc', LastModified: suffix, ...changed },
  },
  {
    logicalId: 'Mapping',
    physicalId: suffix,
    type: 'AWS::Lambda::EventSourceMapping',
    configuration: { FunctionArn: `arn:aws:lambda:us-east-1:0:function:shop-PayFunction-${suffix}` },
  },
  {
    logicalId: 'Orders',
    physicalId: `shop-Orders-${suffix}`,
    type: 'AWS::DynamoDB::Table',
    configuration: { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } },
  },
];
const base: Fingerprinted = {
  manifest: { ...manifestOf(defaultScript), numbers: [{ key: 'lambda.account-concurrency', status: 'documented', value: 1000 }] },
  plan: {
    phases: [{ kind: 'baseline', lengthSec: 60 }],
    flows: [{ name: 'shop', peakRatePerSec: 6 }],
    faults: [{ name: 'throttle', durationSec: 60 }],
  },
  resources: resources('1A'),
};

test('the same system under other physical names, deployed at another time, is the same', () => {
  expect(differencesOf(base, { ...base, resources: resources('2B') }, [])).toEqual([]);
});

test.each([
  ['code', { ...base, resources: resources('2B', { CodeSha256: 'def' }) }, 'CodeSha256 of PayFunction', true],
  ['seed', { ...base, manifest: { ...base.manifest, seed: 'other' } }, 'seed', true],
  ['functions', { ...base, resources: resources('2B', { MemorySize: 128 }) }, 'MemorySize of PayFunction', false],
  [
    'tables',
    {
      ...base,
      resources: resources('1A').map((each) =>
        each.logicalId === 'Orders' ? { ...each, configuration: { BillingModeSummary: { BillingMode: 'PROVISIONED' } } } : each,
      ),
    },
    'BillingModeSummary of Orders',
    false,
  ],
  ['resources', { ...base, resources: resources('1A').slice(0, 2) }, 'Orders', false],
  [
    'numbers',
    { ...base, manifest: { ...base.manifest, numbers: [{ key: 'lambda.account-concurrency', status: 'documented' as const, value: 10 }] } },
    'number lambda.account-concurrency',
    false,
  ],
  ['exercise', { ...base, manifest: { ...base.manifest, setting: 'gate' } }, 'setting', false],
  ['exercise', { ...base, plan: { ...(base.plan as object), faults: [{ name: 'throttle', durationSec: 90 }] } }, 'fault throttle', false],
  ['traffic', { ...base, plan: { ...(base.plan as object), flows: [{ name: 'shop', peakRatePerSec: 9 }] } }, 'flow shop', false],
  ['clock', { ...base, manifest: { ...base.manifest, timeScale: 20 } }, 'speed of the clock', false],
  ['site', { ...base, manifest: { ...base.manifest, site: { ...base.manifest.site, region: 'eu-west-1' } } }, 'site region', false],
] satisfies [string, Fingerprinted, string, boolean][])('a difference in %s is found and named: %#', (kind, candidate, what, allowed) => {
  const found = differencesOf(base, candidate, []);
  expect(found).toEqual([expect.objectContaining({ kind, what, allowed })]);
  expect(differencesOf(base, candidate, [found[0]?.kind ?? 'code'])).toEqual([expect.objectContaining({ allowed: true })]);
});

test('members that an older version did not write are not compared', () => {
  const { generator: _, ...older } = { ...base.manifest, generator: { platform: 'linux-x64', cpu: 'x', cpus: 2, memoryGb: 4 } };
  const newer = { ...base, manifest: { ...base.manifest, generator: { platform: 'linux-x64', cpu: 'y', cpus: 4, memoryGb: 8 } } };
  expect(differencesOf({ ...base, manifest: older }, newer, [])).toEqual([]);
});
