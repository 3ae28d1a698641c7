/** What the client gets. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | string;
}

/** Headers that belong to the connection or to the gateway itself. */
export const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
]);

/** What HTTP allows in a header's name; nothing else could be sent. Source: RFC 9110, 5.1. */
export const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What it allows in a header's text; RFC 9110, 5.5. */
export const headerText = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The response that a function's result (JSON text) stands for in payload format 2.0; undefined when it is malformed, which a client
 * sees as 500: interim statuses (1xx), which are no answer, and headers that cannot be sent are malformed too (assumed). A result with `statusCode` says the response; any other JSON is the body of a 200, a string as it is.
 * Source: API Gateway developer guide, "Lambda function response for format 2.0".
 */
export function httpApiResponse(resultJson: string): GatewayResponse | undefined {
  let result: unknown;
  try {
    result = JSON.parse(resultJson);
  } catch {
    return undefined;
  }
  if (typeof result === 'object' && result !== null && !Array.isArray(result) && 'statusCode' in result) return fromResponse(result);
  return { status: 200, headers: { 'content-type': 'application/json' }, body: typeof result === 'string' ? result : resultJson };
}

interface FunctionResponse {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

function fromResponse({ statusCode, headers = {}, cookies, body, isBase64Encoded }: FunctionResponse): GatewayResponse | undefined {
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  if (headers !== null && (typeof headers !== 'object' || Array.isArray(headers))) return undefined;
  const sent: Record<string, string | readonly string[]> = { 'content-type': 'text/plain;charset=UTF-8' };
  for (const [name, value] of Object.entries(headers ?? {})) {
    const lower = name.toLowerCase();
    if (!headerName.test(name) || !headerText.test(String(value))) return undefined;
    if (!ownHeaders.has(lower)) sent[lower] = String(value);
  }
  if (Array.isArray(cookies)) {
    sent['set-cookie'] = cookies.map(String);
    if (!cookies.every((cookie) => headerText.test(String(cookie)))) return undefined;
  }
  return { status, headers: sent, body: isBase64Encoded === true ? Buffer.from(body ?? '', 'base64') : (body ?? '') };
}

/** `{"message": ...}`: what API Gateway itself answers. */
export function gatewayResponse(status: number, message: string): GatewayResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}
