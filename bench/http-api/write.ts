import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

/** One write of some 0.5 KB. */
export async function handler(event: { pathParameters: { id: string }; body: string }): Promise<object> {
  const { text, count } = JSON.parse(event.body) as { text: string; count: number };
  const Item = { id: { S: event.pathParameters.id }, text: { S: text }, count: { N: String(count) } };
  await client.send(new PutItemCommand({ TableName: process.env['TABLE'], Item }));
  return { statusCode: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: event.pathParameters.id }) };
}
