import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import { bundleFolder } from '../../lib/lab/functions/bundle.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

const folder = join(packageRoot(), 'test/conformance/functions');
let lab: RunningLab;
let lambda: LambdaClient;

beforeAll(async () => {
  lab = await startTestLab({ stacks: [{ file: join(folder, 'template.yaml') }] });
  lambda = new LambdaClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 });
});

afterAll(async () => {
  lambda?.destroy();
  await lab?.stop();
});

async function invoke(FunctionName: string, event: object = {}, more: object = {}) {
  const output = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }));
  return { ...output, result: JSON.parse(output.Payload?.transformToString() ?? 'null') };
}

describe('Invoke', () => {
  it('runs the handler and reports as AWS does', async () => {
    const output = await invoke('probe', { do: 'context' }, { LogType: 'Tail' });
    expect(output).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(output.FunctionError).toBeUndefined();
    expect(output.result).toMatchObject({
      functionName: 'probe',
      memoryLimitInMB: '1769',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:probe',
      logGroupName: '/aws/lambda/probe',
      awsRequestId: output.$metadata.requestId,
      region: 'us-east-1',
      own: 'mine',
    });
    expect(output.result.left).toBeGreaterThan(500);
    const log = Buffer.from(output.LogResult ?? '', 'base64').toString();
    expect(log).toContain(`START RequestId: ${output.$metadata.requestId} Version: $LATEST\n`);
    expect(log).toMatch(/\tINFO\tcalled with \{"do":"context"\}\n/);
    expect(log).toMatch(/REPORT RequestId: [^\n]+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 1769 MB\tInit Duration: [\d.]+ ms/);
  });

  it('takes names, ARNs and $LATEST; refuses what is not there with AWS words', async () => {
    for (const name of ['arn:aws:lambda:us-east-1:000000000000:function:probe', '000000000000:function:probe', 'probe:$LATEST']) {
      expect((await invoke(name)).StatusCode).toBe(200);
    }
    await expect(invoke('nope')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nope',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(invoke('probe', {}, { Qualifier: 'live' })).rejects.toThrow('function:probe:live');
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'probe', Payload: 'no json' }))).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
    expect(await lambda.send(new InvokeCommand({ FunctionName: 'probe', InvocationType: 'DryRun' }))).toMatchObject({ StatusCode: 204 });
  });

  it('turns what a handler throws into the error payload, with the place in its source', async () => {
    const { FunctionError, result } = await invoke('probe', { do: 'throw' });
    expect(FunctionError).toBe('Unhandled');
    expect(result).toMatchObject({ errorType: 'RangeError', errorMessage: 'no such thing' });
    expect(result.trace[0]).toBe('RangeError: no such thing');
    expect(result.trace[1]).toMatch(/at .*handler \(\/var\/task\/probe\.ts:\d+:\d+\)/);
    expect(result.trace.join()).not.toContain(packageRoot());
  });

  it('contains a rejection nobody handles and an exit in their environment', async () => {
    const rejected = await invoke('probe', { do: 'reject' });
    expect(rejected).toMatchObject({
      FunctionError: 'Unhandled',
      result: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: nobody listens' },
    });
    const exited = await invoke('probe', { do: 'exit' });
    expect(exited.result).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${exited.$metadata.requestId} Error: Runtime exited with error: exit status 2`,
    });
    expect((await invoke('probe')).result).toEqual({ calls: 1, seen: 1, env: '1' });
  });

  it('reaches other services through the SDK, and gets their errors', async () => {
    expect((await invoke('probe', { do: 'put', table: 'items', id: 'from-function' })).result).toEqual({ status: 200 });
    const dynamodb = new DynamoDBClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
    expect((await dynamodb.send(new GetItemCommand({ TableName: 'items', Key: { id: { S: 'from-function' } } }))).Item).toBeDefined();
    dynamodb.destroy();
    expect((await invoke('probe', { do: 'missing' })).result).toBe('ResourceNotFoundException');
  });
});

describe('environments', () => {
  it('share nothing: two at once each count for themselves, and one is reused', async () => {
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'neighbour', Description: 'fresh environments' }));
    const both = await Promise.all([invoke('neighbour', { do: 'sleep', ms: 200 }), invoke('neighbour', { do: 'sleep', ms: 200 })]);
    for (const { result } of both) expect(result).toEqual({ calls: 1, seen: 1, env: '1' });
    expect((await invoke('neighbour')).result).toEqual({ calls: 2, seen: 2, env: '2' });
  });
});

describe('time-outs', () => {
  it('are AWS errors, on the wall', async () => {
    const { FunctionError, result, $metadata, LogResult } = await invoke('probe', { do: 'sleep', ms: 5000 }, { LogType: 'Tail' });
    expect(FunctionError).toBe('Unhandled');
    expect(result).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${$metadata.requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toContain(`${$metadata.requestId} Task timed out after 1.00 seconds\n`);
  });

  it('end an endless loop while the lab goes on answering, and other functions run again', async () => {
    const looping = invoke('probe', { do: 'loop' });
    const answered: number[] = [];
    for (let i = 0; i < 8; i++) {
      const startedAt = performance.now();
      await lambda.send(new GetAccountSettingsCommand({}));
      answered.push(performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(Math.max(...answered)).toBeLessThan(300);
    expect((await looping).result).toMatchObject({ errorType: 'Sandbox.Timedout' });
    // Anew, or as before where a busy machine had parted the two already.
    expect((await invoke('neighbour')).result).toMatchObject({ calls: expect.any(Number) });
    expect((await invoke('probe')).result).toMatchObject({ calls: 1 });
  });
});

describe('concurrency', () => {
  it('is reserved, read and removed; 0 is not none; 100 stay unreserved', async () => {
    const FunctionName = 'echo';
    const read = async () => (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
    const unreserved = async () => (await lambda.send(new GetAccountSettingsCommand({}))).AccountLimit;
    expect(await read()).toBeUndefined();
    expect(await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }))).toMatchObject({
      ReservedConcurrentExecutions: 0,
    });
    expect(await read()).toBe(0);
    await expect(invoke(FunctionName)).rejects.toMatchObject({ Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' });
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 900 }));
    expect(await unreserved()).toMatchObject({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 100 });
    await expect(lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 901 }))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
      $metadata: { httpStatusCode: 400 },
    });
    expect((await lambda.send(new GetFunctionCommand({ FunctionName }))).Concurrency).toEqual({ ReservedConcurrentExecutions: 900 });
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await read()).toBeUndefined();
    await expect(lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'nope', ReservedConcurrentExecutions: 1 }))).rejects.toThrow(
      'Function not found',
    );
  });

  it('throttles the call beyond the reservation as AWS does, and attempts are invocations and throttles', async () => {
    const FunctionName = 'neighbour';
    const startMs = lab.context.clock.now();
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }));
    const before = { invocations: await metric(FunctionName, 'Invocations', startMs), throttles: await metric(FunctionName, 'Throttles', startMs) };
    const slow = invoke(FunctionName, { do: 'sleep', ms: 300 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(invoke(FunctionName)).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
      $metadata: { httpStatusCode: 429 },
    });
    await slow;
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect((await metric(FunctionName, 'Invocations', startMs)) - before.invocations).toBe(1);
    expect((await metric(FunctionName, 'Throttles', startMs)) - before.throttles).toBe(1);
  });

  async function metric(FunctionName: string, MetricName: string, startMs: number): Promise<number> {
    const cloudwatch = new CloudWatchClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
    const Dimensions = [{ Name: 'FunctionName', Value: FunctionName }];
    const StartTime = new Date(Math.floor(startMs / 60_000) * 60_000);
    const EndTime = new Date(StartTime.getTime() + 600_000);
    const input = { Namespace: 'AWS/Lambda', MetricName, Dimensions, StartTime, EndTime, Period: 60, Statistics: ['Sum' as const] };
    const { Datapoints = [] } = await cloudwatch.send(new GetMetricStatisticsCommand(input));
    cloudwatch.destroy();
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  }
});

describe('functions', () => {
  it('are described and listed', async () => {
    const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'probe' }));
    expect(configuration).toMatchObject({
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:probe',
      Runtime: 'nodejs22.x',
      Handler: 'probe.handler',
      MemorySize: 1769,
      Timeout: 1,
      State: 'Active',
      Architectures: ['x86_64'],
      Environment: { Variables: { OWN: 'mine' } },
    });
    expect(configuration.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    expect(Functions.map(({ FunctionName }) => FunctionName)).toEqual(['echo', 'neighbour', 'probe']);
    expect((await lambda.send(new ListTagsCommand({ Resource: configuration.FunctionArn! }))).Tags).toEqual({ 'lambda:createdBy': 'SAM' });
  });

  it('are created from a zip, changed and deleted', async () => {
    const code =
      'exports.handler = (event, context, done) => { leaked = 1; const answer = { got: event, seen: typeof leaked, value: process.env.A }; setTimeout(() => done(null, answer), event.ms); };';
    const input = { FunctionName: 'zipped', Runtime: 'nodejs20.x', Role: 'arn:aws:iam::000000000000:role/r', Handler: 'index.handler' } as const;
    await lambda.send(new CreateFunctionCommand({ ...input, Code: { ZipFile: oneFile('index.js', code) } }));
    expect((await invoke('zipped', { a: 1 })).result).toEqual({ got: { a: 1 }, seen: 'number' });
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'zipped', Environment: { Variables: { A: 'b' } }, MemorySize: 256 }));
    expect((await invoke('zipped')).result).toMatchObject({ value: 'b' });
    await expect(lambda.send(new CreateFunctionCommand({ ...input, Code: { ZipFile: oneFile('index.js', code) } }))).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    const running = invoke('zipped', { ms: 200 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await lambda.send(new DeleteFunctionCommand({ FunctionName: 'zipped' }));
    expect((await running).result).toMatchObject({ got: { ms: 200 } });
    expect(lab.meter.total('zipped', 'lambda.request')).toBe(3);
    await expect(invoke('zipped')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const refused = { ...input, FunctionName: 'other', Code: { ZipFile: Buffer.from('no zip') } };
    await expect(lambda.send(new CreateFunctionCommand(refused))).rejects.toThrow('Could not unzip uploaded file');
    const unknown = { ...input, Runtime: 'python3.13' as const, Code: { ZipFile: oneFile('index.js', code) } };
    await expect(lambda.send(new CreateFunctionCommand(unknown))).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  it('fail to start as on AWS', async () => {
    const create = (FunctionName: string, code: string, Handler = 'index.handler') =>
      lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Runtime: 'nodejs22.x',
          Role: 'arn:aws:iam::000000000000:role/r',
          Handler,
          Code: { ZipFile: oneFile('index.js', code) },
        }),
      );
    await create('no-handler', 'exports.other = 1;');
    expect((await invoke('no-handler')).result).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.handler is undefined or not exported',
    });
    await create('bad-init', 'throw new TypeError("at the top");');
    expect(await invoke('bad-init')).toMatchObject({ FunctionError: 'Unhandled', result: { errorType: 'TypeError', errorMessage: 'at the top' } });
    await create('no-module', 'require("@aws-sdk/client-nothing"); exports.handler = async () => 1;');
    expect((await invoke('no-module')).result).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  });
});

it('the same bundle run by plain node against the port answers the same', async () => {
  const event = { do: 'put', table: 'items', id: 'from-node' };
  const inside = (await invoke('probe', event)).result;
  const { code } = await bundleFolder(folder, 'probe.ts');
  const scratch = mkdtempSync(join(tmpdir(), 'proofload-bundle-'));
  try {
    const script = `const { createRequire } = require('node:module'); const own = createRequire(${JSON.stringify(join(packageRoot(), 'package.json'))});
      const module_ = { exports: {} };
      new Function('require', 'module', 'exports', '__moduleUrl', ${JSON.stringify(code)})(own, module_, module_.exports, '');
      module_.exports.handler(${JSON.stringify(event)}, {}).then((value) => process.stderr.write(JSON.stringify(value)));`;
    writeFileSync(join(scratch, 'run.cjs'), script);
    const env = {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: lab.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIALAB',
      AWS_SECRET_ACCESS_KEY: 'lab',
    };
    const { stderr } = await promisify(execFile)(process.execPath, [join(scratch, 'run.cjs')], { env });
    expect(JSON.parse(stderr)).toEqual(inside);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** A zip archive of one deflated file. */
function oneFile(name: string, text: string): Buffer {
  const packed = deflateRawSync(text);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(Buffer.byteLength(text), 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end]);
}
