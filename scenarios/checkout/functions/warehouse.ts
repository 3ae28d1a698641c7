import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { setting, tables } from './clients.ts';
import { written } from './order.ts';
import { callBack, inHand } from './workflow.ts';

interface Dispatch {
  readonly orderId: string;
  readonly taskToken: string;
}

/** When the carrier fetches a parcel that is ready, in seconds. */
const pickUpInSec = 1;

/**
 * The warehouse: packs what the queue says and calls the order's workflow back. An order of which the workflow has given up waiting, or whose label is
 * void, is not packed. Answers for each message alone, so that one that failed does not bring back the others.
 */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const results = await Promise.allSettled(Records.map(pack));
  const batchItemFailures = results.flatMap((result, index) => (result.status === 'rejected' ? failureOf(Records[index], result.reason) : []));
  return { batchItemFailures };
}

function failureOf(record: SQSRecord | undefined, reason: unknown): SQSBatchItemFailure[] {
  console.error(JSON.stringify({ code: 'not-packed', messageId: record?.messageId, message: String(reason) }));
  return record ? [{ itemIdentifier: record.messageId }] : [];
}

async function pack({ body }: SQSRecord): Promise<void> {
  const { orderId, taskToken } = JSON.parse(body) as Dispatch;
  if (!(await inHand(taskToken))) return;
  if (!(await ship(orderId))) return;
  await callBack(taskToken, { parcelId: `p-${orderId}`, pickUpInSec });
}

/** False when the label is void: the order is being compensated. */
function ship(orderId: string): Promise<boolean> {
  const change = new UpdateCommand({
    TableName: setting('SHIPMENTS_TABLE'),
    Key: { orderId },
    UpdateExpression: 'SET shippedAt = if_not_exists(shippedAt, :now)',
    ConditionExpression: 'attribute_exists(labelId) AND attribute_not_exists(voidedAt)',
    ExpressionAttributeValues: { ':now': new Date().toISOString() },
  });
  return written(() => tables.send(change));
}
