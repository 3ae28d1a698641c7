import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { setting, tables } from './clients.ts';
import type { Step } from './saga-order.ts';

/** Step SendConfirmation of the tail: the message to the customer, booked once however often an Express workflow starts over. */
export async function handler({ orderId }: Step): Promise<void> {
  await tables.send(
    new UpdateCommand({
      TableName: setting('ORDERS_TABLE'),
      Key: { orderId },
      UpdateExpression: 'SET confirmationSentAt = if_not_exists(confirmationSentAt, :now)',
      ExpressionAttributeValues: { ':now': new Date().toISOString() },
    }),
  );
}
