import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Numbers } from '../core/numbers.ts';
import { packageRoot } from '../core/package-root.ts';
import { readTemplate, type Template } from '../template/index.ts';
import { estimateCost } from './estimate.ts';

const prices = Numbers.fromFile(join(packageRoot(), 'config/prices/us-east-1.yaml'));
const checkout = (variant: string): Template => readTemplate(join(packageRoot(), 'scenarios/checkout', variant, 'template.yaml'));
const flow = { name: 'f', file: 'f.ts', frontDoor: 'ApiUrl', plannedArrivals: 1_000, peakRatePerSec: 1, longestFlowSec: 1, requestsPerFlow: 5 };
const fault = { name: 'x', file: 'x.yaml', stack: 'x', durationSec: 120, parameters: {} };

/** A template whose output ApiUrl names one resource of this type. */
function withDoor(type: string): Template {
  const resource = { logicalId: 'Api', type, properties: {}, dependsOn: [], line: 1 };
  const output = { name: 'ApiUrl', value: { 'Fn::Sub': `https://\${Api}.example.com` }, line: 2 };
  return { resources: { Api: resource }, outputs: { ApiUrl: output }, file: 't.yaml', lines: { of: () => undefined } } as unknown as Template;
}

describe('what a run will cost', () => {
  it('is hand arithmetic: 5,000 requests and two action-minutes', () => {
    // (1.00 + 0.20 + 0.625 + 0.125) USD a million requests, 0.10 USD an action-minute
    const { aboutUsd, rests } = estimateCost({ flows: [flow], faults: [fault] }, checkout('sync'), prices) ?? {};
    expect(aboutUsd).toBeCloseTo((5_000 * 1.95) / 1e6 + 0.2, 12);
    expect(rests).toBe('about 5000 requests (1000 x 5); without function time');
  });

  it('counts the transitions that the exercise declares where there is a Standard workflow, and says where it does not', () => {
    const of = (transitionsPerFlow?: number, variant = 'saga') =>
      estimateCost({ flows: [{ ...flow, ...(transitionsPerFlow ? { transitionsPerFlow } : {}) }], faults: [] }, checkout(variant), prices);
    const [undeclared, declared] = [of(), of(9)];
    expect((declared?.aboutUsd ?? 0) - (undeclared?.aboutUsd ?? 0)).toBeCloseTo(9_000 * 0.000025, 12);
    expect(undeclared?.rests).toContain('; without function time, state transitions (declare transitionsPerFlow), executions of Express workflows');
    expect(declared?.rests).toBe(
      'about 5000 requests (1000 x 5), 9000 state transitions; without function time, executions of Express workflows, requests to queues',
    );
    expect(of(9, 'sync')).toEqual(of(undefined, 'sync'));
  });

  it('prices a request by the kind of its front door', () => {
    const of = (type: string) => estimateCost({ flows: [flow], faults: [] }, withDoor(type), prices);
    expect(of('AWS::ApiGatewayV2::Api')?.aboutUsd).toBeCloseTo(0.005, 12);
    expect(of('AWS::ApiGateway::RestApi')?.aboutUsd).toBeCloseTo(0.0175, 12);
    expect(of('AWS::CloudFront::Distribution')).toEqual({ aboutUsd: 0, rests: 'about 5000 requests (1000 x 5); without the front door of f' });
  });

  it('is not known without a price list', () => expect(estimateCost({ flows: [flow], faults: [] }, checkout('sync'), undefined)).toBeUndefined());
});
