import type {
  DescribeExecutionCommandOutput,
  DescribeMapRunCommandOutput,
  GetExecutionHistoryCommandOutput,
  ListExecutionsCommandOutput,
  ListMapRunsCommandOutput,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type VirtualLab, virtualLab } from '../../../../test/virtual-lab.ts';
import { AwsError } from '../../../core/errors.ts';
import type { LabService } from '../../contract.ts';
import { loadWireServices } from '../../gateway/wire-services.ts';
import { createStatesService } from './service.ts';

const roleArn = 'arn:aws:iam::123456789012:role/flow';
const states = 'arn:aws:states:us-east-1:123456789012';

let lab: VirtualLab;
let metered: Record<string, number>;
let counts: Record<string, number>;
/** What the queue was sent, and what it refuses. */
let messages: string[];
let refused: string[];

const queue: LabService = {
  name: 'sqs',
  operations: {
    SendMessage: {
      act: ({ MessageBody }: { MessageBody: string }) => {
        messages.push(MessageBody);
        if (refused.includes(MessageBody)) throw new AwsError('QueueDoesNotExist', 'gone');
        return { MessageId: MessageBody };
      },
    },
  },
};

function makeLab(quotas: Record<string, number> = {}): VirtualLab {
  return virtualLab((context) => [
    createStatesService({
      ...{ ...context, quotas: context.quotas.with(quotas, 'test', '2026-11-24') },
      meter: (usages) => {
        for (const { resource, dimension, quantity } of usages) {
          metered[`${resource} ${dimension}`] = (metered[`${resource} ${dimension}`] ?? 0) + quantity;
        }
      },
      metrics: {
        series: (_, metric, { StateMachineArn = '' }) => ({
          add: (value) => {
            const name = `${StateMachineArn.replace(/.*:/, '')} ${metric}`.trim();
            counts[name] = (counts[name] ?? 0) + value;
          },
        }),
      },
    }),
    queue,
  ]);
}

beforeAll(() => loadWireServices());

beforeEach(() => {
  [metered, counts, messages, refused] = [{}, {}, [], []];
  lab = makeLab();
});

afterEach(() => lab.stop());

const call = <Output>(operation: string, input: object) => lab.call<Output>('states', operation, input);
const describeExecution = (executionArn: string) => call<DescribeExecutionCommandOutput>('DescribeExecution', { executionArn });
const describeMapRun = (mapRunArn: string) => call<DescribeMapRunCommandOutput>('DescribeMapRun', { mapRunArn });
const types = async (executionArn: string) =>
  (await call<GetExecutionHistoryCommandOutput>('GetExecutionHistory', { executionArn, maxResults: 1000 })).events?.map(({ type }) => type);

const wait = { W: { Type: 'Wait', Seconds: 10, End: true } };
const send = {
  S: {
    ...{ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: 'q', 'MessageBody.$': '$' } },
    ...{ OutputPath: '$.MessageId', End: true },
  },
};

/** Starts a state machine `m` with a Distributed Map of `inner`; what it started. */
async function start(inner: object, items: readonly unknown[], map: object = {}, ExecutionType = 'STANDARD') {
  const ItemProcessor = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType }, StartAt: Object.keys(inner)[0], States: inner };
  const definition = JSON.stringify({ StartAt: 'M', States: { M: { Type: 'Map', ItemProcessor, Label: 'each', End: true, ...map } } });
  const { stateMachineArn } = await call<{ stateMachineArn: string }>('CreateStateMachine', { name: 'm', roleArn, definition });
  const { executionArn } = await call<{ executionArn: string }>('StartExecution', { stateMachineArn, input: JSON.stringify(items) });
  await lab.clock.advance(0);
  return { stateMachineArn, executionArn, mapRunArn: await onlyMapRun(executionArn) };
}

async function onlyMapRun(executionArn: string): Promise<string> {
  const { mapRuns = [] } = await call<ListMapRunsCommandOutput>('ListMapRuns', { executionArn });
  expect(mapRuns).toMatchObject([{ executionArn, stateMachineArn: `${states}:stateMachine:m/each` }]);
  return mapRuns[0]?.mapRunArn ?? '';
}

async function children(mapRunArn: string, more: object = {}) {
  return (await call<ListExecutionsCommandOutput>('ListExecutions', { mapRunArn, ...more })).executions ?? [];
}

