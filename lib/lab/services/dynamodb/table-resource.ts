import type { CreatedResource, LabContext, ResourceHandler, ResourceRequest } from '../../contract.ts';
import type { Tables } from './tables.ts';

const caller = { kind: 'service', service: 'cloudformation' } as const;

/** How long a table may take to become active before the wait looks again. */
const pollMs = 2;

/** AWS::DynamoDB::Table, through the service's own API. */
export function tableResource(context: LabContext, tables: Tables): ResourceHandler {
  return {
    type: 'AWS::DynamoDB::Table',
    properties: [
      'TableName',
      'AttributeDefinitions',
      'KeySchema',
      'BillingMode',
      'ProvisionedThroughput',
      'OnDemandThroughput',
      'WarmThroughput',
      'GlobalSecondaryIndexes',
      'LocalSecondaryIndexes',
      'DeletionProtectionEnabled',
      'Tags',
      // Kept and described; nothing expires and nothing is backed up.
      'TimeToLiveSpecification',
      'PointInTimeRecoverySpecification',
      // Accepted; encryption and table class change nothing here.
      'SSESpecification',
      'TableClass',
    ],
    create: (request) => createTable(context, tables, request),
    remove: async (name) => void (await context.call('dynamodb', 'DeleteTable', { TableName: name }, caller)),
  };
}

async function createTable(context: LabContext, tables: Tables, { properties }: ResourceRequest): Promise<CreatedResource> {
  const { TimeToLiveSpecification, PointInTimeRecoverySpecification, SSESpecification: _, TableClass: __, ...input } = properties;
  const TableName = String(input['TableName']);
  const call = (operation: string, members: object): Promise<unknown> => context.call('dynamodb', operation, { TableName, ...members }, caller);
  await call('CreateTable', input);
  while (tables.dynalite.table(TableName)?.['TableStatus'] !== 'ACTIVE') await context.wall.sleep(pollMs);
  if (TimeToLiveSpecification) await call('UpdateTimeToLive', { TimeToLiveSpecification });
  if (PointInTimeRecoverySpecification) await call('UpdateContinuousBackups', { PointInTimeRecoverySpecification });
  return { physicalId: TableName, attributes: { Arn: tables.find(TableName)?.arn } };
}
