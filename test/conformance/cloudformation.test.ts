import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { generate, seed } from '../../scenarios/checkout/data.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

const checkout = join(packageRoot(), 'scenarios/checkout/sync/template.yaml');
const throttle = join(packageRoot(), 'chaos/lambda-throttle.yaml');

let lab: RunningLab;
let stacks: CloudFormationClient;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudformation-'));
  lab = await startTestLab({ stacks: [{ file: checkout, parameters: { PaymentTimeoutMs: '400', PaymentSlowMs: '900' } }] });
  stacks = new CloudFormationClient(config());
});
afterAll(async () => {
  await lab?.stop();
  rmSync(folder, { recursive: true });
});

const config = () => ({ region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 });

async function outputs(stack: string): Promise<Record<string, string>> {
  const { Stacks = [] } = await stacks.send(new DescribeStacksCommand({ StackName: stack }));
  return Object.fromEntries((Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

describe('the system, loaded from its own template', () => {
  it('is described by name, with parameters, outputs and the resources that SAM makes', async () => {
    const { Stacks = [] } = await stacks.send(new DescribeStacksCommand({ StackName: 'checkout-sync' }));
    expect(Stacks[0]).toMatchObject({ StackStatus: 'CREATE_COMPLETE', CreationTime: expect.any(Date) });
    expect(Stacks[0]?.Parameters).toContainEqual({ ParameterKey: 'PaymentTimeoutMs', ParameterValue: '400' });
    const { StackResources = [] } = await stacks.send(new DescribeStackResourcesCommand({ StackName: 'checkout-sync' }));
    const types = Object.fromEntries(StackResources.map(({ LogicalResourceId = '', ResourceType }) => [LogicalResourceId, ResourceType]));
    expect(types).toMatchObject({
      PlaceOrderFunction: 'AWS::Lambda::Function',
      PlaceOrderFunctionRole: 'AWS::IAM::Role',
      PlaceOrderFunctionPlacePermission: 'AWS::Lambda::Permission',
      OrdersTable: 'AWS::DynamoDB::Table',
      ServerlessHttpApi: 'AWS::ApiGatewayV2::Api',
      ServerlessHttpApiApiGatewayDefaultStage: 'AWS::ApiGatewayV2::Stage',
    });
    const { StackResourceDetail } = await stacks.send(
      new DescribeStackResourceCommand({ StackName: 'checkout-sync', LogicalResourceId: 'OrdersTable' }),
    );
    expect(StackResourceDetail?.PhysicalResourceId).toMatch(/^checkout-sync-OrdersTable-[A-Z0-9]{12}$/);
  });

  it('gives its API the URL of the front door', async () => {
    const { ApiUrl, ApiId } = await outputs('checkout-sync');
    expect(ApiUrl).toBe(`${lab.endpoint}/_api/${ApiId}`);
    expect((await fetch(`${ApiUrl}/products`)).status).toBe(200);
  });

  it('is listed, and gives back its template', async () => {
    const { StackSummaries = [] } = await stacks.send(new ListStacksCommand({}));
    expect(StackSummaries.map(({ StackName }) => StackName)).toContain('checkout-sync');
    const { StackResourceSummaries = [] } = await stacks.send(new ListStackResourcesCommand({ StackName: 'checkout-sync' }));
    expect(StackResourceSummaries).toContainEqual(expect.objectContaining({ LogicalResourceId: 'CartsTable', ResourceStatus: 'CREATE_COMPLETE' }));
    expect((await stacks.send(new GetTemplateCommand({ StackName: 'checkout-sync' }))).TemplateBody).toContain('AWS::Serverless-2016-10-31');
    const summary = await stacks.send(new GetTemplateSummaryCommand({ StackName: 'checkout-sync' }));
    expect(summary).toMatchObject({ Capabilities: ['CAPABILITY_IAM'], DeclaredTransforms: ['AWS::Serverless-2016-10-31'] });
  });
});

describe('the checkout that it makes', () => {
  let url: string;
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const cartOf = async (sku: string, quantity: number): Promise<string> => {
    const cart = await send('POST', '/carts', { customerId: 'customer-00001' });
    expect(cart.status).toBe(201);
    expect(await send('POST', `/carts/${cart.body['cartId']}/items`, { sku, quantity })).toMatchObject({ status: 200 });
    return String(cart.body['cartId']);
  };

  beforeAll(async () => {
    url = (await outputs('checkout-sync'))['ApiUrl'] ?? '';
    const table = (await outputs('checkout-sync'))['InventoryTableName'] ?? '';
    await generate({ seed: 'test', folder });
    await seed({ folder, dynamodb: new DynamoDBClient(config()), resolve: () => table });
  });

  it('sells: browse, cart, order once however often it is asked for, confirmed', async () => {
    const { body } = await send('GET', '/products?after=sku-0001');
    expect((body['products'] as unknown[]).length).toBe(20);
    const cartId = await cartOf('sku-0002', 2);
    const placed = await send('POST', '/orders', { cartId }, { 'Idempotency-Key': 'k-1' });
    expect(placed).toMatchObject({ status: 201, body: { status: 'CONFIRMED', cartId } });
    const again = await send('POST', '/orders', { cartId }, { 'Idempotency-Key': 'k-1' });
    expect(again).toMatchObject({ status: 200, body: { orderId: placed.body['orderId'], chargeId: placed.body['chargeId'] } });
    expect(await send('GET', `/orders/${placed.body['orderId']}`)).toMatchObject({ status: 200, body: { status: 'CONFIRMED' } });
    expect(await send('POST', '/orders', { cartId }, { 'Idempotency-Key': 'k-2' })).toMatchObject({ status: 409, body: { error: 'cart-not-open' } });
  });

  it('does not sell what is not there', async () => {
    const cartId = await cartOf('sku-0003', 1_000_001);
    expect(await send('POST', '/orders', { cartId }, { 'Idempotency-Key': 'k-3' })).toMatchObject({ status: 409, body: { error: 'out-of-stock' } });
  });

  it('sells the last pieces once, however many customers want them at the same moment', async () => {
    const { InventoryTableName = '' } = await outputs('checkout-sync');
    const Item = { sku: { S: 'rare' }, title: { S: 'rare' }, category: { S: 'rare' }, priceCents: { N: '100' }, stock: { N: '4' } };
    const dynamodb = new DynamoDBClient(config());
    await dynamodb.send(new PutItemCommand({ TableName: InventoryTableName, Item }));
    const carts = await Promise.all(Array.from({ length: 12 }, () => cartOf('rare', 1)));
    const answers = await Promise.all(carts.map((cartId) => send('POST', '/orders', { cartId }, { 'Idempotency-Key': `rare-${cartId}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(4).fill(201), ...Array(8).fill(409)]);
    const left = await dynamodb.send(new GetItemCommand({ TableName: InventoryTableName, Key: { sku: { S: 'rare' } } }));
    expect(left.Item?.['stock']).toEqual({ N: '0' });
  });

  it('makes one order of one key, however many requests carry it at the same moment', async () => {
    const cartId = await cartOf('sku-0005', 1);
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('POST', '/orders', { cartId }, { 'Idempotency-Key': 'same' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 201, 202].includes(status))).toBe(true);
    expect(new Set(answers.map(({ body }) => body['orderId'])).size).toBe(1);
  });

  it('charges nothing when the provider fails, and may have charged when it is late', async () => {
    const { PaymentsTableName = '' } = await outputs('checkout-sync');
    const { DynamoDBDocumentClient, GetCommand } = await import('@aws-sdk/lib-dynamodb');
    const payments = DynamoDBDocumentClient.from(new DynamoDBClient(config()));
    const order = async (key: string, hint: string) => {
      const cartId = await cartOf('sku-0004', 1);
      const answer = await send('POST', '/orders', { cartId }, { 'Idempotency-Key': key, 'X-Payment-Hint': hint });
      const orderId = String(answer.body['message']).match(/o-[0-9a-f]{24}/)?.[0];
      const { Item } = await payments.send(new GetCommand({ TableName: PaymentsTableName, Key: { idempotencyKey: orderId } }));
      return { answer, charged: Item !== undefined };
    };
    expect(await order('k-4', 'fail')).toMatchObject({ answer: { status: 502, body: { error: 'payment-failed' } }, charged: false });
    expect(await order('k-5', 'late')).toMatchObject({ answer: { status: 504, body: { error: 'payment-timed-out' } }, charged: true });
  });
});

describe('what is refused', () => {
  it('an unsupported resource, by name, before anything is created', async () => {
    const file = join(folder, 'queue.yaml');
    writeFileSync(file, 'Resources:\n  Table:\n    Type: AWS::Logs::LogGroup\n  Jobs:\n    Type: AWS::EC2::Instance\n');
    await expect(startTestLab({ stacks: [{ file }] })).rejects.toMatchObject({
      code: 'unsupported-resource',
      message: `${file}:4: resource Jobs: type AWS::EC2::Instance is not supported`,
      hint: expect.stringContaining('AWS::DynamoDB::Table'),
    });
    await expect(
      stacks.send(new CreateStackCommand({ StackName: 'jobs', TemplateBody: 'Resources: {Jobs: {Type: AWS::EC2::Instance}}' })),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('type AWS::EC2::Instance is not supported'),
    });
    await expect(stacks.send(new DescribeStacksCommand({ StackName: 'jobs' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id jobs does not exist',
    });
  });
});

describe('stacks through the API', () => {
  it('are created and deleted with what they hold', async () => {
    const body =
      'Parameters: {V: {Type: String}}\nResources: {P: {Type: AWS::SSM::Parameter, Properties: {Name: /a/b, Type: String, Value: !Ref V}}}\nOutputs: {P: {Value: !Ref P}}';
    await stacks.send(new CreateStackCommand({ StackName: 'one', TemplateBody: body, Parameters: [{ ParameterKey: 'V', ParameterValue: 'x' }] }));
    await waitUntilStackCreateComplete({ client: stacks, maxWaitTime: 60 }, { StackName: 'one' });
    const ssm = new SSMClient(config());
    expect((await ssm.send(new GetParameterCommand({ Name: '/a/b' }))).Parameter?.Value).toBe('x');
    await stacks.send(new DeleteStackCommand({ StackName: 'one' }));
    await expect(ssm.send(new GetParameterCommand({ Name: '/a/b' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  const hasCli = isInstalled('aws');
  it.skipIf(!hasCli)(`deploy with the AWS CLI${hasCli ? '' : ' (aws is not on PATH)'}, again without changes, and again with others`, async () => {
    const deploy = (...overrides: string[]) =>
      aws(
        'cloudformation',
        'deploy',
        '--no-fail-on-empty-changeset',
        '--template-file',
        throttle,
        '--stack-name',
        'lambda-throttle',
        '--capabilities',
        'CAPABILITY_IAM',
        '--parameter-overrides',
        ...overrides,
      );
    const { PlaceOrderFunctionName } = await outputs('checkout-sync');
    expect(await deploy(`FunctionName=${PlaceOrderFunctionName}`)).toContain('Successfully created/updated stack - lambda-throttle');
    const first = await outputs('lambda-throttle');
    expect(first['RunPointerName']).toBe('/proofload/pointer/lambda-throttle');
    expect(await deploy(`FunctionName=${PlaceOrderFunctionName}`)).toContain('No changes to deploy');
    await deploy(`FunctionName=${PlaceOrderFunctionName}`, 'ReservedConcurrency=0');
    const second = await outputs('lambda-throttle');
    expect(second['ExperimentTemplateId']).not.toBe(first['ExperimentTemplateId']);
    expect(second['DocumentName']).toBe(first['DocumentName']);
  });
});

function isInstalled(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function aws(...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: lab.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  };
  const { stdout, stderr } = await promisify(execFile)('aws', args, { env });
  return stdout + stderr;
}
