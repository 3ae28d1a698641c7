import type { LabContext, LabService } from '../lib/lab/contract.ts';
import { createDynamoDbService } from '../lib/lab/services/dynamodb/service.ts';
import { type VirtualLab, virtualLab } from './virtual-lab.ts';

/** DynamoDB alone on a clock that only tests move, with one table of a partition key `id`, which is active. */
export async function virtualTable(
  TableName: string,
  members: object,
  contextOf: (context: LabContext) => LabContext = (context) => context,
): Promise<{ lab: VirtualLab; service: LabService }> {
  const services: LabService[] = [];
  const lab = virtualLab((context) => {
    services.push(createDynamoDbService(contextOf(context)));
    return services;
  });
  await lab.call('dynamodb', 'CreateTable', {
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    ...members,
  });
  // dynalite makes a table active on a timer of the wall.
  const status = async () => (await lab.call<{ Table: { TableStatus: string } }>('dynamodb', 'DescribeTable', { TableName })).Table.TableStatus;
  while ((await status()) !== 'ACTIVE') await new Promise((resolve) => setImmediate(resolve));
  return { lab, service: services[0] as LabService };
}
