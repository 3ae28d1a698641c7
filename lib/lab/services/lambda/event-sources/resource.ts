import type { ResourceHandler } from '../../../contract.ts';
import type { Mappings, NewMapping } from './mappings.ts';

/** AWS::Lambda::EventSourceMapping. CloudFormation waits until a mapping is enabled, so it is at once here. */
export function eventSourceMappingResource(mappings: Mappings): ResourceHandler {
  return {
    type: 'AWS::Lambda::EventSourceMapping',
    properties: [
      'EventSourceArn',
      'FunctionName',
      'Enabled',
      'BatchSize',
      'MaximumBatchingWindowInSeconds',
      'FunctionResponseTypes',
      'ScalingConfig',
      // Harmless: the lab keeps no tags of mappings.
      'Tags',
    ],
    async create({ properties }) {
      const { uuid, arn } = await mappings.create(properties as NewMapping, true);
      return { physicalId: uuid, attributes: { Id: uuid, EventSourceMappingArn: arn } };
    },
    remove: (uuid) => mappings.remove(mappings.get(uuid)),
  };
}
