import type {
  CreateQueueCommandInput,
  DeleteQueueCommandInput,
  GetQueueAttributesCommandInput,
  GetQueueUrlCommandInput,
  ListDeadLetterSourceQueuesCommandInput,
  ListQueuesCommandInput,
  ListQueueTagsCommandInput,
  PurgeQueueCommandInput,
  SetQueueAttributesCommandInput,
  TagQueueCommandInput,
  UntagQueueCommandInput,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../../../core/errors.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import { invalidParameter, queueDoesNotExist } from '../errors.ts';
import type { Queue } from '../queue.ts';
import type { QueueAttributes } from '../queue-settings.ts';
import type { Queues } from '../queues.ts';

/** AWS lists 1,000 queues at most in one answer. */
const pageSize = 1000;

export function createQueue(queues: Queues): Operation<CreateQueueCommandInput, { QueueUrl: string }> {
  return {
    act: ({ QueueName, Attributes = {}, tags = {} }) => ({ QueueUrl: queues.create(QueueName, Attributes as QueueAttributes, tags).url }),
  };
}

export function getQueueUrl({ account }: LabContext, queues: Queues): Operation<GetQueueUrlCommandInput, { QueueUrl: string }> {
  return {
    act({ QueueName = '', QueueOwnerAWSAccountId: owner = account }) {
      const found = owner === account ? queues.named(QueueName) : undefined;
      if (!found) throw queueDoesNotExist();
      return { QueueUrl: found.url };
    },
  };
}

export function listQueues(queues: Queues): Operation<ListQueuesCommandInput, { QueueUrls?: string[]; NextToken?: string }> {
  return {
    act({ QueueNamePrefix, MaxResults, NextToken }) {
      const { urls, ...next } = urlPage(queues.list(QueueNamePrefix), MaxResults, NextToken);
      return { ...(urls.length > 0 ? { QueueUrls: urls } : {}), ...next };
    },
  };
}

export function listDeadLetterSourceQueues(
  queues: Queues,
): Operation<ListDeadLetterSourceQueuesCommandInput, { queueUrls: string[]; NextToken?: string }> {
  return {
    act({ QueueUrl, MaxResults, NextToken }) {
      const { arn } = queues.get(QueueUrl);
      const sources = queues.list().filter(({ settings }) => settings.redrive?.deadLetterArn === arn);
      const { urls, ...next } = urlPage(sources, MaxResults, NextToken);
      return { queueUrls: urls, ...next };
    },
  };
}

export function getQueueAttributes(queues: Queues): Operation<GetQueueAttributesCommandInput, { Attributes?: Record<string, string> }> {
  return {
    act({ QueueUrl, AttributeNames = [] }) {
      const all = attributesOf(queues.get(QueueUrl));
      const wanted = AttributeNames.includes('All') ? Object.keys(all) : AttributeNames;
      const unknown = wanted.find((name) => !known.has(name) && !(name in all));
      if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const found = wanted.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]] as const]));
      return found.length > 0 ? { Attributes: Object.fromEntries(found) } : {};
    },
  };
}

export function setQueueAttributes({ clock }: LabContext, queues: Queues): Operation<SetQueueAttributesCommandInput, object> {
  return {
    act({ QueueUrl, Attributes = {} }) {
      const queue = queues.get(QueueUrl);
      queue.settings = queues.settings.read(Attributes as QueueAttributes, queue.settings);
      queue.modifiedMs = clock.now();
      return {};
    },
  };
}

export function purgeQueue({ clock, quotas }: LabContext, queues: Queues): Operation<PurgeQueueCommandInput, object> {
  const intervalSec = quotas.number('sqs.purge-interval');
  return {
    act({ QueueUrl }) {
      const queue = queues.get(QueueUrl);
      if (clock.now() < queue.purgedMs + intervalSec * 1000) {
        throw new AwsError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${queue.name} is allowed every ${intervalSec} seconds.`, 403);
      }
      queue.purge();
      return {};
    },
  };
}

export function deleteQueue(queues: Queues): Operation<DeleteQueueCommandInput, object> {
  return {
    act({ QueueUrl }) {
      queues.remove(queues.get(QueueUrl));
      return {};
    },
  };
}

export function tagQueue(queues: Queues): Operation<TagQueueCommandInput, object> {
  return {
    act({ QueueUrl, Tags = {} }) {
      Object.assign(queues.get(QueueUrl).tags, Tags);
      return {};
    },
  };
}

export function untagQueue(queues: Queues): Operation<UntagQueueCommandInput, object> {
  return {
    act({ QueueUrl, TagKeys = [] }) {
      const { tags } = queues.get(QueueUrl);
      for (const key of TagKeys) delete tags[key];
      return {};
    },
  };
}

export function listQueueTags(queues: Queues): Operation<ListQueueTagsCommandInput, { Tags?: Record<string, string> }> {
  return {
    act({ QueueUrl }) {
      const { tags } = queues.get(QueueUrl);
      return Object.keys(tags).length > 0 ? { Tags: { ...tags } } : {};
    },
  };
}

/** Attributes that a queue may have and need not. */
const known = new Set([
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'FifoQueue',
]);

function attributesOf(queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = queue.counts();
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedMs / 1000)),
    ...queue.settings.attributes,
  };
}

function urlPage(queues: readonly Queue[], size: number | undefined, token: string | undefined): { urls: string[]; NextToken?: string } {
  const page = pageOf(queues, token, Math.min(size ?? pageSize, pageSize));
  if (!page) throw invalidParameter('Invalid or expired next token.');
  return { urls: page.items.map(({ url }) => url), ...(page.next === undefined || size === undefined ? {} : { NextToken: page.next }) };
}
