import { type GatewayResponse, headerName, headerText, ownHeaders } from './response.ts';

/** What a function of a REST API may answer with, and nothing else. */
const members: readonly string[] = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/**
 * The response that a function's result (JSON text) stands for in a Lambda proxy integration of a REST API; undefined when it is malformed, which a client
 * sees as 502: no object, no `statusCode`, a body that is no text, a member that is unknown. Without binary media types a body in base64 stays as it is.
 * Source: API Gateway developer guide, "Output format of a Lambda function for proxy integration"; unknown members are what many were refused for,
 * a missing `statusCode` is taken to be (assumed).
 */
export function restApiResponse(resultJson: string): GatewayResponse | undefined {
  let result: unknown;
  try {
    result = JSON.parse(resultJson);
  } catch {
    return undefined;
  }
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return undefined;
  if (Object.keys(result).some((key) => !members.includes(key))) return undefined;
  const { statusCode, headers, multiValueHeaders, body } = result as Readonly<Record<string, unknown>>;
  const status = typeof statusCode === 'number' || typeof statusCode === 'string' ? Number(statusCode) : Number.NaN;
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  const sent = sentHeaders(headers ?? {}, multiValueHeaders ?? {});
  return sent && { status, headers: sent, body: body ?? '' };
}

/** Both kinds in one, those with several values going first; undefined when one of them cannot be sent. */
function sentHeaders(single: unknown, multiple: unknown): Record<string, string | readonly string[]> | undefined {
  if (typeof single !== 'object' || typeof multiple !== 'object' || Array.isArray(single) || Array.isArray(multiple)) return undefined;
  const sent: Record<string, string | readonly string[]> = { 'content-type': 'application/json' };
  const all = new Map<string, readonly unknown[]>();
  for (const [name, value] of Object.entries(single as object)) all.set(name.toLowerCase(), [value]);
  for (const [name, values] of Object.entries(multiple as object)) {
    if (!Array.isArray(values)) return undefined;
    all.set(name.toLowerCase(), values);
  }
  for (const [name, values] of all) {
    const texts = values.map(String);
    if (!headerName.test(name) || values.some(isNested) || !texts.every((text) => headerText.test(text))) return undefined;
    if (!ownHeaders.has(name)) sent[name] = texts.length === 1 ? (texts[0] ?? '') : texts;
  }
  return sent;
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/**
 * What a REST API itself answers, with the error's type in a header. Messages and statuses are those of the developer guide's "Gateway response types"
 * where it has them; the types are what AWS sends (assumed for those of status 500 and above).
 */
export const restGatewayResponses = {
  missingToken: own(403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'),
  forbidden: own(403, 'Forbidden', 'ForbiddenException'),
  throttled: own(429, 'Too Many Requests', 'TooManyRequestsException'),
  quotaExceeded: own(429, 'Limit Exceeded', 'LimitExceededException'),
  tooLarge: own(413, 'Request Too Long', 'RequestTooLargeException'),
  internalError: own(500, 'Internal server error', 'InternalServerErrorException'),
  badAnswer: own(502, 'Internal server error', 'InternalServerErrorException'),
  timedOut: own(504, 'Endpoint request timed out', 'InternalServerErrorException'),
} as const;

function own(status: number, message: string, type: string): GatewayResponse {
  // Where the integration is at fault AWS writes a space behind the colon.
  const body = status >= 500 ? `{"message": "${message}"}` : JSON.stringify({ message });
  return { status, headers: { 'content-type': 'application/json', 'x-amzn-errortype': type }, body };
}
