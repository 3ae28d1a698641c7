import type { Receipt } from '../../../models/sqs/standard-queue.ts';
import { invalidReceiptHandle } from './errors.ts';

/** A receipt handle of a queue: which message, by which receive. Opaque to clients, as AWS's are. */
export function receiptHandle(queueId: string, { sequence, receive }: Receipt): string {
  return Buffer.from(`${queueId}:${sequence}:${receive}`).toString('base64');
}

/** What a handle of that queue stands for; throws ReceiptHandleIsInvalid for anything else. */
export function receiptOf(queueId: string, handle: string | undefined): Receipt {
  const [id, sequence, receive] = Buffer.from(handle ?? '', 'base64')
    .toString()
    .split(':')
    .map(String);
  const receipt = { sequence: Number(sequence), receive: Number(receive) };
  if (id !== queueId || !Number.isInteger(receipt.sequence) || !Number.isInteger(receipt.receive)) throw invalidReceiptHandle();
  return receipt;
}
