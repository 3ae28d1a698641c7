import type { DescribeExecutionCommandOutput, DescribeStateMachineCommandOutput } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type VirtualLab, virtualLab } from '../../../../test/virtual-lab.ts';
import type { LabService, ResourceHandler } from '../../contract.ts';
import { createStatesService } from './service.ts';

const RoleArn = 'arn:aws:iam::123456789012:role/flow';

let lab: VirtualLab;
let handler: ResourceHandler;

beforeEach(() => {
  let states: LabService | undefined;
  lab = virtualLab((context) => {
    states = createStatesService(context);
    return [states];
  });
  const found = states?.resources?.find(({ type }) => type === 'AWS::StepFunctions::StateMachine');
  if (!found) throw new Error('no handler of state machines');
  handler = found;
});

afterEach(() => lab.stop());

const wait = (Result: string) => ({
  StartAt: 'W',
  States: { W: { Type: 'Wait', Seconds: 60, Next: 'P' }, P: { Type: 'Pass', Result, End: true } },
});
const request = (properties: object) => ({
  ...{ stackName: 's', logicalId: 'M', templateFolder: '.' },
  properties: { StateMachineName: 'm', RoleArn, ...properties },
});
const describeMachine = (stateMachineArn: string) =>
  lab.call<DescribeStateMachineCommandOutput>('states', 'DescribeStateMachine', { stateMachineArn });

async function started(stateMachineArn: string): Promise<() => Promise<string | undefined>> {
  const { executionArn } = await lab.call<{ executionArn: string }>('states', 'StartExecution', { stateMachineArn });
  await lab.clock.advance(0);
  return async () => (await lab.call<DescribeExecutionCommandOutput>('states', 'DescribeExecution', { executionArn })).output;
}

it('updates a state machine of a stack in place, and what is open runs on with the old definition', async () => {
  const { physicalId } = await handler.create(request({ Definition: wait('old'), Tags: [{ Key: 'a', Value: '1' }] }));
  const before = await started(physicalId);
  const changed = { Definition: wait('new'), RoleArn: `${RoleArn}-2`, LoggingConfiguration: { Level: 'ALL' }, Tags: [{ Key: 'b', Value: '2' }] };
  const made = await handler.update?.(physicalId, request(changed));
  const { revisionId, roleArn, loggingConfiguration } = await describeMachine(physicalId);
  expect(made).toEqual({ physicalId, attributes: { Arn: physicalId, Name: 'm', StateMachineRevisionId: revisionId } });
  expect({ roleArn, level: loggingConfiguration?.level }).toEqual({ roleArn: `${RoleArn}-2`, level: 'ALL' });
  expect(await lab.call('states', 'ListTagsForResource', { resourceArn: physicalId })).toEqual({ tags: [{ key: 'b', value: '2' }] });
  const after = await started(physicalId);
  await lab.clock.advance(60_000);
  expect([await before(), await after()]).toEqual(['"old"', '"new"']);
  // The same again changes nothing.
  await handler.update?.(physicalId, request(changed));
  expect((await describeMachine(physicalId)).revisionId).toBe(revisionId);
});

it('replaces it for another name or type, and refuses a definition as the API does', async () => {
  const { physicalId } = await handler.create(request({ Definition: wait('old') }));
  expect(await handler.update?.(physicalId, request({ Definition: wait('old'), StateMachineType: 'EXPRESS' }))).toBeUndefined();
  expect(await handler.update?.(physicalId, request({ Definition: wait('old'), StateMachineName: 'n' }))).toBeUndefined();
  expect(() => handler.update?.(physicalId, request({ Definition: { StartAt: 'A' } }))).toThrow('Invalid State Machine Definition');
});
