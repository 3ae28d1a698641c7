import type {
  BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommandInput,
  ChangeMessageVisibilityCommandInput,
  DeleteMessageBatchCommandInput,
  DeleteMessageCommandInput,
} from '@aws-sdk/client-sqs';
import type { LabContext, Operation } from '../../../contract.ts';
import { checkedEntries, eachEntry } from '../batch.ts';
import { invalidValue, missingParameter } from '../errors.ts';
import type { Queue } from '../queue.ts';
import type { Queues } from '../queues.ts';
import { receiptOf } from '../receipt-handles.ts';

interface BatchOutput {
  readonly Successful: { Id: string }[];
  readonly Failed?: BatchResultErrorEntry[];
}

export function deleteMessage(queues: Queues): Operation<DeleteMessageCommandInput, object> {
  return {
    latencyKey: 'sqs.delete-message',
    act({ QueueUrl, ReceiptHandle }) {
      deleteOne(queues.get(QueueUrl), ReceiptHandle);
      return {};
    },
  };
}

export function deleteMessageBatch({ quotas }: LabContext, queues: Queues): Operation<DeleteMessageBatchCommandInput, BatchOutput> {
  return {
    latencyKey: 'sqs.delete-message',
    act({ QueueUrl, Entries }) {
      const queue = queues.get(QueueUrl);
      return eachEntry(checkedEntries(Entries, quotas.number('sqs.batch-max'), 'DeleteMessageBatchRequestEntry'), ({ Id, ReceiptHandle }) => {
        deleteOne(queue, ReceiptHandle);
        return { Id };
      });
    },
  };
}

export function changeMessageVisibility({ quotas }: LabContext, queues: Queues): Operation<ChangeMessageVisibilityCommandInput, object> {
  const maxSec = quotas.number('sqs.visibility-max');
  return {
    latencyKey: 'sqs.change-visibility',
    act({ QueueUrl, ReceiptHandle, VisibilityTimeout }) {
      changeOne(queues.get(QueueUrl), ReceiptHandle, VisibilityTimeout, maxSec);
      return {};
    },
  };
}

export function changeMessageVisibilityBatch(
  { quotas }: LabContext,
  queues: Queues,
): Operation<ChangeMessageVisibilityBatchCommandInput, BatchOutput> {
  const maxSec = quotas.number('sqs.visibility-max');
  return {
    latencyKey: 'sqs.change-visibility',
    act({ QueueUrl, Entries }) {
      const queue = queues.get(QueueUrl);
      const entries = checkedEntries(Entries, quotas.number('sqs.batch-max'), 'ChangeMessageVisibilityBatchRequestEntry');
      return eachEntry(entries, ({ Id, ReceiptHandle, VisibilityTimeout }) => {
        changeOne(queue, ReceiptHandle, VisibilityTimeout, maxSec);
        return { Id };
      });
    },
  };
}

function deleteOne(queue: Queue, handle: string | undefined): void {
  if (handle === undefined) throw missingParameter('ReceiptHandle');
  queue.delete(receiptOf(queue.id, handle));
}

function changeOne(queue: Queue, handle: string | undefined, timeoutSec: number | undefined, maxSec: number): void {
  if (handle === undefined) throw missingParameter('ReceiptHandle');
  if (timeoutSec === undefined) throw missingParameter('VisibilityTimeout');
  if (!(timeoutSec >= 0 && timeoutSec <= maxSec))
    throw invalidValue(timeoutSec, 'VisibilityTimeout', `Must be between 0 and ${maxSec}, if provided.`);
  const message = queue.inFlight(receiptOf(queue.id, handle));
  if (!message) throw invalidValue(handle, 'ReceiptHandle', 'Message does not exist or is not available for visibility timeout change.');
  if (!queue.mayHide(message, timeoutSec * 1000, maxSec * 1000))
    throw invalidValue(timeoutSec, 'VisibilityTimeout', `Total VisibilityTimeout for the message is beyond the limit [${maxSec} seconds]`);
  queue.changeVisibility(message, timeoutSec * 1000);
}
