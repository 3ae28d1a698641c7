import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { RestorableSetting } from '../types.ts';

/** Text of an SSM parameter that is there. A change of it shows in no metric of its own: a fault of this setting names its probe itself. */
export const ssmParameter: RestorableSetting = {
  name: 'ssm:parameter',
  async read(clients, resource) {
    const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name: resource }));
    return Parameter?.Value ?? '';
  },
  async write(clients, resource, value) {
    await clients.ssm.send(new PutParameterCommand({ Name: resource, Value: value, Overwrite: true }));
  },
  command: (resource, value) => `aws ssm put-parameter --overwrite --name ${resource} --value '${value.replaceAll("'", "'\\''")}'`,
};
