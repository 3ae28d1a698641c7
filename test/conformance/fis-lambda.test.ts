import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateExperimentTemplateCommand,
  type CreateExperimentTemplateTargetInput,
  FisClient,
  GetExperimentCommand,
  ListExperimentResolvedTargetsCommand,
  StartExperimentCommand,
  StopExperimentCommand,
} from '@aws-sdk/client-fis';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

/** A minute of an experiment takes three seconds; what a fault delays is of the wall's time. */
const timeScale = 20;
const layerName = '/aws/service/fis/lambda-extension/AWS-FIS-extension-arm64/1.x.x';
const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
let lab: RunningLab;
let fis: FisClient;
let lambda: LambdaClient;
let token = 0;

beforeAll(async () => {
  lab = await startTestLab({ stacks: [{ file: join(packageRoot(), 'test/conformance/functions/fis.yaml') }], timeScale });
  const options = { region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 };
  fis = new FisClient(options);
  lambda = new LambdaClient(options);
});

afterAll(async () => {
  for (const client of [fis, lambda]) client?.destroy();
  await lab?.stop();
});

type Parameters = Record<string, string>;

async function start(fault: string, parameters: Parameters, target: Partial<CreateExperimentTemplateTargetInput>): Promise<string> {
  const { experimentTemplate } = await fis.send(
    new CreateExperimentTemplateCommand({
      clientToken: `t${token++}`,
      description: fault,
      roleArn: 'arn:aws:iam::000000000000:role/fis',
      stopConditions: [{ source: 'none' }],
      targets: { functions: { resourceType: 'aws:lambda:function', selectionMode: 'ALL', ...target } },
      actions: {
        inject: { actionId: `aws:lambda:invocation-${fault}`, parameters: { duration: 'PT5M', ...parameters }, targets: { Functions: 'functions' } },
      },
    }),
  );
  const { experiment } = await fis.send(
    new StartExperimentCommand({ clientToken: `s${token++}`, experimentTemplateId: experimentTemplate?.id ?? '' }),
  );
  return experiment?.id ?? '';
}

const stateOf = async (id: string) => (await fis.send(new GetExperimentCommand({ id }))).experiment?.state;

async function invoke(FunctionName: string, event: object = {}) {
  const startMs = performance.now();
  const {
    Payload,
    FunctionError,
    LogResult = '',
  } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), LogType: 'Tail' }));
  const log = Buffer.from(LogResult, 'base64').toString();
  const billedMs = Number(/Billed Duration: (\d+)/.exec(log)?.[1]);
  return { tookMs: performance.now() - startMs, billedMs, log, FunctionError, result: JSON.parse(Payload?.transformToString() ?? 'null') };
}

type Invocation = Awaited<ReturnType<typeof invoke>>;

/** Invokes until `done`, every 50 ms of the wall; all that it saw. */
async function invokeUntil(name: string, done: (invocation: Invocation) => boolean, event: object = {}): Promise<Invocation[]> {
  const seen: Invocation[] = [];
  for (let n = 0; n < 200; n++) {
    const invocation = await invoke(name, event);
    seen.push(invocation);
    if (done(invocation)) return seen;
    await sleep(50);
  }
  throw new Error(`after 200 invocations of ${name}: ${JSON.stringify(seen.at(-1))}`);
}

const only = (name: string): Partial<CreateExperimentTemplateTargetInput> => ({ resourceArns: [arnOf(name)] });

describe('the layer', () => {
  it("has its ARN in AWS's public parameter, and is part of the function", async () => {
    const ssm = new SSMClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: layerName }));
    expect(Parameter).toMatchObject({
      ARN: `arn:aws:ssm:us-east-1::parameter${layerName}`,
      Value: expect.stringMatching(/:layer:aws-fis-extension-arm64:\d+$/),
    });
    ssm.destroy();
    const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'complete' }));
    expect(configuration.Layers).toEqual([{ Arn: Parameter?.Value }]);
  });

  it('is the only one that functions can have', async () => {
    const update = (Layers: string[]) => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'without-layer', Layers }));
    await expect(update(['arn:aws:lambda:us-east-1:123456789012:layer:other:1'])).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(update(['fis'])).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('invocation-add-delay', () => {
  it('ramps up with the slow poll, is billed, and ramps down with the hot one', async () => {
    expect((await invoke('complete')).log).toContain('AWS FIS EXTENSION - extension enabled');
    const id = await start('add-delay', { startupDelayMilliseconds: '400' }, { resourceTags: { fis: 'complete' } });
    const before = await invokeUntil('complete', ({ tookMs }) => tookMs >= 400);
    expect(before[0]?.tookMs).toBeLessThan(390);
    const delayed = await invoke('complete');
    expect(delayed.tookMs).toBeGreaterThanOrEqual(399);
    expect(delayed.billedMs).toBeGreaterThanOrEqual(400);
    expect(delayed.result.leftMs).toBeLessThan(610);
    expect(delayed.log).toContain('adding 400 milliseconds of latency to function invocation');
    expect((await stateOf(id))?.status).toBe('running');
    const { resolvedTargets } = await fis.send(new ListExperimentResolvedTargetsCommand({ experimentId: id }));
    expect(resolvedTargets).toMatchObject([{ targetInformation: { arn: arnOf('complete') } }]);
    await fis.send(new StopExperimentCommand({ id }));
    await invokeUntil('complete', ({ tookMs }) => tookMs < 390);
    expect((await stateOf(id))?.status).toBe('stopped');
  });

  it('counts towards the time-out', async () => {
    const id = await start('add-delay', { startupDelayMilliseconds: '10000' }, only('complete'));
    const seen = await invokeUntil('complete', ({ FunctionError }) => FunctionError !== undefined);
    expect(seen.at(-1)).toMatchObject({ billedMs: 1000, result: { errorType: 'Sandbox.Timedout' } });
    await fis.send(new StopExperimentCommand({ id }));
    await invokeUntil('complete', ({ FunctionError }) => FunctionError === undefined);
  });
});

