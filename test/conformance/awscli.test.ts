import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

const hasCli = spawnSync('aws', ['--version']).status === 0;
const run = promisify(execFile);

describe.skipIf(!hasCli)(`the AWS CLI against the lab${hasCli ? '' : ' (skipped: aws is not on PATH)'}`, () => {
  let lab: RunningLab;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'proofload-awscli-'));
    const file = join(packageRoot(), 'scenarios/checkout/sync/template.yaml');
    lab = await startTestLab({ timeScale: 60, stacks: [{ file }] });
  });
  afterAll(async () => {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** One call of the CLI; its JSON answer, or {} where it answers nothing. */
  async function aws(...args: string[]): Promise<Record<string, unknown>> {
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      AWS_ENDPOINT_URL: lab.endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_DEFAULT_OUTPUT: 'json',
    };
    const { stdout } = await run('aws', args, { env, cwd: folder });
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
  }

  async function physicalName(logicalId: string): Promise<string> {
    const { StackResources } = await aws('cloudformation', 'describe-stack-resources', '--stack-name', 'checkout-sync');
    const found = (StackResources as { LogicalResourceId: string; PhysicalResourceId: string }[]).find(
      (each) => each.LogicalResourceId === logicalId,
    );
    return found?.PhysicalResourceId ?? '';
  }

  it('answers STS, CloudFormation and DynamoDB', async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: '000000000000' });
    expect(await aws('cloudformation', 'describe-stacks')).toMatchObject({
      Stacks: [{ StackName: 'checkout-sync', StackStatus: 'CREATE_COMPLETE' }],
    });
    const table = await physicalName('CartsTable');
    await aws('dynamodb', 'put-item', '--table-name', table, '--item', '{"cartId":{"S":"c"},"n":{"N":"1"}}');
    expect(await aws('dynamodb', 'get-item', '--table-name', table, '--key', '{"cartId":{"S":"c"}}')).toMatchObject({ Item: { n: { N: '1' } } });
  });

  it('invokes a function and sets its concurrency', async () => {
    const name = await physicalName('PaymentProviderFunction');
    const reply = await aws('lambda', 'invoke', '--function-name', name, '--payload', '{}', join(folder, 'out.json'));
    expect(reply).toMatchObject({ StatusCode: 200 });
    await aws('lambda', 'put-function-concurrency', '--function-name', name, '--reserved-concurrent-executions', '3');
    expect(await aws('lambda', 'get-function-concurrency', '--function-name', name)).toEqual({ ReservedConcurrentExecutions: 3 });
  });

  it('puts metrics and alarms, and reads them', async () => {
    await aws('cloudwatch', 'put-metric-data', '--namespace', 'Shop', '--metric-name', 'Sold', '--value', '7');
    expect(await aws('cloudwatch', 'list-metrics', '--namespace', 'Shop')).toMatchObject({ Metrics: [{ MetricName: 'Sold' }] });
    const alarm = ['--alarm-name', 'sold-out', '--namespace', 'Shop', '--metric-name', 'Sold', '--statistic', 'Sum', '--period', '60'];
    await aws(
      'cloudwatch',
      'put-metric-alarm',
      ...alarm,
      '--evaluation-periods',
      '1',
      '--threshold',
      '1',
      '--comparison-operator',
      'GreaterThanThreshold',
    );
    expect(await aws('cloudwatch', 'describe-alarms', '--alarm-names', 'sold-out')).toMatchObject({ MetricAlarms: [{ AlarmName: 'sold-out' }] });
    const now = lab.context.clock.now();
    const [start, end] = [now - 3_600_000, now + 3_600_000].map((ms) => new Date(ms).toISOString());
    const statistics = await aws(
      'cloudwatch',
      'get-metric-statistics',
      '--namespace',
      'Shop',
      '--metric-name',
      'Sold',
      '--statistics',
      'Sum',
      '--period',
      '60',
      '--start-time',
      start!,
      '--end-time',
      end!,
    );
    expect(statistics).toMatchObject({ Datapoints: [{ Sum: 7 }] });
  });

  it('keeps parameters, deploys a fault and runs its experiment', async () => {
    await aws('ssm', 'put-parameter', '--name', '/shop/a', '--type', 'String', '--value', 'b');
    expect(await aws('ssm', 'get-parameter', '--name', '/shop/a')).toMatchObject({ Parameter: { Value: 'b' } });
    const fault = join(packageRoot(), 'chaos/lambda-throttle.yaml');
    const name = await physicalName('PlaceOrderFunction');
    await run(
      'aws',
      [
        'cloudformation',
        'deploy',
        '--template-file',
        fault,
        '--stack-name',
        'lambda-throttle',
        '--capabilities',
        'CAPABILITY_IAM',
        '--parameter-overrides',
        `FunctionName=${name}`,
      ],
      {
        env: { ...process.env, AWS_ENDPOINT_URL: lab.endpoint, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_DEFAULT_REGION: 'us-east-1' },
      },
    );
    const { experimentTemplates } = await aws('fis', 'list-experiment-templates');
    const id = (experimentTemplates as { id: string }[])[0]?.id ?? '';
    const started = await aws('fis', 'start-experiment', '--experiment-template-id', id);
    expect(started).toMatchObject({ experiment: { experimentTemplateId: id } });
    const experimentId = (started['experiment'] as { id: string }).id;
    await aws('fis', 'stop-experiment', '--id', experimentId);
    expect(await aws('fis', 'get-experiment', '--id', experimentId)).toMatchObject({ experiment: { id: experimentId } });
    expect(await aws('ssm', 'describe-automation-executions')).toMatchObject({
      AutomationExecutionMetadataList: [{ DocumentName: expect.stringContaining('lambda-throttle') }],
    });
  });

  it('tells errors in the words of the CLI', async () => {
    await expect(aws('lambda', 'get-function', '--function-name', 'nobody')).rejects.toThrow(/ResourceNotFoundException.*Function not found/s);
    await expect(aws('cloudformation', 'describe-stacks', '--stack-name', 'nobody')).rejects.toThrow(
      /ValidationError.*Stack with id nobody does not exist/s,
    );
  });
});
