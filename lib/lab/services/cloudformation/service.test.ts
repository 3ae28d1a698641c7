import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change, Stack, StackEvent, StackResource } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { virtualClock } from '../../../core/clock.ts';
import { AwsError, ProofloadError } from '../../../core/errors.ts';
import { Numbers } from '../../../core/numbers.ts';
import { packageRoot } from '../../../core/package-root.ts';
import { seededRng } from '../../../core/rng.ts';
import type { LabContext, ResourceHandler } from '../../contract.ts';
import { type CloudFormationService, createCloudFormationService } from './service.ts';

let folder: string;
/** What exists in the fake services, in order of creation: `<type>/<name>`. */
let existing: Map<string, Readonly<Record<string, unknown>>>;
let service: CloudFormationService;

/** A service whose resources have a Name and an Arn, and refuse the name `taken`. */
function thing(type: string, nameProperty: string): ResourceHandler {
  return {
    type,
    properties: [nameProperty, 'Size', 'Url', 'Other'],
    create: ({ properties }) => {
      const name = String(properties[nameProperty]);
      if (name.startsWith('taken') || existing.has(`${type}/${name}`)) throw new AwsError('ResourceInUseException', `${name} exists already`);
      existing.set(`${type}/${name}`, properties);
      return { physicalId: name, attributes: { Arn: `arn/${name}` } };
    },
    remove: (name) => void existing.delete(`${type}/${name}`),
  };
}

/** One whose Size changes in place; anything else takes a new one. */
function changeable(type: string, nameProperty: string): ResourceHandler {
  return {
    ...thing(type, nameProperty),
    update(name, { properties }) {
      const before = existing.get(`${type}/${name}`);
      if (properties[nameProperty] !== name || before?.['Other'] !== properties['Other']) return undefined;
      existing.set(`${type}/${name}`, properties);
      return { physicalId: name, attributes: { Arn: `arn/${name}` } };
    },
  };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stacks-'));
  existing = new Map();
  const context: LabContext = {
    account: '123456789012',
    region: 'eu-west-1',
    clock: virtualClock(),
    wall: virtualClock(),
    rng: seededRng('test'),
    quotas: Numbers.fromFolder(join(packageRoot(), 'config/quotas')),
    latency: new Numbers([]),
    delays: false,
    asAwsIs: false,
    metrics: { series: () => ({ add: () => undefined }) },
    meter: () => undefined,
    endpoint: () => 'http://127.0.0.1:4566',
    call: () => Promise.reject(new Error('not called')),
    wire: () => Promise.reject(new Error('not called')),
    arn: (name, resource) => `arn:aws:${name}:eu-west-1:123456789012:${resource}`,
  };
  service = createCloudFormationService(context, () => [
    thing('AWS::Lambda::Function', 'FunctionName'),
    thing('AWS::SSM::Document', 'Name'),
    thing('AWS::IAM::Role', 'RoleName'),
    changeable('AWS::SQS::Queue', 'QueueName'),
  ]);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function call<Output>(operation: string, input: object): Promise<Output> {
  return (await service.operations[operation]?.act(input as never, {
    requestId: '',
    caller: { kind: 'http' },
    arrivedMs: 0,
    modelledMs: 0,
  })) as Output;
}
async function stackOf(name: string): Promise<Stack | undefined> {
  return (await call<{ Stacks: Stack[] }>('DescribeStacks', { StackName: name })).Stacks[0];
}
function file(text: string, name = 'shop.yaml'): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
async function errorOf(promise: Promise<unknown>): Promise<ProofloadError & AwsError> {
  return promise.then(
    () => Promise.reject(new Error('nothing was thrown')),
    (thrown) => thrown,
  );
}

const two = [
  'Parameters: {Size: {Type: Number, Default: 3}}',
  'Resources:',
  '  Doc: {Type: AWS::SSM::Document, Properties: {Other: !GetAtt Fn.Arn, Size: !Ref Size}}',
  `  Fn: {Type: AWS::Lambda::Function, Properties: {Url: !Sub "https://abc123.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/x"}}`,
  'Outputs:',
  `  Api: {Description: where, Value: !Sub "https://abc123.execute-api.\${AWS::Region}.amazonaws.com/orders"}`,
  `  Name: {Value: !Ref Fn, Export: {Name: !Sub "\${AWS::StackName}-fn"}}`,
].join('\n');

describe('loadStack', () => {
  it('creates resources in order, under generated names, and describes them', async () => {
    await service.loadStack({ file: file(two) });
    expect([...existing.keys()]).toEqual([
      expect.stringMatching(/^AWS::Lambda::Function\/shop-Fn-[A-Z0-9]{12}$/),
      expect.stringMatching(/^AWS::SSM::Document\/shop-Doc-[A-Z0-9]{12}$/),
    ]);
    const [fn, doc] = [...existing.values()];
    expect(fn).toMatchObject({ Url: 'http://127.0.0.1:4566/_api/abc123/x' });
    expect(doc).toMatchObject({ Other: `arn/${fn?.['FunctionName']}`, Size: '3' });
    expect(await stackOf('shop')).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      Parameters: [{ ParameterKey: 'Size', ParameterValue: '3' }],
      Outputs: [
        { OutputKey: 'Api', OutputValue: 'http://127.0.0.1:4566/_api/abc123/orders', Description: 'where' },
        { OutputKey: 'Name', OutputValue: fn?.['FunctionName'], ExportName: 'shop-fn' },
      ],
    });
  });

  it('takes back what it created when a resource fails, and says which, where and why', async () => {
    const text = 'Resources:\n  A: {Type: AWS::Lambda::Function}\n  B:\n    Type: AWS::SSM::Document\n    Properties: {Name: taken, Other: !Ref A}\n';
    const error = await errorOf(service.loadStack({ file: file(text) }));
    expect(error).toBeInstanceOf(ProofloadError);
    expect(error.code).toBe('stack-failed');
    expect(error.message).toBe(
      `${join(folder, 'shop.yaml')}:3: resource B (AWS::SSM::Document) cannot be created: ResourceInUseException: taken exists already`,
    );
    expect(existing.size).toBe(0);
    expect((await stackOf('shop'))?.StackStatus).toBe('ROLLBACK_COMPLETE');
  });

  it('touches nothing when a type is unsupported, and refuses a stack name that is taken', async () => {
    const bad = 'Resources:\n  A: {Type: AWS::Lambda::Function}\n  Q: {Type: AWS::SNS::Topic}\n';
    expect(await errorOf(service.loadStack({ file: file(bad) }))).toMatchObject({
      code: 'unsupported-resource',
      message: expect.stringContaining(':3: resource Q: type AWS::SNS::Topic'),
    });
    expect(existing.size).toBe(0);
    await service.loadStack({ file: file(two) });
    expect(await errorOf(service.loadStack({ file: file(two) }))).toMatchObject({ code: 'stack-exists' });
  });
});

