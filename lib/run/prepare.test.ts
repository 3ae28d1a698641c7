import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FisClient } from '@aws-sdk/client-fis';
import { expect, test } from 'vitest';
import type { DeployedFault } from '../chaos/types.ts';
import type { AwsClients } from '../core/aws-clients.ts';
import { virtualClock } from '../core/clock.ts';
import { packageRoot } from '../core/package-root.ts';
import { previewFaults, refuseSharedResources } from './prepare.ts';

interface Previewed {
  readonly action?: string;
  readonly function?: string;
  readonly target?: string;
}

/** A preview of lambda-throttle on PlaceOrder as FIS would answer it. */
function preview(previewed: Previewed): Promise<void> {
  const { action = 'aws:ssm:start-automation-execution', function: name = 'shop-PlaceOrder', target } = previewed;
  const parameters = { documentParameters: JSON.stringify({ FunctionName: name, Duration: 'PT60S' }) };
  const experiment = {
    id: 'EXP1',
    state: { status: 'completed' },
    experimentOptions: { actionsMode: 'skip-all' },
    actions: { throttle: { actionId: action, parameters } },
  };
  const resolvedTargets = target === undefined ? [] : [{ targetName: 't', targetInformation: { arn: target } }];
  const handle = async ({ path }: { path: string }) => {
    const body = path.endsWith('/resolvedTargets') ? { resolvedTargets } : { experiment };
    return { response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(body))]) } };
  };
  const fis = new FisClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' }, requestHandler: { handle } as never });
  const resource = 'shop-PlaceOrder';
  const deployed = { name: 'lambda-throttle', templateId: 'EXT1', stack: 'lambda-throttle', setting: 's', resource, set: '1', pointer: '/p' };
  const planned = { name: 'lambda-throttle', file: join(packageRoot(), 'chaos/lambda-throttle.yaml'), stack: 'x', durationSec: 60, parameters: {} };
  const stack = { name: 'shop', outputs: {}, resources: [{ logicalId: 'PlaceOrder', physicalId: resource, type: 'AWS::Lambda::Function' }] };
  const context = { clients: { fis } as AwsClients, clock: virtualClock(), runId: 'r', journal: () => {} };
  return previewFaults({ faults: [{ deployed: { ...deployed, actions: {}, description: '' }, planned }], stack }, context);
}

test('a preview that does what the template says, to the function whose undo is registered, goes on', async () => {
  await expect(preview({})).resolves.toBeUndefined();
  await expect(preview({ target: 'arn:aws:lambda:us-east-1:1:function:shop-PlaceOrder' })).resolves.toBeUndefined();
});

test.each<[string, Previewed, string, RegExp]>([
  ['another action', { action: 'aws:fis:wait' }, 'preview-differs', /aws:fis:wait/],
  ['another function', { function: 'payroll' }, 'fault-outside-stack', /payroll/],
  ['a target outside the stack', { target: 'arn:aws:lambda:us-east-1:1:function:payroll' }, 'fault-outside-stack', /payroll/],
])('a preview with %s ends the run before its traffic', async (_, previewed, code, message) => {
  await expect(preview(previewed)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('two faults may not disturb one resource, whichever of its settings they change: their undo data would lie in one place', () => {
  const fault = (name: string, setting: string, resource: string) => ({ deployed: { name, setting, resource } as DeployedFault });
  const starved = fault('table-starvation', 'dynamodb:provisioned-write-capacity', 'stock');
  expect(() => refuseSharedResources([starved, fault('hot-key', 'dynamodb:hot-key', 'orders')])).not.toThrow();
  expect(() => refuseSharedResources([starved, fault('hot-key', 'dynamodb:hot-key', 'stock')])).toThrow(
    /table-starvation and hot-key both disturb stock/,
  );
});
