import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { setting, tables } from './clients.ts';
import { answerLate, conduct, failByChance } from './third-party.ts';

interface LabelRequest {
  readonly operation: 'issue' | 'void';
  readonly orderId: string;
}

/**
 * A carrier's label API: one label an order, however often it is asked for; a void one stays void, and a parcel that is on its way under it goes back.
 * Towards everybody it behaves as its parameter says: late labels, and labels that it cannot issue. It always voids.
 */
export async function handler({ operation, orderId }: LabelRequest): Promise<{ labelId: string }> {
  if (operation === 'void') {
    await change(orderId, 'SET voidedAt = if_not_exists(voidedAt, :now)');
    return { labelId: labelIdOf(orderId) };
  }
  const now = await conduct();
  failByChance(now, 'LabelUnavailable');
  const { voidedAt } = await change(orderId, 'SET labelId = :labelId, issuedAt = if_not_exists(issuedAt, :now)', { ':labelId': labelIdOf(orderId) });
  if (voidedAt !== undefined) throw Object.assign(new Error(`the label of order ${orderId} is void`), { name: 'LabelVoid' });
  return answerLate(now, { labelId: labelIdOf(orderId) });
}

function labelIdOf(orderId: string): string {
  return `lb-${orderId}`;
}

async function change(orderId: string, update: string, values: Readonly<Record<string, string>> = {}): Promise<{ readonly voidedAt?: string }> {
  const { Attributes } = await tables.send(
    new UpdateCommand({
      TableName: setting('SHIPMENTS_TABLE'),
      Key: { orderId },
      UpdateExpression: update,
      ExpressionAttributeValues: { ':now': new Date().toISOString(), ...values },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return Attributes ?? {};
}
