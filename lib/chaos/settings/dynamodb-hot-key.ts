import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { RestorableSetting } from '../types.ts';

/**
 * What heats a key of a table: the text of the heater's switch, an SSM parameter; `absent` when nothing does. The table itself is not changed, so the
 * undo is that nothing runs any more: a heater whose switch is gone stops within seconds.
 */
export const dynamodbHotKey: RestorableSetting = {
  name: 'dynamodb:hot-key',
  async read(clients, resource) {
    try {
      const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name: switchOf(resource) }));
      return Parameter?.Value ?? '';
    } catch (thrown) {
      if ((thrown as Error).name !== 'ParameterNotFound') throw thrown;
      return 'absent';
    }
  },
  async write(clients, resource, value) {
    if (value === 'absent') await clients.ssm.send(new DeleteParameterCommand({ Name: switchOf(resource) }));
    else await clients.ssm.send(new PutParameterCommand({ Name: switchOf(resource), Type: 'String', Value: value, Overwrite: true }));
  },
  command: (resource, value) =>
    value === 'absent'
      ? `aws ssm delete-parameter --name ${switchOf(resource)}`
      : `aws ssm put-parameter --overwrite --type String --name ${switchOf(resource)} --value '${value.replaceAll("'", "'\\''")}'`,
  probe: (resource) => ({
    name: `AWS/DynamoDB WriteThrottleEvents of ${resource}`,
    namespace: 'AWS/DynamoDB',
    metric: 'WriteThrottleEvents',
    dimensions: { TableName: resource },
    statistic: 'Sum',
    above: 0,
  }),
};

function switchOf(table: string): string {
  return `/proofload/heat/${table}`;
}
