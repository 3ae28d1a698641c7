import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

/** A problem that the customer is told of: its HTTP status, a stable code and words for people. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export type Handler = (
  event: APIGatewayProxyEventV2,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<APIGatewayProxyStructuredResultV2>;

export function json(status: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Runs a handler so that everything it throws becomes a JSON answer: our problems as they are, AWS's as "busy" or "too slow". */
export function answering(handle: Handler): Handler {
  return async (event, context) => {
    try {
      return await handle(event, context);
    } catch (thrown) {
      const problem = thrown instanceof Problem ? thrown : problemOf(thrown);
      if (problem.status >= 500) console.error(JSON.stringify({ code: problem.code, message: problem.message, path: event.rawPath }));
      return json(problem.status, { error: problem.code, message: problem.message });
    }
  };
}

/** The event's JSON body. */
export function bodyOf(event: APIGatewayProxyEventV2): Record<string, unknown> {
  try {
    const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '{}');
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // falls through to the one answer for every kind of malformed body
  }
  throw new Problem(400, 'bad-request', 'the body must be a JSON object');
}

const busy = [
  'ExecutionLimitExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionConflictException',
];
const slow = ['AbortError', 'TimeoutError'];

function problemOf(thrown: unknown): Problem {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (busy.includes(name)) return new Problem(503, 'busy', `try again: ${name}`);
  if (slow.includes(name)) return new Problem(504, 'too-slow', `try again: ${name}`);
  return new Problem(500, 'internal', `${name}: ${message}`);
}
