import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

/** A read that no release of the pairs touches. */
export async function handler(event: { pathParameters: { id: string } }): Promise<object> {
  const { Item } = await client.send(new GetItemCommand({ TableName: process.env['TABLE'], Key: { id: { S: event.pathParameters.id } } }));
  return { statusCode: 200, body: JSON.stringify({ known: Item !== undefined }) };
}
