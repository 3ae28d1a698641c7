import { requestTime, traceId } from './event.ts';
import { decoded } from './routes.ts';

/** What the event of a REST API's Lambda proxy integration is made of. */
export interface RestEventParts {
  readonly accountId: string;
  readonly apiId: string;
  readonly region: string;
  readonly stage: string;
  readonly deploymentId: string;
  readonly stageVariables: Readonly<Record<string, string>> | undefined;
  /** Path of the resource that matched, such as `/orders/{id}`. */
  readonly resource: string;
  readonly resourceId: string;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly method: string;
  /** As sent, encoded, without the stage. */
  readonly path: string;
  readonly rawQuery: string;
  /** Name and value, one after the other, as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
  readonly sourceIp: string;
  readonly apiKey: { readonly id: string; readonly value: string } | undefined;
  readonly nowMs: number;
}

type Values = Readonly<Record<string, readonly string[]>>;

/**
 * The event of payload format 1.0 as REST APIs send it: headers with the client's spelling, the last value of what is repeated and all of them beside it,
 * `null` for what is absent. The body is text: without binary media types API Gateway passes it on as such. Source: API Gateway developer guide,
 * "Lambda proxy integrations in API Gateway"; that `path` is decoded is assumed.
 */
export function restApiEvent(parts: RestEventParts): object {
  const domainName = `${parts.apiId}.execute-api.${parts.region}.amazonaws.com`;
  const headers = headerValues(parts, domainName);
  const query = queryValues(parts.rawQuery);
  const path = decoded(parts.path);
  const { body } = parts;
  return {
    resource: parts.resource,
    path,
    httpMethod: parts.method,
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: query && lastOf(query),
    multiValueQueryStringParameters: query,
    pathParameters: parts.pathParameters ?? null,
    stageVariables: parts.stageVariables ?? null,
    requestContext: requestContext(parts, path, domainName, lastValue(headers, 'user-agent')),
    body: body.byteLength === 0 ? null : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'),
    isBase64Encoded: false,
  };
}

function requestContext(parts: RestEventParts, path: string, domainName: string, userAgent: string | null): object {
  return {
    resourceId: parts.resourceId,
    resourcePath: parts.resource,
    httpMethod: parts.method,
    extendedRequestId: parts.extendedRequestId,
    requestTime: requestTime(parts.nowMs),
    path: `/${parts.stage}${path}`,
    accountId: parts.accountId,
    protocol: 'HTTP/1.1',
    stage: parts.stage,
    domainPrefix: parts.apiId,
    requestTimeEpoch: Math.floor(parts.nowMs),
    requestId: parts.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: parts.sourceIp,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent,
      user: null,
      ...(parts.apiKey ? { apiKey: parts.apiKey.value, apiKeyId: parts.apiKey.id } : {}),
    },
    domainName,
    deploymentId: parts.deploymentId,
    apiId: parts.apiId,
  };
}

/** Headers of the client's connection, which do not travel on. */
const dropped: ReadonlySet<string> = new Set(['connection', 'content-length', 'host', 'transfer-encoding']);

/** By the name as first sent; names that differ in case alone are one. */
function headerValues({ rawHeaders, requestId, sourceIp, nowMs }: RestEventParts, domainName: string): Values {
  const values: Record<string, string[]> = { Host: [domainName] };
  const nameOf = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i], rawHeaders[i + 1]];
    const lower = name.toLowerCase();
    if (dropped.has(lower)) continue;
    const first = nameOf.get(lower) ?? name;
    nameOf.set(lower, first);
    values[first] = [...(values[first] ?? []), value];
  }
  if (!nameOf.has('x-amzn-trace-id')) values['X-Amzn-Trace-Id'] = [traceId(requestId, nowMs)];
  const forwarded = nameOf.get('x-forwarded-for');
  const before = forwarded === undefined ? [] : (values[forwarded] ?? []);
  if (forwarded !== undefined) delete values[forwarded];
  values['X-Forwarded-For'] = [[...before, sourceIp].join(', ')];
  values['X-Forwarded-Port'] = ['443'];
  values['X-Forwarded-Proto'] = ['https'];
  return values;
}

function queryValues(rawQuery: string): Values | null {
  if (rawQuery === '') return null;
  // A map, since a client may call a parameter `__proto__`.
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(rawQuery)) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

function lastOf(values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? '']));
}

function lastValue(values: Values, lowerName: string): string | null {
  const name = Object.keys(values).find((each) => each.toLowerCase() === lowerName);
  return (name !== undefined && values[name]?.at(-1)) || null;
}
