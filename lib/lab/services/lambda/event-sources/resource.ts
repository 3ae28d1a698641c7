import type { CreatedResource, ResourceHandler } from '../../../contract.ts';
import type { Mapping } from './mapping.ts';
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
    create: async ({ properties }) => createdOf(await mappings.create(properties as NewMapping, true)),
    update(uuid, { properties }) {
      const mapping = mappings.get(uuid);
      if (mapping.queueArn !== properties['EventSourceArn']) return undefined;
      mappings.update(mapping, properties as NewMapping, true);
      return createdOf(mapping);
    },
    remove: (uuid) => mappings.remove(mappings.get(uuid)),
  };
}

function createdOf({ uuid, arn }: Mapping): CreatedResource {
  return { physicalId: uuid, attributes: { Id: uuid, EventSourceMappingArn: arn } };
}
