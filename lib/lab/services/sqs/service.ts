import type { LabContext, LabService, Operation } from '../../contract.ts';
import {
  createQueue,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
  listQueueTags,
  purgeQueue,
  setQueueAttributes,
  tagQueue,
  untagQueue,
} from './operations/manage.ts';
import { receiveMessage } from './operations/receive.ts';
import { sendMessage, sendMessageBatch } from './operations/send.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch, deleteMessage, deleteMessageBatch } from './operations/settle.ts';
import { Queues } from './queues.ts';
import { queuePolicyResource, queueResource } from './resources.ts';
import { metered } from './usage.ts';

/** Amazon SQS: standard queues with their long polls, dead-letter queues, limits and metrics. */
export function createSqsService(context: LabContext): LabService {
  const queues = new Queues(context);
  const billed = <Input extends { readonly QueueUrl?: string | undefined }, Output extends object>(operation: Operation<Input, Output>) =>
    metered(context, queues, operation);
  return {
    name: 'sqs',
    operations: {
      SendMessage: billed(sendMessage(context, queues)),
      SendMessageBatch: billed(sendMessageBatch(context, queues)),
      ReceiveMessage: billed(receiveMessage(context, queues)),
      DeleteMessage: billed(deleteMessage(queues)),
      DeleteMessageBatch: billed(deleteMessageBatch(context, queues)),
      ChangeMessageVisibility: billed(changeMessageVisibility(context, queues)),
      ChangeMessageVisibilityBatch: billed(changeMessageVisibilityBatch(context, queues)),
      CreateQueue: createQueue(queues),
      GetQueueUrl: getQueueUrl(context, queues),
      ListQueues: listQueues(queues),
      ListDeadLetterSourceQueues: billed(listDeadLetterSourceQueues(queues)),
      GetQueueAttributes: billed(getQueueAttributes(queues)),
      SetQueueAttributes: billed(setQueueAttributes(context, queues)),
      PurgeQueue: billed(purgeQueue(context, queues)),
      DeleteQueue: deleteQueue(queues),
      TagQueue: billed(tagQueue(queues)),
      UntagQueue: billed(untagQueue(queues)),
      ListQueueTags: billed(listQueueTags(queues)),
    },
    resources: [queueResource(context, queues), queuePolicyResource(queues)],
    start: () => queues.start(),
    stop: () => queues.stop(),
  };
}
