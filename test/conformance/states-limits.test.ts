import { join } from 'node:path';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { Numbers } from '../../lib/core/numbers.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

const roleArn = 'arn:aws:iam::000000000000:role/flow';
const ended = (client: SFNClient, executionArn: string | undefined, status: string) =>
  expect.poll(async () => (await client.send(new DescribeExecutionCommand({ executionArn }))).status, { timeout: 10_000, interval: 10 }).toBe(status);
const wait = (Seconds: number) => ({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds, End: true } } });

const quotas = Numbers.fromFolder(join(packageRoot(), 'config/quotas'));

async function limited(overrides: Record<string, number>, run: (client: SFNClient, small: RunningLab) => Promise<void>): Promise<void> {
  const small = await startTestLab({ quotas: quotas.with(overrides, 'test', '2026-11-24') });
  const client = new SFNClient({ region: 'us-east-1', endpoint: small.endpoint, credentials, maxAttempts: 1, disableHostPrefix: true });
  try {
    await run(client, small);
  } finally {
    client.destroy();
    await small.stop();
  }
}
const made = async (client: SFNClient, definition: object): Promise<string> =>
  (await client.send(new CreateStateMachineCommand({ name: 'm', roleArn, definition: JSON.stringify(definition) }))).stateMachineArn ?? '';

it('refuses starts that find the bucket empty, and starts above the open executions', async () => {
  await limited(
    { 'states.start-execution-standard-bucket': 3, 'states.start-execution-standard-refill': 0.001, 'states.open-executions': 2 },
    async (client) => {
      const stateMachineArn = await made(client, wait(3600));
      const starts: unknown[] = [];
      for (let i = 0; i < 4; i++)
        starts.push(
          await client.send(new StartExecutionCommand({ stateMachineArn })).then(
            () => 'ok',
            (e: Error) => e.name,
          ),
        );
      expect(starts).toEqual(['ok', 'ok', 'ExecutionLimitExceeded', 'ThrottlingException']);
    },
  );
});

it('delays transitions that find the bucket empty, and counts them', async () => {
  await limited({ 'states.state-transition-bucket': 2, 'states.state-transition-refill': 10 }, async (client, small) => {
    const states = ['A', 'B', 'C', 'D'].map((name, i, all) => [name, { Type: 'Pass', ...(all[i + 1] ? { Next: all[i + 1] } : { End: true }) }]);
    const stateMachineArn = await made(client, { StartAt: 'A', States: Object.fromEntries(states) });
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    await ended(client, executionArn, 'SUCCEEDED');
    const { startDate, stopDate } = await client.send(new DescribeExecutionCommand({ executionArn }));
    const tookMs = Number(stopDate) - Number(startDate);
    expect(tookMs).toBeGreaterThanOrEqual(195);
    expect(small.meter.total('m', 'states.standard-transition')).toBe(4);
    const cloudwatch = new CloudWatchClient({ region: 'us-east-1', endpoint: small.endpoint, credentials });
    const sum = async (MetricName: string, Name: string, Value: string): Promise<number> => {
      const now = small.context.clock.now();
      const span = { StartTime: new Date(now - 3_600_000), EndTime: new Date(now + 60_000), Period: 60, Statistics: ['Sum' as const] };
      const input = { Namespace: 'AWS/States', MetricName, Dimensions: [{ Name, Value }], ...span };
      const { Datapoints = [] } = await cloudwatch.send(new GetMetricStatisticsCommand(input));
      return Datapoints.reduce((total, point) => total + (point.Sum ?? 0), 0);
    };
    expect(await sum('ExecutionThrottled', 'StateMachineArn', stateMachineArn)).toBe(2);
    expect(await sum('ThrottledEvents', 'ServiceMetric', 'StateTransition')).toBe(2);
    expect(await sum('ConsumedCapacity', 'ServiceMetric', 'StateTransition')).toBe(4);
    expect(await sum('ExecutionsSucceeded', 'StateMachineArn', stateMachineArn)).toBe(1);
    cloudwatch.destroy();
  });
});

it('ends Express executions that last too long', async () => {
  await limited({ 'states.express-duration-max': 0.15 }, async (client) => {
    const definition = JSON.stringify(wait(60));
    const { stateMachineArn } = await client.send(new CreateStateMachineCommand({ name: 'm', roleArn, definition, type: 'EXPRESS' }));
    const { status, error, billingDetails } = await client.send(new StartSyncExecutionCommand({ stateMachineArn }));
    expect({ status, error }).toEqual({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(billingDetails?.billedDurationInMilliseconds).toBe(200);
  });
});

it('fails an execution that would have more than its events', async () => {
  const choice = { Type: 'Choice', Choices: [{ Variable: '$.never', IsPresent: true, Next: 'C' }], Default: 'A' };
  const loop = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: choice, C: { Type: 'Succeed' } } };
  await limited({ 'states.history-events': 100 }, async (client) => {
    const stateMachineArn = await made(client, loop);
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    await ended(client, executionArn, 'FAILED');
    const { cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(cause).toBe('The execution reached the maximum number of history events (100).');
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    expect(events).toHaveLength(100);
    expect(events.at(-1)).toMatchObject({ id: 100, previousEventId: 99, type: 'ExecutionFailed' });
  });
});
