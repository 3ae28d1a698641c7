import type { Experiment } from '@aws-sdk/client-fis';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { alarmService, concurrencyService, throttleDocument, type VirtualLab, virtualLab } from '../../../../test/virtual-lab.ts';
import { loadWireServices } from '../../gateway/wire-services.ts';
import { createSsmService } from '../ssm/service.ts';
import { createFisService } from './service.ts';

const documentArn = 'arn:aws:ssm:us-east-1:123456789012:document/throttle';
const throttle = (parameters: object = {}, more: object = {}) => ({
  actionId: 'aws:ssm:start-automation-execution',
  parameters: { documentArn, maxDuration: 'PT1H', documentParameters: JSON.stringify({ FunctionName: 'f', ...parameters }), ...more },
});
const wait = (duration: string, startAfter: string[] = []) => ({ actionId: 'aws:fis:wait', parameters: { duration }, startAfter });
const alarm = [{ source: 'aws:cloudwatch:alarm', value: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:too-bad' }];

let lab: VirtualLab;
let token = 0;
beforeAll(() => loadWireServices());
afterEach(() => lab.stop());

async function made(actions: object, options: { document?: object; reserved?: number; stopConditions?: object[]; asAwsIs?: boolean } = {}) {
  const state: { reserved: number | undefined; refuse?: string } = { reserved: options.reserved };
  const alarms: Record<string, 'OK' | 'ALARM'> = { 'too-bad': 'OK' };
  lab = virtualLab(
    (context) => [createFisService(context), createSsmService(context), concurrencyService(state), alarmService(alarms)],
    options.asAwsIs ? { asAwsIs: true } : {},
  );
  await lab.call('ssm', 'CreateDocument', {
    Name: 'throttle',
    DocumentType: 'Automation',
    Content: JSON.stringify(options.document ?? throttleDocument()),
  });
  const { experimentTemplate } = await lab.call<{ experimentTemplate: { id: string } }>('fis', 'CreateExperimentTemplate', {
    clientToken: `t${token++}`,
    description: 'a fault',
    roleArn: 'arn:aws:iam::123456789012:role/fis',
    stopConditions: options.stopConditions ?? [{ source: 'none' }],
    actions,
  });
  const start = async (more: object = {}) =>
    (
      await lab.call<{ experiment: Experiment }>('fis', 'StartExperiment', {
        clientToken: `s${token++}`,
        experimentTemplateId: experimentTemplate.id,
        ...more,
      })
    ).experiment;
  const read = async (id: string | undefined) => (await lab.call<{ experiment: Experiment }>('fis', 'GetExperiment', { id })).experiment;
  return { state, alarms, start, read, templateId: experimentTemplate.id };
}

async function advance(ms: number) {
  for (let turn = 0; turn < 20; turn++) await lab.clock.advance(0);
  await lab.clock.advance(ms);
}
const statuses = (experiment: Experiment) =>
  Object.fromEntries(Object.entries(experiment.actions!).map(([name, action]) => [name, action.state!.status]));

describe('an experiment', () => {
  test('runs actions in order and says when', async () => {
    const { start, read } = await made({ first: wait('PT1M'), second: wait('PT2M', ['first']), beside: wait('PT1M') });
    const { id, state } = await start({ tags: { 'proofload:run': 'r1' } });
    expect(state).toEqual({ status: 'initiating', reason: 'Experiment is initiating.' });
    await advance(1000);
    expect(statuses(await read(id))).toEqual({ first: 'running', second: 'pending', beside: 'running' });
    await lab.clock.advance(60_000);
    expect(statuses(await read(id))).toEqual({ first: 'completed', second: 'running', beside: 'completed' });
    await lab.clock.advance(120_000);
    const ended = await read(id);
    expect(ended.state).toEqual({ status: 'completed', reason: 'Experiment completed.' });
    expect(ended.endTime!.getTime() - ended.startTime!.getTime()).toBe(180_000);
    expect(ended.actions!['second']!.startTime).toEqual(ended.actions!['first']!.endTime);
    expect(await lab.call('fis', 'ListExperiments')).toMatchObject({ experiments: [{ id, tags: { 'proofload:run': 'r1' } }] });
  });

  test('starts the document, and ends with it', async () => {
    const { state, start, read } = await made({ throttle: throttle({ Reserved: '0' }) }, { reserved: 5 });
    const { id } = await start();
    await advance(10_000);
    expect(state.reserved).toBe(0);
    expect((await read(id)).state!.status).toBe('running');
    await lab.clock.advance(115_000);
    expect(state.reserved).toBe(5);
    expect((await read(id)).state!.status).toBe('completed');
  });

  test('a stop cancels the document, whose onCancel restores, before the experiment is stopped', async () => {
    const { state, start, read } = await made({ throttle: throttle(), later: wait('PT1M', ['throttle']) });
    const { id } = await start();
    await advance(10_000);
    expect(state.reserved).toBe(1);
    const { experiment } = await lab.call<{ experiment: Experiment }>('fis', 'StopExperiment', { id });
    expect(experiment.state!.status).toBe('stopping');
    await lab.clock.advance(5000);
    expect(state.reserved).toBeUndefined();
    expect((await read(id)).state).toEqual({ status: 'stopped', reason: 'Experiment stopped.' });
    expect(statuses(await read(id))).toEqual({ throttle: 'stopped', later: 'cancelled' });
    await expect(lab.call('fis', 'StopExperiment', { id })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('maxDuration kills a document that runs longer, and fails', async () => {
    const { state, start, read } = await made({ throttle: throttle({ Duration: 'PT10M' }, { maxDuration: 'PT1M' }) });
    const { id } = await start();
    await advance(59_000);
    expect(state.reserved).toBe(1);
    await lab.clock.advance(5000);
    expect(state.reserved).toBeUndefined();
    expect((await read(id)).state).toMatchObject({ status: 'failed', reason: expect.stringContaining('exceeded maxDuration') });
  });

  test('fails with the action, and stops the others', async () => {
    const { state, start, read } = await made({ throttle: throttle(), beside: wait('PT1H') });
    state.refuse = 'PutFunctionConcurrency';
    const { id } = await start();
    await advance(5000);
    expect((await read(id)).state).toMatchObject({ status: 'failed', reason: expect.stringContaining('AccessDeniedException') });
    expect(statuses(await read(id))).toEqual({ throttle: 'failed', beside: 'stopped' });
  });

  test('an alarm of its stop conditions stops it', async () => {
    const { state, alarms, start, read } = await made({ throttle: throttle() }, { stopConditions: alarm });
    const { id } = await start();
    await advance(10_000);
    expect(state.reserved).toBe(1);
    alarms['too-bad'] = 'ALARM';
    await lab.clock.advance(5000);
    expect(state.reserved).toBeUndefined();
    expect((await read(id)).state).toEqual({ status: 'stopped', reason: 'Experiment halted by stop condition.' });
  });

  test('an alarm that is already in ALARM lets it not begin', async () => {
    const { alarms, start, read } = await made({ throttle: throttle() }, { stopConditions: alarm });
    alarms['too-bad'] = 'ALARM';
    const { id } = await start();
    await advance(0);
    expect((await read(id)).state).toMatchObject({ status: 'failed', reason: expect.stringContaining('is in the ALARM state') });
    expect(lab.calls).not.toContain('ssm.StartAutomationExecution');
  });

  test('an assertion of alarm states completes at once, or fails the experiment', async () => {
    const assert = (alarmStates: string, alarmArns = alarm[0]!.value) => ({
      actionId: 'aws:cloudwatch:assert-alarm-state',
      parameters: { alarmArns, alarmStates },
    });
    const good = await made({ assert: assert('OK,INSUFFICIENT_DATA') });
    const { id } = await good.start();
    await advance(0);
    expect((await good.read(id)).state!.status).toBe('completed');
    await lab.stop();
    for (const wrong of [assert('ALARM'), assert('OK', `${alarm[0]!.value}-not`)]) {
      const bad = await made({ assert: wrong, beside: wait('PT1M') });
      const started = await bad.start();
      await advance(0);
      expect((await bad.read(started.id)).state).toMatchObject({ status: 'failed', reason: expect.stringContaining('Alarms are not in the states') });
      expect(statuses(await bad.read(started.id))).toEqual({ assert: 'failed', beside: 'stopped' });
    }
  });

  test('skip-all runs nothing and echoes it', async () => {
    const { state, start, read } = await made({ throttle: throttle(), later: wait('PT1M', ['throttle']) }, { reserved: 5 });
    const started = await start({ experimentOptions: { actionsMode: 'skip-all' } });
    expect(started).toMatchObject({ experimentOptions: { actionsMode: 'skip-all' } });
    await advance(1000);
    expect(statuses(await read(started.id))).toEqual({ throttle: 'skipped', later: 'skipped' });
    expect((await read(started.id)).state!.status).toBe('completed');
    expect(state.reserved).toBe(5);
    expect(lab.calls.filter((call) => call.startsWith('ssm.'))).toEqual([]);
  });

  test('its clientToken starts it once', async () => {
    const { start } = await made({ wait: wait('PT1M') });
    const first = await start({ clientToken: 'same' });
    expect((await start({ clientToken: 'same' })).id).toBe(first.id);
  });

  test('the sixth at once is refused', async () => {
    const { start } = await made({ wait: wait('PT1M') });
    for (let n = 0; n < 5; n++) await start();
    await expect(start()).rejects.toMatchObject({ name: 'ServiceQuotaExceededException', statusCode: 402 });
    await advance(61_000);
    await start();
  });

  test('no longer than 12 hours in all', async () => {
    const { start, read } = await made({ first: wait('PT7H'), second: wait('PT7H', ['first']) });
    const { id } = await start();
    await advance(12 * 3_600_000 - 1000);
    expect((await read(id)).state!.status).toBe('running');
    await lab.clock.advance(2000);
    expect((await read(id)).state).toMatchObject({ status: 'stopped', reason: expect.stringContaining('maximum duration') });
  });

  test('takes seconds to initiate as AWS is', async () => {
    const { start, read } = await made({ wait: wait('PT1M') }, { asAwsIs: true });
    const { id } = await start();
    await lab.clock.advance(4900);
    expect((await read(id)).state!.status).toBe('initiating');
    await lab.clock.advance(200);
    expect((await read(id)).state!.status).toBe('running');
  });

  test('an engaged safety lever stops all and lets none start', async () => {
    const { start, read } = await made({ wait: wait('PT1M') });
    const { id } = await start();
    await advance(1000);
    await lab.call('fis', 'UpdateSafetyLeverState', { id: 'default', state: { status: 'engaged', reason: 'freeze' } });
    await lab.clock.advance(0);
    expect((await read(id)).state).toEqual({ status: 'stopped', reason: 'Experiment halted by safety lever.' });
    await expect(start()).rejects.toMatchObject({ name: 'ConflictException' });
  });
});

test('templates: updates, tags, lists and deletes; PT20S is refused', async () => {
  const { templateId: id } = await made({ wait: wait('PT1M') });
  await lab.call('fis', 'UpdateExperimentTemplate', { id, description: 'changed' });
  const { experimentTemplate } = await lab.call<{ experimentTemplate: { arn: string; description: string } }>('fis', 'GetExperimentTemplate', { id });
  expect(experimentTemplate.description).toBe('changed');
  expect(experimentTemplate.arn).toMatch(/^arn:aws:fis:us-east-1:123456789012:experiment-template\/EXT[A-Za-z0-9]{14}$/);
  await lab.call('fis', 'TagResource', { resourceArn: experimentTemplate.arn, tags: { a: '1' } });
  expect(await lab.call('fis', 'ListExperimentTemplates')).toMatchObject({ experimentTemplates: [{ id, tags: { a: '1' } }] });
  await expect(lab.call('fis', 'UpdateExperimentTemplate', { id, actions: { wait: wait('PT20S') } })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await lab.call('fis', 'DeleteExperimentTemplate', { id });
  await expect(lab.call('fis', 'GetExperimentTemplate', { id })).rejects.toMatchObject({ name: 'ResourceNotFoundException', statusCode: 404 });
});