describe('the API', () => {
  it('answers as AWS does for what does not exist', async () => {
    expect(await errorOf(call('DescribeStacks', { StackName: 'none' }))).toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id none does not exist',
    });
    expect(await errorOf(call('DescribeStackResource', { StackName: 'none', LogicalResourceId: 'x' }))).toMatchObject({
      message: "Stack 'none' does not exist",
    });
    expect(await errorOf(call('DescribeChangeSet', { StackName: 'none', ChangeSetName: 'c' }))).toMatchObject({
      name: 'ChangeSetNotFound',
      statusCode: 404,
    });
    expect(await call('DeleteStack', { StackName: 'none' })).toEqual({});
  });

  it('finds stacks by id after they are deleted, and by name no more', async () => {
    const { StackId } = await call<{ StackId: string }>('CreateStack', { StackName: 's', TemplateBody: two });
    expect(await errorOf(call('CreateStack', { StackName: 's', TemplateBody: two }))).toMatchObject({ name: 'AlreadyExistsException' });
    await call('DeleteStack', { StackName: 's' });
    expect(existing.size).toBe(0);
    expect((await stackOf(StackId))?.StackStatus).toBe('DELETE_COMPLETE');
    expect(await errorOf(stackOf('s'))).toMatchObject({ message: 'Stack with id s does not exist' });
  });

  it.each([
    [
      { TemplateBody: 'Parameters: {A: {Type: String}}\nResources: {F: {Type: AWS::Lambda::Function}}' },
      'ValidationError',
      'Parameters: [A] must have values',
    ],
    [
      { TemplateBody: two, Parameters: [{ ParameterKey: 'B', ParameterValue: '1' }] },
      'ValidationError',
      'Parameters: [B] do not exist in the template',
    ],
    [{ TemplateBody: 'Resources: {R: {Type: AWS::IAM::Role}}' }, 'InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_IAM]'],
    [
      { TemplateBody: 'Resources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: r}}}', Capabilities: ['CAPABILITY_IAM'] },
      'InsufficientCapabilitiesException',
      'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    ],
    [{}, 'ValidationError', 'Either Template URL or Template Body must be specified.'],
  ])('refuses %j', async (input, name, message) =>
    expect(await errorOf(call('CreateStack', { StackName: 's', ...input }))).toMatchObject({ name, message }),
  );

  it('rolls back a failed creation, keeps the reason, and lists what happened', async () => {
    await call('CreateStack', {
      StackName: 's',
      TemplateBody: 'Resources: {A: {Type: AWS::SSM::Document}, B: {Type: AWS::SSM::Document, DependsOn: A, Properties: {Name: taken}}}',
    });
    expect(await stackOf('s')).toMatchObject({
      StackStatus: 'ROLLBACK_COMPLETE',
      StackStatusReason: expect.stringContaining('taken exists already'),
    });
    const { StackEvents } = await call<{ StackEvents: StackEvent[] }>('DescribeStackEvents', { StackName: 's' });
    expect(StackEvents.map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`).reverse()).toEqual([
      's CREATE_IN_PROGRESS',
      'A CREATE_IN_PROGRESS',
      'A CREATE_COMPLETE',
      'B CREATE_IN_PROGRESS',
      'B CREATE_FAILED',
      's ROLLBACK_IN_PROGRESS',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      's ROLLBACK_COMPLETE',
    ]);
    expect(await errorOf(call('UpdateStack', { StackName: 's', TemplateBody: two }))).toMatchObject({
      message: expect.stringContaining('is in ROLLBACK_COMPLETE state'),
    });
  });
});

describe('updates', () => {
  const resourcesOf = async (): Promise<Record<string, string | undefined>> => {
    const { StackResources } = await call<{ StackResources: StackResource[] }>('DescribeStackResources', { StackName: 's' });
    return Object.fromEntries(StackResources.map(({ LogicalResourceId = '', PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]));
  };
  const update = (size: string) =>
    call('UpdateStack', { StackName: 's', UsePreviousTemplate: true, Parameters: [{ ParameterKey: 'Size', ParameterValue: size }] });

  beforeEach(() => call('CreateStack', { StackName: 's', TemplateBody: two }));

  it('replace what changed and keep the rest', async () => {
    const before = await resourcesOf();
    await update('4');
    const after = await resourcesOf();
    expect(after['Fn']).toBe(before['Fn']);
    expect(after['Doc']).not.toBe(before['Doc']);
    expect([...existing.keys()].sort()).toEqual([`AWS::Lambda::Function/${after['Fn']}`, `AWS::SSM::Document/${after['Doc']}`]);
    expect(await errorOf(update('4'))).toMatchObject({ message: 'No updates are to be performed.' });
  });

  it('change in place what can be, under its generated name, and take that back when another resource fails', async () => {
    const queues = (size: number, other: string, more = '') =>
      `Resources:\n  Jobs: {Type: AWS::SQS::Queue, Properties: {Size: ${size}, Other: ${other}}}\n${more}Outputs: {Arn: {Value: !GetAtt Jobs.Arn}}\n`;
    const jobs = async () => (await call<{ StackResources: StackResource[] }>('DescribeStackResources', { StackName: 'q' })).StackResources[0];
    await call('CreateStack', { StackName: 'q', TemplateBody: queues(1, 'a') });
    const id = (await jobs())?.PhysicalResourceId;
    const of = (name = id) => existing.get(`AWS::SQS::Queue/${name}`);
    await call('UpdateStack', { StackName: 'q', TemplateBody: queues(2, 'a') });
    expect([(await jobs())?.PhysicalResourceId, (await jobs())?.ResourceStatus, of()?.['Size']]).toEqual([id, 'UPDATE_COMPLETE', 2]);
    const bad = '  Bad: {Type: AWS::SSM::Document, Properties: {Name: taken, Size: !GetAtt Jobs.Arn}}\n';
    await call('UpdateStack', { StackName: 'q', TemplateBody: queues(3, 'a', bad) });
    expect([(await stackOf('q'))?.StackStatus, of()?.['Size']]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 2]);
    await call('UpdateStack', { StackName: 'q', TemplateBody: queues(2, 'b') });
    expect((await jobs())?.PhysicalResourceId).not.toBe(id);
    expect(of()).toBeUndefined();
  });

  it('that fail leave everything as it was', async () => {
    const before = await resourcesOf();
    const worse =
      `${two.replace('Fn: {Type: AWS::Lambda::Function, Properties: {', 'Fn: {Type: AWS::Lambda::Function, Properties: {Other: new, ')}`.replace(
        'Outputs:',
        '  Bad: {Type: AWS::SSM::Document, Properties: {Name: taken, Other: !Ref Doc}}\nOutputs:',
      );
    await call('UpdateStack', { StackName: 's', TemplateBody: worse });
    expect((await stackOf('s'))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await resourcesOf()).toEqual(before);
    expect(existing.size).toBe(2);
  });
});

describe('change sets', () => {
  it('make a stack in review, then create it; a second one without changes fails as the CLI expects', async () => {
    const input = { StackName: 's', TemplateBody: two, Capabilities: ['CAPABILITY_IAM'] };
    await call('CreateChangeSet', { ...input, ChangeSetName: 'first', ChangeSetType: 'CREATE' });
    expect((await stackOf('s'))?.StackStatus).toBe('REVIEW_IN_PROGRESS');
    const described = await call<{ Changes: Change[] }>('DescribeChangeSet', { StackName: 's', ChangeSetName: 'first' });
    expect(described.Changes.map(({ ResourceChange }) => ResourceChange?.Action)).toEqual(['Add', 'Add']);
    await call('ExecuteChangeSet', { StackName: 's', ChangeSetName: 'first' });
    expect((await stackOf('s'))?.StackStatus).toBe('CREATE_COMPLETE');
    expect(await errorOf(call('ExecuteChangeSet', { StackName: 's', ChangeSetName: 'first' }))).toMatchObject({ name: 'InvalidChangeSetStatus' });
    await call('CreateChangeSet', { ...input, ChangeSetName: 'second', ChangeSetType: 'UPDATE' });
    expect(await call('DescribeChangeSet', { StackName: 's', ChangeSetName: 'second' })).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason: expect.stringContaining("The submitted information didn't contain changes."),
    });
  });
});
