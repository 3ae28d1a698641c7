import type { AutomationExecution } from '@aws-sdk/client-ssm';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { concurrencyService, throttleDocument, type VirtualLab, virtualLab } from '../../../../../test/virtual-lab.ts';
import { loadWireServices } from '../../../gateway/wire-services.ts';
import { createSsmService } from '../service.ts';

let lab: VirtualLab;
afterEach(() => lab.stop());

async function start(
  document: object,
  reserved: number | undefined,
  parameters: Record<string, string[]> = { FunctionName: ['f'] },
  refuse?: string,
) {
  const state = { reserved, ...(refuse ? { refuse } : {}) };
  lab = virtualLab((context) => [createSsmService(context), concurrencyService(state)]);
  await lab.call('ssm', 'CreateDocument', { Name: 'throttle', DocumentType: 'Automation', Content: JSON.stringify(document) });
  const { AutomationExecutionId } = await lab.call<{ AutomationExecutionId: string }>('ssm', 'StartAutomationExecution', {
    DocumentName: 'arn:aws:ssm:us-east-1:123456789012:document/throttle',
    Parameters: parameters,
  });
  const read = async () =>
    (await lab.call<{ AutomationExecution: AutomationExecution }>('ssm', 'GetAutomationExecution', { AutomationExecutionId })).AutomationExecution;
  const stop = (Type: string) => lab.call('ssm', 'StopAutomationExecution', { AutomationExecutionId, Type });
  return { state, read, stop };
}

/** Steps that ran, as `name:status`. */
const ran = (execution: AutomationExecution) =>
  execution.StepExecutions!.filter((step) => step.StepStatus !== 'Pending').map((step) => `${step.StepName}:${step.StepStatus}`);

// The first API call of an execution loads the SDK's shapes; loaded before, it takes no time that the virtual clock does not see.
beforeAll(() => loadWireServices());

async function advance(ms: number) {
  for (let turn = 0; turn < 20; turn++) await lab.clock.advance(0);
  await lab.clock.advance(ms);
}

describe('an Automation execution', () => {
  test.each([undefined, 0, 7])('applies, waits and restores %s', async (found) => {
    const { state, read } = await start(throttleDocument(), found);
    const startedMs = lab.clock.now();
    await advance(1000);
    expect(state.reserved).toBe(1);
    expect((await read()).CurrentStepName).toBe('wait');
    await lab.clock.advance(120_000);
    expect(state.reserved).toBe(found);
    const execution = await read();
    expect(execution.AutomationExecutionStatus).toBe('Success');
    expect(ran(execution)).toEqual([
      'read:Success',
      'apply:Success',
      'wait:Success',
      'restore:Success',
      found === undefined ? 'restoreAbsent:Success' : 'restoreFound:Success',
    ]);
    const wait = execution.StepExecutions!.find((step) => step.StepName === 'wait')!;
    expect(wait.ExecutionEndTime!.getTime() - wait.ExecutionStartTime!.getTime()).toBe(120_000);
    expect(wait.ExecutionStartTime!.getTime()).toBeLessThan(startedMs + 1000);
    const outputs = execution.StepExecutions![0]!.Outputs!;
    expect(outputs['found']).toEqual(found === undefined ? undefined : [String(found)]);
    expect(outputs['OutputPayload']).toHaveLength(1);
  });

  test('a cancel ends the sleep and runs onCancel', async () => {
    const { state, read, stop } = await start(throttleDocument(), 7);
    await advance(30_000);
    await stop('Cancel');
    expect((await read()).AutomationExecutionStatus).toBe('InProgress');
    await lab.clock.advance(0);
    expect(state.reserved).toBe(7);
    expect(ran(await read())).toEqual(['read:Success', 'apply:Success', 'wait:Cancelled', 'restore:Success', 'restoreFound:Success']);
    expect((await read()).AutomationExecutionStatus).toBe('Cancelled');
    await expect(stop('Cancel')).rejects.toMatchObject({ name: 'InvalidAutomationStatusUpdateException' });
  });

  test('a cancel without onCancel leaves the change behind', async () => {
    const { state, read, stop } = await start(throttleDocument({ withoutRestore: true }), 7);
    await advance(30_000);
    await stop('Cancel');
    await lab.clock.advance(1000);
    expect(state.reserved).toBe(1);
    expect((await read()).AutomationExecutionStatus).toBe('Cancelled');
  });

  test('a refused call fails its step, takes onFailure and spoils the execution', async () => {
    const { read } = await start(throttleDocument(), undefined, { FunctionName: ['f'] }, 'PutFunctionConcurrency');
    await advance(1000);
    const execution = await read();
    expect(execution.AutomationExecutionStatus).toBe('Failed');
    expect(ran(execution)).toEqual(['read:Success', 'apply:Failed', 'restore:Success', 'restoreAbsent:Success']);
    expect(execution.StepExecutions![1]!.FailureMessage).toContain('Error Code: AccessDeniedException');
    expect(execution.FailureMessage).toContain('Step apply ended as Failed');
  });

  test('a step times out after its timeoutSeconds, and tries maxAttempts times', async () => {
    const sleep = { name: 'wait', action: 'aws:sleep', inputs: { Duration: 'PT1H' }, timeoutSeconds: 10, maxAttempts: 3 };
    const { read } = await start({ schemaVersion: '0.3', mainSteps: [sleep] }, undefined, {});
    await lab.clock.advance(29_999);
    expect((await read()).AutomationExecutionStatus).toBe('InProgress');
    await lab.clock.advance(1);
    expect((await read()).AutomationExecutionStatus).toBe('TimedOut');
  });

  test('Complete lets the step finish and ends there', async () => {
    const { read, stop } = await start(throttleDocument(), undefined);
    await advance(1000);
    await stop('Complete');
    await lab.clock.advance(120_000);
    expect(ran(await read())).toEqual(['read:Success', 'apply:Success', 'wait:Success']);
    expect((await read()).AutomationExecutionStatus).toBe('Success');
  });

  test('is found by document and start time, and refused for what is not there', async () => {
    await start(throttleDocument(), undefined);
    const listed = (filters: object[]) =>
      lab.call<{ AutomationExecutionMetadataList: { DocumentName: string }[] }>('ssm', 'DescribeAutomationExecutions', { Filters: filters });
    const startedFrom = (ms: number) => ({ Key: 'StartTimeAfter', Values: [new Date(lab.clock.now() + ms).toISOString()] });
    expect((await listed([{ Key: 'DocumentNamePrefix', Values: ['thr'] }, startedFrom(-1)])).AutomationExecutionMetadataList).toHaveLength(1);
    expect((await listed([startedFrom(1)])).AutomationExecutionMetadataList).toHaveLength(0);
    const refused = (input: object) => expect(lab.call('ssm', 'StartAutomationExecution', input)).rejects;
    await refused({ DocumentName: 'other' }).toMatchObject({ name: 'AutomationDefinitionNotFoundException' });
    await refused({ DocumentName: 'throttle', DocumentVersion: '2' }).toMatchObject({ name: 'AutomationDefinitionVersionNotFoundException' });
    await refused({ DocumentName: 'throttle' }).toMatchObject({ name: 'InvalidAutomationExecutionParametersException' });
  });
});