describe('invocation-error', () => {
  it('fails without running the handler, or after it ran', async () => {
    const before = (await invoke('complete')).result.calls as number;
    const prevented = await start('error', { preventExecution: 'true' }, only('complete'));
    const seen = await invokeUntil('complete', ({ FunctionError }) => FunctionError !== undefined);
    for (let n = 0; n < 3; n++) expect(await invoke('complete')).toMatchObject({ FunctionError: 'Unhandled' });
    await fis.send(new StopExperimentCommand({ id: prevented }));
    const after = await invokeUntil('complete', ({ FunctionError }) => FunctionError === undefined);
    expect(after.at(-1)?.result.calls).toBe(before + seen.length);

    const id = await start('error', { preventExecution: 'false' }, { ...only('complete'), parameters: { functionQualifier: '$LATEST' } });
    const ran = await invokeUntil('complete', ({ FunctionError }) => FunctionError !== undefined);
    await fis.send(new StopExperimentCommand({ id }));
    const again = await invokeUntil('complete', ({ FunctionError }) => FunctionError === undefined);
    expect(again.at(-1)?.result.calls).toBe(before + seen.length + ran.length + again.length);
  });
});

describe('invocation-http-integration-response', () => {
  it("answers in place of the handler, and leaves the handler's own error", async () => {
    const id = await start(
      'http-integration-response',
      { contentTypeHeader: 'text/plain', statusCode: '418', preventExecution: 'false', invocationPercentage: '100' },
      only('complete'),
    );
    const seen = await invokeUntil('complete', ({ result }) => result.statusCode !== undefined);
    expect(seen.at(-1)).toMatchObject({ FunctionError: undefined, result: { statusCode: 418, headers: { 'Content-Type': 'text/plain' }, body: '' } });
    expect(await invoke('complete', { fail: true })).toMatchObject({ FunctionError: 'Unhandled', result: { errorType: 'RangeError' } });
    await fis.send(new StopExperimentCommand({ id }));
    await invokeUntil('complete', ({ result }) => result.statusCode === undefined);
  });
});

describe('what is missing', () => {
  it('layer, wrapper or permission: nothing happens, and the experiment completes', async () => {
    const names = ['without-layer', 'without-wrapper', 'without-permission'];
    const id = await start('error', { preventExecution: 'true', duration: 'PT1M' }, { resourceTags: { fis: 'nothing' } });
    while ((await stateOf(id))?.status !== 'completed') {
      for (const name of names) expect(await invoke(name), name).toMatchObject({ FunctionError: undefined });
      expect((await stateOf(id))?.status).not.toBe('failed');
      await sleep(50);
    }
    const { resolvedTargets = [] } = await fis.send(new ListExperimentResolvedTargetsCommand({ experimentId: id }));
    expect(resolvedTargets).toHaveLength(names.length);
  });

  it('the location: the experiment fails and says so', async () => {
    const id = await start('add-delay', {}, only('without-location'));
    while (!['failed', 'completed'].includes((await stateOf(id))?.status ?? '')) await sleep(20);
    expect(await stateOf(id)).toMatchObject({ status: 'failed', reason: expect.stringContaining('AWS_FIS_CONFIGURATION_LOCATION') });
  });

  it('the version that the qualifier names: the target is empty', async () => {
    const id = await start('add-delay', {}, { ...only('complete'), parameters: { functionQualifier: 'live' } });
    while (!['failed', 'completed'].includes((await stateOf(id))?.status ?? '')) await sleep(20);
    expect(await stateOf(id)).toMatchObject({ status: 'failed', reason: 'Target resolution returned empty set' });
  });

  it('the action: known ones are refused by name, others as FIS refuses them', async () => {
    const create = (actionId: string) =>
      fis.send(
        new CreateExperimentTemplateCommand({
          clientToken: `t${token++}`,
          description: actionId,
          roleArn: 'arn:aws:iam::000000000000:role/fis',
          stopConditions: [{ source: 'none' }],
          actions: { a: { actionId } },
        }),
      );
    await expect(create('aws:ec2:stop-instances')).rejects.toThrow('The action aws:ec2:stop-instances of a needs the target Instances');
    await expect(create('aws:lambda:throttle')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
