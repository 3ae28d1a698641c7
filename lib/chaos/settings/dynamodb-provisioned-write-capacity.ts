import { DescribeTableCommand, UpdateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import type { AwsClients } from '../../core/aws-clients.ts';
import type { RestorableSetting } from '../types.ts';

/** How long a change of a table's capacity may take, in seconds. */
const patienceSec = 600;

/** Write units a second of a provisioned table; 0 for an on-demand one. */
export const dynamodbProvisionedWriteCapacity: RestorableSetting = {
  name: 'dynamodb:provisioned-write-capacity',
  async read(clients, resource) {
    return String((await unitsOf(clients, resource)).WriteCapacityUnits);
  },
  async write(clients, resource, value) {
    // A table that is being changed takes no other change, and shows its old units until it is done.
    const untilActive = () =>
      waitUntilTableExists({ client: clients.dynamodb, maxWaitTime: patienceSec, minDelay: 1, maxDelay: 5 }, { TableName: resource });
    await untilActive();
    // Both are set at once: those for reads stay as they are.
    const { ReadCapacityUnits } = await unitsOf(clients, resource);
    const ProvisionedThroughput = { ReadCapacityUnits, WriteCapacityUnits: Number(value) };
    await clients.dynamodb.send(new UpdateTableCommand({ TableName: resource, ProvisionedThroughput }));
    await untilActive();
  },
  command: (resource, value) =>
    `aws dynamodb update-table --table-name ${resource} --provisioned-throughput WriteCapacityUnits=${value},ReadCapacityUnits=<as they are>`,
  probe: (resource) => ({
    name: `AWS/DynamoDB WriteThrottleEvents of ${resource}`,
    namespace: 'AWS/DynamoDB',
    metric: 'WriteThrottleEvents',
    dimensions: { TableName: resource },
    statistic: 'Sum',
    above: 0,
  }),
};

async function unitsOf({ dynamodb }: AwsClients, table: string): Promise<{ ReadCapacityUnits: number; WriteCapacityUnits: number }> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }));
  const { ReadCapacityUnits = 0, WriteCapacityUnits = 0 } = Table?.ProvisionedThroughput ?? {};
  return { ReadCapacityUnits, WriteCapacityUnits };
}
