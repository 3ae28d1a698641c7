import type { LabContext, ResourceHandler } from '../../contract.ts';
import type { QueueAttributes } from './queue-settings.ts';
import type { Queues } from './queues.ts';

/** Properties of AWS::SQS::Queue that are attributes of SetQueueAttributes under the same name. */
const attributes = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  // Harmless: the lab encrypts nothing.
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
];

export function queueResource(context: LabContext, queues: Queues): ResourceHandler {
  return {
    type: 'AWS::SQS::Queue',
    properties: ['QueueName', 'Tags', ...attributes],
    create({ properties }) {
      const given = attributes.filter((name) => properties[name] !== undefined).map((name) => [name, textOf(properties[name])]);
      const tags = (properties['Tags'] ?? []) as readonly { readonly Key: string; readonly Value: string }[];
      const tagged = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
      const { name, url } = queues.create(String(properties['QueueName']), Object.fromEntries(given) as QueueAttributes, tagged);
      return { physicalId: url, attributes: { Arn: context.arn('sqs', name), QueueName: name, QueueUrl: url } };
    },
    remove: (url) => queues.remove(queues.get(url)),
  };
}

/** AWS::SQS::QueuePolicy: who may send. The lab checks no permissions, so it is kept only as a resource of its stack. */
export function queuePolicyResource(queues: Queues): ResourceHandler {
  return {
    type: 'AWS::SQS::QueuePolicy',
    properties: ['Queues', 'PolicyDocument'],
    create({ stackName, logicalId, properties }) {
      for (const url of (properties['Queues'] ?? []) as readonly string[]) queues.get(url);
      return { physicalId: `${stackName}-${logicalId}` };
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
