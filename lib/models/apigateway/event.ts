import { isoTime } from '../../core/time-format.ts';
import { decoded } from './routes.ts';

/** What the event of a Lambda integration is made of. */
export interface EventParts {
  readonly accountId: string;
  readonly apiId: string;
  readonly region: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>> | undefined;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  readonly requestId: string;
  readonly method: string;
  /** As sent, encoded; with the stage's name in front unless that is $default. */
  readonly path: string;
  readonly rawQuery: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly sourceIp: string;
  readonly nowMs: number;
}

/**
 * The event of payload format 2.0. Source: API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs":
 * lower-case headers joined by commas, cookies apart, repeated query parameters joined by commas; absent parts are left out.
 */
export function httpApiEvent(parts: EventParts): object {
  const { headers, body, rawQuery, pathParameters, stageVariables, routeKey, stage } = parts;
  const domainName = `${parts.apiId}.execute-api.${parts.region}.amazonaws.com`;
  const rawPath = decoded(parts.path);
  const text = isText(headers['content-type']);
  const cookies = headers['cookie'];
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: rawQuery,
    ...(cookies === undefined ? {} : { cookies: cookies.split(/;\s*/) }),
    headers: eventHeaders(parts, domainName),
    ...(rawQuery === '' ? {} : { queryStringParameters: queryParameters(rawQuery) }),
    requestContext: {
      accountId: parts.accountId,
      apiId: parts.apiId,
      domainName,
      domainPrefix: parts.apiId,
      http: { method: parts.method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: parts.sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: parts.requestId,
      routeKey,
      stage,
      time: requestTime(parts.nowMs),
      timeEpoch: Math.floor(parts.nowMs),
    },
    ...(pathParameters ? { pathParameters } : {}),
    ...(stageVariables ? { stageVariables } : {}),
    ...(body.byteLength === 0 ? {} : { body: bytes(body).toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.byteLength > 0 && !text,
  };
}

/** The client's headers without what belongs to its connection, with those that API Gateway puts in. */
function eventHeaders({ headers, requestId, sourceIp, nowMs, body }: EventParts, domainName: string): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const name in headers) if (name !== 'cookie' && name !== 'connection') sent[name] = headers[name] as string;
  sent['host'] = domainName;
  sent['content-length'] = String(body.byteLength);
  sent['x-amzn-trace-id'] ??= traceId(requestId, nowMs);
  const before = headers['x-forwarded-for'];
  sent['x-forwarded-for'] = before === undefined ? sourceIp : `${before}, ${sourceIp}`;
  sent['x-forwarded-port'] = '443';
  sent['x-forwarded-proto'] = 'https';
  return sent;
}

/** A trace of X-Ray that begins with this request. */
export function traceId(requestId: string, nowMs: number): string {
  const trace = Buffer.from(requestId.padEnd(12, '0')).toString('hex').slice(0, 24);
  return `Root=1-${Math.floor(nowMs / 1000).toString(16)}-${trace}`;
}

/** Everything but text arrives in base64; forms too. A body without a content type is taken as text (not documented: assumed). */
export function isText(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  return /^\s*(text\/|application\/([\w.-]+\+)?(json|xml)\b|application\/(javascript|graphql)\b)/i.test(contentType);
}

function queryParameters(rawQuery: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQuery))
    parameters[name] = Object.hasOwn(parameters, name) ? `${parameters[name]},${value}` : value;
  return parameters;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `24/Nov/2026:10:43:00 +0000`: an instant as events have it. */
export function requestTime(ms: number): string {
  const iso = isoTime(ms);
  return `${iso.slice(8, 10)}/${months[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

function bytes(body: Uint8Array): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
