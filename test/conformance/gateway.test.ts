import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

let lab: RunningLab;

beforeAll(async () => {
  lab = await startTestLab();
});

afterAll(() => lab?.stop());

const config = () => ({ region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 });
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown) => thrown,
  );

function signed(service: string): Record<string, string> {
  const scope = `AKIALAB/20261124/us-east-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
}

function post(headers: Record<string, string>, body: string, path = '/'): Promise<Response> {
  return fetch(`${lab.endpoint}${path}`, { method: 'POST', headers, body });
}

describe('wire formats', () => {
  it('awsQuery: STS and CloudFormation, answers and errors', async () => {
    const sts = new STSClient(config());
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000000000000', Arn: 'arn:aws:iam::000000000000:user/lab' });
    const error = await failureOf(new CloudFormationClient(config()).send(new DescribeStacksCommand({ StackName: 'nothing' })));
    expect(error.name).toBe('ValidationError');
    expect(error.message).toMatch(/nothing/);
    expect(error.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('awsJson 1.1: SSM', async () => {
    const ssm = new SSMClient(config());
    await ssm.send(new PutParameterCommand({ Name: '/a', Value: 'b', Type: 'String' }));
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/a' }));
    expect(Parameter?.Value).toBe('b');
    expect(Parameter?.LastModifiedDate).toBeInstanceOf(Date);
    expect((await failureOf(ssm.send(new GetParameterCommand({ Name: '/none' })))).name).toBe('ParameterNotFound');
  });

  it('restJson: Lambda errors carry their status and header', async () => {
    const error = await failureOf(new LambdaClient(config()).send(new GetFunctionCommand({ FunctionName: 'none' })));
    expect(error.name).toBe('ResourceNotFoundException');
    expect(error.$metadata.httpStatusCode).toBe(404);
  });

  it('awsJson 1.0 and awsQuery: CloudWatch gives the same figures', async () => {
    const cloudwatch = new CloudWatchClient(config());
    const at = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    const MetricData = Array.from({ length: 200 }, (_, i) => ({ MetricName: 'm', Value: i, Timestamp: at, Unit: 'Count' as const }));
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'conformance', MetricData }));
    const read = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: at,
        EndTime: new Date(at.getTime() + 60_000),
        MetricDataQueries: [{ Id: 'q', MetricStat: { Metric: { Namespace: 'conformance', MetricName: 'm' }, Period: 60, Stat: 'Sum' } }],
      }),
    );
    expect(read.MetricDataResults?.[0]?.Values).toEqual([19_900]);
    expect(read.MetricDataResults?.[0]?.Timestamps).toEqual([at]);
    const form = new URLSearchParams({
      Action: 'GetMetricStatistics',
      Version: '2010-08-01',
      Namespace: 'conformance',
      MetricName: 'm',
      StartTime: at.toISOString(),
      EndTime: new Date(at.getTime() + 60_000).toISOString(),
      Period: '60',
      'Statistics.member.1': 'Sum',
    });
    const response = await post({ ...signed('monitoring'), 'content-type': 'application/x-www-form-urlencoded' }, form.toString());
    expect(await response.text()).toContain('<Sum>19900</Sum>');
  });
});

describe('requests that AWS refuses', () => {
  const json = { 'content-type': 'application/x-amz-json-1.0' };
  const target = (operation: string) => ({ ...json, 'x-amz-target': `DynamoDB_20120810.${operation}` });

  it('without a signature', async () => {
    const dynamo = await post(target('ListTables'), '{}');
    expect([dynamo.status, await dynamo.json()]).toEqual([
      400,
      { __type: 'com.amazon.coral.service#MissingAuthenticationTokenException', message: 'Request is missing Authentication Token' },
    ]);
    const query = await post({ 'content-type': 'application/x-www-form-urlencoded' }, 'Action=GetCallerIdentity&Version=2011-06-15');
    expect([query.status, await query.text()]).toEqual([403, expect.stringContaining('<Code>MissingAuthenticationToken</Code>')]);
  });

  it('that are not JSON, or JSON of another type', async () => {
    const broken = await post({ ...signed('dynamodb'), ...target('ListTables') }, '{');
    expect([broken.status, ((await broken.json()) as { __type: string }).__type]).toEqual([400, 'com.amazon.coral.service#SerializationException']);
    const mistyped = await post({ ...signed('ssm'), 'x-amz-target': 'AmazonSSM.GetParameter' }, '{"Name":7}');
    expect([mistyped.status, ((await mistyped.json()) as { __type: string }).__type]).toEqual([400, 'SerializationException']);
  });

  it.each(['GetItem', 'PutItem', 'Query', 'Scan', 'DescribeTable', 'UpdateTable', 'DeleteTable', 'CreateTable', 'DescribeTimeToLive'])(
    'of %s without a table name, with one of another type, or with null for a body',
    async (operation) => {
      for (const [body, error] of [
        ['{}', 'com.amazon.coral.validate#ValidationException'],
        ['{"TableName":7}', 'com.amazon.coral.service#SerializationException'],
        ['null', 'com.amazon.coral.service#SerializationException'],
        ['7', 'com.amazon.coral.service#SerializationException'],
      ] as const) {
        const response = await post({ ...signed('dynamodb'), ...target(operation) }, body);
        expect([body, response.status, ((await response.json()) as { __type: string }).__type]).toEqual([body, 400, error]);
      }
    },
  );

  it('of REST services, in body and path', async () => {
    const template = { clientToken: 't', description: 'd', roleArn: 'arn:aws:iam::000000000000:role/fis', stopConditions: [{ source: 'none' }] };
    for (const [service, path, body] of [
      ['fis', '/experimentTemplates', 'null'],
      ['fis', '/experimentTemplates', JSON.stringify({ ...template, actions: { a: null } })],
      ['fis', '/experimentTemplates', JSON.stringify({ ...template, actions: { a: { actionId: 7 } } })],
      ['fis', '/experimentTemplates', JSON.stringify({ ...template, actions: null })],
      ['lambda', '/2015-03-31/functions', 'null'],
      ['lambda', '/2015-03-31/functions/%zz/invocations', '{}'],
    ] as const) {
      const response = await post(signed(service), body, path);
      expect([path, body, response.status]).toEqual([path, body, 400]);
      expect(response.headers.get('x-amzn-errortype')).toMatch(/^(Serialization|Validation)Exception$/);
    }
  });

  it('for an operation that there is not, by name', async () => {
    const json = await post({ ...signed('dynamodb'), ...target('MakeCoffee') }, '{}');
    const { __type, message } = (await json.json()) as { __type: string; message: string };
    expect([json.status, __type]).toEqual([400, 'com.amazon.coral.service#UnknownOperationException']);
    expect(message).toContain('dynamodb.MakeCoffee');
    const query = await post({ ...signed('sts'), 'content-type': 'application/x-www-form-urlencoded' }, 'Action=MakeCoffee');
    expect([query.status, await query.text()]).toEqual([400, expect.stringContaining('<Code>InvalidAction</Code>')]);
    const rest = await post(signed('lambda'), '{}', '/2015-03-31/coffee');
    expect([rest.status, rest.headers.get('x-amzn-errortype')]).toEqual([404, 'UnknownOperationException']);
    const service = await post({ ...signed('polly') }, '');
    expect([service.status, await service.text()]).toEqual([404, expect.stringContaining('no service polly')]);
  });

  it('with a body beyond every limit', async () => {
    const small = await startTestLab({ quotas: lab.context.quotas.with({ 'http.max-request-bytes': 1000 }, 'test', '2026-11-24') });
    const response = await fetch(small.endpoint, { method: 'POST', headers: signed('dynamodb'), body: 'x'.repeat(2000) });
    expect(response.status).toBe(413);
    await small.stop();
  });
});

describe('the server', () => {
  it('says that it is a lab, and what time it is there', async () => {
    const description = (await (await fetch(`${lab.endpoint}/_proofload/lab`)).json()) as Record<string, unknown>;
    expect(description).toMatchObject({ account: '000000000000', region: 'us-east-1', frontDoors: {}, timeScale: 1, pid: process.pid });
    expect(Math.abs(Number(description['nowMs']) - Date.now())).toBeLessThan(1000);
  });

  it('refuses a port that is in use, with a hint', async () => {
    const error = await failureOf(startTestLab({ port: Number(new URL(lab.endpoint).port) }));
    expect(error).toMatchObject({ code: 'port-in-use', exit: 'usage', hint: expect.stringContaining('--port') });
  });

  it('closes idle connections when it stops', async () => {
    const other = await startTestLab();
    const socket = connect(Number(new URL(other.endpoint).port), '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.on('connect', resolve));
    socket.write('GET /_proofload/lab HTTP/1.1\r\nhost: lab\r\n\r\n');
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    expect(answer).toMatch(/keep-alive: timeout=60/i);
    await other.stop();
    await closed;
  });
});

it('publishes how late it was, by operation', async () => {
  await new DynamoDBClient(config()).send(new ListTablesCommand({}));
  const cloudwatch = new CloudWatchClient(config());
  const now = Date.now();
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 120_000),
      EndTime: new Date(now + 60_000),
      MetricDataQueries: [
        {
          Id: 'q',
          MetricStat: {
            Metric: { Namespace: 'Proofload/Lab', MetricName: 'Excess', Dimensions: [{ Name: 'Operation', Value: 'dynamodb.ListTables' }] },
            Period: 60,
            Stat: 'SampleCount',
          },
        },
      ],
    }),
  );
  expect(MetricDataResults?.[0]?.Values?.reduce((sum, each) => sum + each, 0)).toBe(1);
});

const aws = await promisify(execFile)('aws', ['--version']).then(
  () => true,
  () => false,
);

it.skipIf(!aws)('serves the AWS CLI (skipped when `aws` is not on the PATH)', async () => {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: lab.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  const run = async (...args: string[]) => JSON.parse((await promisify(execFile)('aws', [...args, '--output', 'json'], { env })).stdout || '{}');
  const [identity, tables, metrics, alarms] = await Promise.all([
    run('sts', 'get-caller-identity'),
    run('dynamodb', 'list-tables'),
    run('cloudwatch', 'list-metrics', '--namespace', 'Proofload/Lab'),
    run('cloudwatch', 'describe-alarms'),
  ]);
  expect(identity.Account).toBe('000000000000');
  expect(tables.TableNames).toEqual([]);
  expect(metrics.Metrics.length).toBeGreaterThan(0);
  expect(alarms.MetricAlarms).toEqual([]);
});
