import { DescribeTableCommand, type DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import {
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ResourceConfiguration } from '../record/types.ts';

/** A resource as CloudFormation describes it. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

type Clients = { readonly lambda: LambdaClient; readonly dynamodb: DynamoDBClient; readonly sfn: SFNClient; readonly sqs: SQSClient };

type Described = Pick<ResourceConfiguration, 'configuration' | 'stored'>;

/** One entry a type that has a configuration worth keeping; any other resource is kept by its names alone. */
const describers: Readonly<Record<string, (clients: Clients, physicalId: string) => Promise<Described>>> = {
  'AWS::Lambda::Function': configured(describeFunction),
  'AWS::Lambda::EventSourceMapping': configured(describeMapping),
  'AWS::DynamoDB::Table': describeTable,
  'AWS::StepFunctions::StateMachine': configured(describeStateMachine),
  'AWS::SQS::Queue': configured(describeQueue),
};

/** Every resource of the stack with the configuration that the site has now; by AWS's own names. Rejects with what the SDK throws. */
export async function collectResources(clients: Clients, stack: { readonly resources: readonly StackResource[] }): Promise<ResourceConfiguration[]> {
  const collected: ResourceConfiguration[] = [];
  for (const { logicalId, physicalId, type } of stack.resources) {
    const describe = describers[type];
    collected.push({ logicalId, physicalId, type, ...(describe ? await describe(clients, physicalId) : { configuration: {} }) });
  }
  return collected;
}

/** A resource of which its settings are all there is to know. */
function configured(describe: (clients: Clients, physicalId: string) => Promise<Record<string, unknown>>) {
  return async (clients: Clients, physicalId: string): Promise<Described> => ({ configuration: await describe(clients, physicalId) });
}

/** Environment variables stay out of the record: they may hold secrets. */
async function describeFunction({ lambda }: Clients, name: string): Promise<Record<string, unknown>> {
  const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
  const { MemorySize, Timeout, Runtime, Architectures, PackageType, CodeSha256, CodeSize, EphemeralStorage, Handler, LastModified } = found;
  return present({
    ...{ MemorySize, Timeout, Runtime, Architectures, PackageType, CodeSha256, CodeSize, EphemeralStorage, Handler, LastModified },
    ReservedConcurrentExecutions,
    Layers: found.Layers?.map((layer) => layer.Arn),
  });
}

async function describeMapping({ lambda }: Clients, id: string): Promise<Record<string, unknown>> {
  const { $metadata: _, UUID: _id, LastModified: _modified, ...found } = await lambda.send(new GetEventSourceMappingCommand({ UUID: id }));
  return present(found);
}

/** The definition stays out of the record, which keeps how long it is: it lies in the system's template. */
async function describeStateMachine({ sfn }: Clients, arn: string): Promise<Record<string, unknown>> {
  const found = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
  const { type, status, revisionId, loggingConfiguration, tracingConfiguration, definition = '' } = found;
  return present({ type, status, revisionId, loggingConfiguration, tracingConfiguration, definitionLength: definition.length });
}

/** Settings of a queue; what it holds and when it was changed are no settings. */
async function describeQueue({ sqs }: Clients, url: string): Promise<Record<string, unknown>> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  return Object.fromEntries(Object.entries(Attributes).filter(([name]) => !/^Approximate|Timestamp$|^QueueArn$|^Policy$/.test(name)));
}

async function describeTable({ dynamodb }: Clients, name: string): Promise<Described> {
  const { Table: table = {} } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
  return { configuration: tableConfiguration(table), ...storedIn(table) };
}

/** What the table and its indexes hold together; nothing where AWS does not tell it of one of them. */
function storedIn(table: TableDescription): Pick<Described, 'stored'> {
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  const parts = [
    { bytes: table.TableSizeBytes, items: table.ItemCount },
    ...indexes.map((each) => ({ bytes: each.IndexSizeBytes, items: each.ItemCount })),
  ];
  if (parts.some(({ bytes, items }) => bytes === undefined || items === undefined)) return {};
  const total = (of: 'bytes' | 'items'): number => parts.reduce((sum, part) => sum + (part[of] ?? 0), 0);
  return { stored: { bytes: total('bytes'), items: total('items') } };
}

function tableConfiguration(table: TableDescription): Record<string, unknown> {
  return present({
    BillingModeSummary: table.BillingModeSummary && present({ BillingMode: table.BillingModeSummary.BillingMode }),
    ProvisionedThroughput: throughputOf(table.ProvisionedThroughput),
    OnDemandThroughput: table.OnDemandThroughput,
    KeySchema: table.KeySchema,
    StreamSpecification: table.StreamSpecification,
    TableClass: table.TableClassSummary?.TableClass,
    GlobalSecondaryIndexes: table.GlobalSecondaryIndexes?.map((index) =>
      present({
        IndexName: index.IndexName,
        KeySchema: index.KeySchema,
        Projection: index.Projection,
        ProvisionedThroughput: throughputOf(index.ProvisionedThroughput),
      }),
    ),
  });
}

/** Capacity alone, without the times of its changes, so that two runs of one configuration compare equal. */
function throughputOf(throughput: { ReadCapacityUnits?: number | undefined; WriteCapacityUnits?: number | undefined } | undefined) {
  if (!throughput) return undefined;
  return { ReadCapacityUnits: throughput.ReadCapacityUnits, WriteCapacityUnits: throughput.WriteCapacityUnits };
}

function present(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