describe('a Map Run', () => {
  it('runs its items as executions of their own, so many at once, and gives their outputs in order', async () => {
    const { executionArn, mapRunArn } = await start(wait, ['a', 'b', 'c', 'd', 'e'], { MaxConcurrency: 2 });
    expect(mapRunArn).toMatch(/^arn:aws:states:us-east-1:123456789012:mapRun:m\/each:[-0-9a-f]{36}$/);
    expect(await describeMapRun(mapRunArn)).toMatchObject({
      ...{ executionArn, status: 'RUNNING', maxConcurrency: 2, toleratedFailureCount: 0, toleratedFailurePercentage: 0, redriveCount: 0 },
      ...{ itemCounts: { total: 5, running: 2, pending: 3, succeeded: 0 }, executionCounts: { total: 5, running: 2, pending: 3 } },
    });
    const [child] = await children(mapRunArn);
    expect(child).toMatchObject({ status: 'RUNNING', mapRunArn, itemCount: 1, stateMachineArn: `${states}:stateMachine:m/each` });
    expect(child?.executionArn).toBe(`${states}:execution:m/each:${child?.name}`);
    expect(await describeExecution(child?.executionArn ?? '')).toMatchObject({ mapRunArn, input: '"b"', name: child?.name });
    expect(await call('DescribeStateMachineForExecution', child ?? {})).toMatchObject({ mapRunArn, label: 'each', name: 'm/each' });
    await lab.clock.advance(29_000);
    expect((await describeExecution(executionArn)).status).toBe('RUNNING');
    await lab.clock.advance(1000);
    expect(await describeExecution(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '["a","b","c","d","e"]' });
    expect((await types(executionArn))?.slice(1, -1)).toEqual([
      ...['MapStateEntered', 'MapStateStarted', 'MapRunStarted', 'MapRunSucceeded', 'MapStateSucceeded', 'MapStateExited'],
    ]);
    expect(await describeMapRun(mapRunArn)).toMatchObject({ status: 'SUCCEEDED', executionCounts: { succeeded: 5, resultsWritten: 5, running: 0 } });
    // The Map state's own transition, and one of each child.
    expect(metered).toEqual({ 'm states.standard-transition': 6 });
    expect(counts).toMatchObject({ 'm ExecutionsStarted': 1, 'm/each ExecutionsStarted': 5, 'm/each ExecutionsSucceeded': 5 });
  });

  it('fails when more fails than it tolerates, and goes on with what did not succeed when it is redriven', async () => {
    refused = ['2'];
    const { executionArn, mapRunArn } = await start(send, [1, 2, 3], { MaxConcurrency: 1 });
    const cause = 'The specified tolerated failure threshold was exceeded';
    expect(await describeExecution(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold', cause });
    expect((await types(executionArn))?.slice(3)).toEqual(['MapRunStarted', 'MapRunFailed', 'MapStateFailed', 'ExecutionFailed']);
    expect(await describeMapRun(mapRunArn)).toMatchObject({ status: 'FAILED', itemCounts: { succeeded: 1, failed: 1, aborted: 1, total: 3 } });
    const [failed] = await children(mapRunArn, { statusFilter: 'FAILED' });
    expect(await describeExecution(failed?.executionArn ?? '')).toMatchObject({ redriveStatus: 'REDRIVABLE_BY_MAP_RUN' });
    await expect(call('RedriveExecution', failed ?? {})).rejects.toMatchObject({ name: 'ExecutionNotRedrivable' });
    refused = [];
    await call('RedriveExecution', { executionArn });
    await lab.clock.advance(0);
    expect(await describeExecution(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '["1","2","3"]', redriveCount: 1 });
    expect((await types(executionArn))?.slice(7, 10)).toEqual(['ExecutionRedriven', 'MapRunRedriven', 'MapRunSucceeded']);
    expect(messages).toEqual(['1', '2', '2', '3']);
    expect(await describeMapRun(mapRunArn)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, executionCounts: { succeeded: 3, total: 3 } });
    expect(counts).toMatchObject({ 'm ExecutionsRedriven': 1, 'm RedrivenExecutionsSucceeded': 1, 'm/each ExecutionsRedriven': 1 });
  });

  it('tolerates what it is told to, by items where they come in batches', async () => {
    refused = ['[1,2]', '[3,4]'];
    const batched = { S: { ...send.S, InputPath: '$.Items' } };
    const map = { ItemBatcher: { MaxItemsPerBatch: 2 }, ToleratedFailurePercentage: 50 };
    const { executionArn, mapRunArn } = await start(batched, [1, 2, 3, 4, 5, 6, 7, 8], map);
    expect(await describeExecution(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '["[5,6]","[7,8]"]' });
    expect(await describeMapRun(mapRunArn)).toMatchObject({ itemCounts: { failed: 4, succeeded: 4 }, executionCounts: { failed: 2, succeeded: 2 } });
  });

  it('meters children of Express as such, and starts those that failed anew', async () => {
    refused = ['2'];
    const { executionArn, mapRunArn } = await start(send, [1, 2], {}, 'EXPRESS');
    expect((await describeExecution(executionArn)).status).toBe('FAILED');
    expect((await children(mapRunArn))[0]?.executionArn).toMatch(/:express:m\/each:[-0-9a-f]{36}:[-0-9a-f]{36}$/);
    refused = [];
    await call('RedriveExecution', { executionArn });
    await lab.clock.advance(0);
    expect(await describeExecution(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '["1","2"]' });
    expect(metered).toMatchObject({ 'm states.standard-transition': 1, 'm states.express-request': messages.length });
    expect(counts['m/each ExpressExecutionBilledDuration']).toBe(100 * messages.length);
  });

  it('ends with its parent, is over at once without items, and is forgotten with its state machine', async () => {
    const { executionArn, mapRunArn, stateMachineArn } = await start(wait, [1, 2], { MaxConcurrency: 1 });
    await call('StopExecution', { executionArn });
    expect(await describeMapRun(mapRunArn)).toMatchObject({ status: 'ABORTED', executionCounts: { aborted: 2 } });
    expect((await children(mapRunArn)).map(({ status }) => status)).toEqual(['ABORTED']);
    const { executionArn: empty } = await call<{ executionArn: string }>('StartExecution', { stateMachineArn, input: '[]' });
    await lab.clock.advance(0);
    expect(await describeExecution(empty)).toMatchObject({ status: 'SUCCEEDED', output: '[]' });
    await call('DeleteStateMachine', { stateMachineArn });
    await expect(describeMapRun(mapRunArn)).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  it('starts a hundred children of Standard a second, and can be told to run more at once', async () => {
    const { mapRunArn } = await start({ W: { ...wait.W, Seconds: 1000 } }, [...Array(400).keys()], { MaxConcurrency: 250 });
    const running = async () => (await describeMapRun(mapRunArn)).executionCounts?.running;
    expect(await running()).toBe(100);
    await lab.clock.advance(1000);
    expect(await running()).toBe(200);
    await lab.clock.advance(1000);
    expect(await running()).toBe(250);
    await expect(call('UpdateMapRun', { mapRunArn, toleratedFailurePercentage: 101 })).rejects.toMatchObject({ name: 'ValidationException' });
    await call('UpdateMapRun', { mapRunArn, maxConcurrency: 300 });
    await lab.clock.advance(1000);
    expect(await running()).toBe(300);
  });

  it('lists children of Express of the latest hundred', async () => {
    const { stateMachineArn, mapRunArn } = await start({ P: { Type: 'Pass', End: true } }, [1, 2], {}, 'EXPRESS');
    for (let i = 0; i < 99; i++) await call('StartExecution', { stateMachineArn, input: '[1]' });
    await lab.clock.advance(0);
    expect(await children(mapRunArn)).toHaveLength(2);
    await call('StartExecution', { stateMachineArn, input: '[1]' });
    await lab.clock.advance(0);
    expect(await children(mapRunArn)).toHaveLength(0);
    expect(await describeMapRun(mapRunArn)).toMatchObject({ status: 'SUCCEEDED', executionCounts: { succeeded: 2 } });
  });

  it('waits in line while too many are open', async () => {
    await lab.stop();
    lab = makeLab({ 'states.open-map-runs': 1 });
    const first = await start(wait, [1]);
    const { executionArn } = await call<{ executionArn: string }>('StartExecution', { stateMachineArn: first.stateMachineArn, input: '[2]' });
    await lab.clock.advance(9000);
    expect(await describeMapRun(await onlyMapRun(executionArn))).toMatchObject({ status: 'RUNNING', executionCounts: { pending: 0, total: 0 } });
    await lab.clock.advance(10_000);
    expect((await describeExecution(executionArn)).status).toBe('RUNNING');
    await lab.clock.advance(1000);
    expect((await describeExecution(executionArn)).status).toBe('SUCCEEDED');
  });
});
