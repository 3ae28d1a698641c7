import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What a table is given before the customer is told to try again; DynamoDB answers within some 10 ms as a rule. */
const tableTimeoutMs = 1000;

// Made once an environment, outside of the handlers, so that connections are kept from one invocation to the next.
const dynamodb = new DynamoDBClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: tableTimeoutMs, throwOnRequestTimeout: true },
});

export const tables = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });

/** One attempt only: repeating a charge is for the caller to decide, who knows what it may cost. */
export const lambda = new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 500 } });

/** The value of an environment variable that the template sets; a missing one stops the function at its start. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`environment variable ${name} is not set`);
  return value;
}
