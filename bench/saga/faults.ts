import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { SagaLab } from './lab.ts';

type Names = Readonly<Record<string, string>>;

/** One template of chaos/ with its parameters; no stop condition may end it before the bench does. */
export interface FaultStack {
  readonly file: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A fault that hits the saga, and how to see that it did. */
export interface SagaFault {
  readonly stacks: (names: Names) => readonly FaultStack[];
  /** How many times as fast as the wall the lab's clock runs. */
  readonly timeScale: number;
  /** Orders open at once: more where the fault keeps them waiting. */
  readonly maxOpen: number;
  /** Share of the orders that want sku-0001 too. */
  readonly hotShare?: number;
  /** Rates that stay as AWS has them, because the fault is about them. */
  readonly unraised?: readonly string[];
  /** What the template of the system lacks for it. */
  readonly prepare?: (saga: SagaLab) => Promise<void>;
  /** It shows without orders, and is waited for before more come. */
  readonly leads?: boolean;
  /** A metric that is 0 as long as the fault does nothing. */
  readonly witness: (names: Names) => { readonly namespace: string; readonly metric: string; readonly dimensions: Names };
}

const endless = '1000000';
const outlasting = '3000';

function throttled(logicalId: string): SagaFault['witness'] {
  return (names) => ({ namespace: 'AWS/Lambda', metric: 'Throttles', dimensions: { FunctionName: names[logicalId] ?? '' } });
}

const failedSteps: SagaFault['witness'] = () => ({
  namespace: 'AWS/States',
  metric: 'ServiceIntegrationsFailed',
  dimensions: { ServiceIntegrationResourceArn: 'arn:aws:states:::lambda:invoke' },
});

function throttle(FunctionName: string | undefined): FaultStack {
  return {
    file: 'lambda-throttle',
    parameters: { FunctionName: FunctionName ?? '', ReservedConcurrency: '0', DurationSeconds: outlasting, StopErrorsPerMinute: endless },
  };
}

function conduct(file: string, parameter: string, provider: string, stop: string, more: Names = {}): SagaFault['stacks'] {
  return (names) => {
    const of = { ParameterName: names[parameter] ?? '', ProviderFunctionName: names[provider] ?? '' };
    return [{ file, parameters: { ...of, DurationSeconds: outlasting, [stop]: endless, ...more } }];
  };
}

const labelOutage = conduct('label-outage', 'LabelConduct', 'LabelProviderFunction', 'StopThrottlesPerMinute');

/** Faults by the name under which they are asked for. */
export const sagaFaults: Readonly<Record<string, SagaFault>> = {
  'charge-throttled': {
    stacks: ({ ChargeFunction }) => [throttle(ChargeFunction)],
    timeScale: 5,
    maxOpen: 500,
    witness: throttled('ChargeFunction'),
  },
  'payment-delay': {
    stacks: conduct('payment-delay', 'PaymentConduct', 'PaymentProviderFunction', 'StopErrorsPerMinute', { DelayMs: '5000' }),
    timeScale: 5,
    maxOpen: 1000,
    witness: failedSteps,
  },
  'payment-error': {
    stacks: conduct('payment-error', 'PaymentConduct', 'PaymentProviderFunction', 'StopThrottlesPerMinute', { ErrorRate: '0.7' }),
    timeScale: 5,
    maxOpen: 500,
    witness: failedSteps,
  },
  'label-outage': { stacks: labelOutage, timeScale: 5, maxOpen: 500, witness: failedSteps },
  'refund-throttled': {
    stacks: (names) => [...labelOutage(names), throttle(names['RefundFunction'])],
    timeScale: 5,
    maxOpen: 2000,
    witness: throttled('RefundFunction'),
  },
  'lost-callback': {
    stacks: ({ WarehouseFunctionDispatch = '', WarehouseQueue = '' }) => {
      const parameters = { MappingId: WarehouseFunctionDispatch, QueueUrl: WarehouseQueue, DurationSeconds: outlasting, StopSentPerMinute: endless };
      return [{ file: 'lost-callback', parameters }];
    },
    timeScale: 5,
    maxOpen: 3000,
    witness: () => ({
      namespace: 'AWS/States',
      metric: 'ServiceIntegrationsTimedOut',
      dimensions: { ServiceIntegrationResourceArn: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' },
    }),
  },
  'table-starvation': {
    stacks: ({ InventoryTable = '' }) => [
      {
        file: 'table-starvation',
        parameters: { TableName: InventoryTable, WriteCapacityUnits: '1', DurationSeconds: outlasting, StopErrorsPerMinute: endless },
      },
    ],
    timeScale: 5,
    maxOpen: 500,
    prepare: provisionInventory,
    witness: writeThrottles,
  },
  'hot-key': {
    stacks: ({ InventoryTable = '' }) => [
      {
        file: 'hot-key',
        parameters: {
          TableName: InventoryTable,
          KeyValue: 'sku-0001',
          WritesPerSecond: '1200',
          DurationSeconds: '840',
          StopErrorsPerMinute: endless,
        },
      },
    ],
    // The heater writes by the wall's clock: on a faster one the partition would cool faster than it heats.
    timeScale: 1,
    maxOpen: 500,
    hotShare: 0.1,
    leads: true,
    unraised: ['dynamodb.partition-max-write', 'dynamodb.on-demand-initial-write'],
    witness: writeThrottles,
  },
  'lambda-error': {
    stacks: ({ ReserveFunction = '' }) => [
      {
        file: 'lambda-error',
        parameters: { FunctionName: ReserveFunction, InvocationPercentage: '60', DurationSeconds: outlasting, StopThrottlesPerMinute: endless },
      },
    ],
    timeScale: 5,
    maxOpen: 500,
    prepare: attachExtension,
    witness: failedSteps,
  },
};

function writeThrottles({ InventoryTable = '' }: Names) {
  return { namespace: 'AWS/DynamoDB', metric: 'WriteThrottleEvents', dimensions: { TableName: InventoryTable } };
}

/** Only a provisioned table can be starved. */
async function provisionInventory({ clients, names }: SagaLab): Promise<void> {
  const ProvisionedThroughput = { ReadCapacityUnits: 20_000, WriteCapacityUnits: 20_000 };
  await clients.dynamodb.send(new UpdateTableCommand({ TableName: names['InventoryTable'], BillingMode: 'PROVISIONED', ProvisionedThroughput }));
}

/** The extension of FIS as docs/models/fis.md has it: layer, wrapper, location and permission; it looks for faults every 20 s. */
async function attachExtension({ clients, names, lab }: SagaLab): Promise<void> {
  const FunctionName = names['ReserveFunction'];
  const layer = '/aws/service/fis/lambda-extension/AWS-FIS-extension-arm64/1.x.x';
  const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name: layer }));
  const { Environment, Role = '' } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const bucket = 'arn:aws:s3:::bench-fis';
  const statement = [
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket, Condition: { StringLike: { 's3:prefix': ['saga/*'] } } },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucket}/saga/*` },
  ];
  const policy = {
    RoleName: Role.split('/').at(-1),
    PolicyName: 'fis',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statement }),
  };
  await lab.context.call('iam', 'PutRolePolicy', policy, { kind: 'service', service: 'bench' });
  const added = {
    AWS_FIS_CONFIGURATION_LOCATION: `${bucket}/saga/`,
    AWS_FIS_SLOW_POLL_INTERVAL_SECONDS: '20',
    AWS_LAMBDA_EXEC_WRAPPER: '/opt/aws-fis/bootstrap',
  };
  await clients.lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName,
      Layers: [Parameter?.Value ?? ''],
      Environment: { Variables: { ...Environment?.Variables, ...added } },
    }),
  );
}
