import { GetEventSourceMappingCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import type { RestorableSetting } from '../types.ts';

/** Where a mapping is going counts as where it is: Lambda takes a while to start and to stop its pollers. */
const states: Readonly<Record<string, string>> = { Enabling: 'Enabled', Disabling: 'Disabled' };

/** Whether an event source mapping, by its UUID, is Enabled or Disabled. A mapping has no metric of its own: a fault of this setting names its probe itself. */
export const lambdaEventSourceMappingEnabled: RestorableSetting = {
  name: 'lambda:event-source-mapping-enabled',
  async read(clients, resource) {
    const { State = '' } = await clients.lambda.send(new GetEventSourceMappingCommand({ UUID: resource }));
    return states[State] ?? State;
  },
  async write(clients, resource, value) {
    await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: resource, Enabled: value === 'Enabled' }));
  },
  command: (resource, value) => `aws lambda update-event-source-mapping --uuid ${resource} --${value === 'Enabled' ? '' : 'no-'}enabled`,
};
