import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

interface Probe {
  readonly do?: string;
  readonly ms?: number;
  readonly table?: string;
  readonly id?: string;
}

interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly memoryLimitInMB: string;
  readonly invokedFunctionArn: string;
  readonly logGroupName: string;
  getRemainingTimeInMillis(): number;
}

const client = new DynamoDBClient({});
const shared = globalThis as unknown as { seen?: number };
let calls = 0;

/** A function for tests: does what the event asks for. */
export async function handler(event: Probe, context: LambdaContext): Promise<unknown> {
  calls++;
  shared.seen = (shared.seen ?? 0) + 1;
  process.env['SEEN'] = String(Number(process.env['SEEN'] ?? 0) + 1);
  console.log('called with %j', event);
  switch (event.do) {
    case 'sleep':
      await sleep(event.ms);
      return { calls, seen: shared.seen, env: process.env['SEEN'] };
    case 'loop':
      for (;;);
    case 'throw':
      throw new RangeError('no such thing');
    case 'reject':
      void Promise.reject(new Error('nobody listens'));
      await sleep(1000);
      return null;
    case 'exit':
      process.exit(2);
      break;
    case 'context':
      return { ...context, left: context.getRemainingTimeInMillis(), region: process.env['AWS_REGION'], own: process.env['OWN'] };
    case 'put': {
      const output = await client.send(
        new PutItemCommand({ TableName: event.table, Item: { id: { S: event.id ?? '' }, calls: { N: String(calls) } } }),
      );
      return { status: output.$metadata.httpStatusCode };
    }
    case 'missing':
      return client.send(new PutItemCommand({ TableName: 'no-such-table', Item: { id: { S: 'a' } } })).catch((error: Error) => error.name);
    default:
      return { calls, seen: shared.seen, env: process.env['SEEN'] };
  }
}
