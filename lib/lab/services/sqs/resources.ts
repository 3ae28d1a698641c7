import type { CreatedResource, LabContext, ResourceHandler } from '../../contract.ts';
import type { Queue } from './queue.ts';
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
      return createdOf(queues.create(String(properties['QueueName']), attributesOf(properties), tagsOf(properties)));
    },
    // Every attribute can change, the name cannot.
    update(url, { properties }) {
      const queue = queues.get(url);
      if (queue.name !== properties['QueueName']) return undefined;
      queue.settings = queues.settings.read(attributesOf(properties));
      queue.tags = tagsOf(properties);
      queue.modifiedMs = context.clock.now();
      return createdOf(queue);
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

function createdOf({ name, url, arn }: Queue): CreatedResource {
  return { physicalId: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
}

function attributesOf(properties: Readonly<Record<string, unknown>>): QueueAttributes {
  const given = attributes.filter((name) => properties[name] !== undefined).map((name) => [name, textOf(properties[name])]);
  return Object.fromEntries(given) as QueueAttributes;
}

function tagsOf(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const tags = (properties['Tags'] ?? []) as readonly { readonly Key: string; readonly Value: string }[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
