/** `x-amazon-apigateway-cors`, or CorsConfiguration with small initials. */
export interface CorsSettings {
  readonly allowOrigins?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAge?: number;
  readonly allowCredentials?: boolean;
}

/**
 * Headers that an HTTP API with CORS adds to the response of a request from `origin`; a function's own CORS headers are ignored then.
 * For an origin that is not allowed there are none.
 */
export function corsHeaders(settings: CorsSettings, origin: string | undefined): Readonly<Record<string, string>> {
  const allowed = origin !== undefined && settings.allowOrigins?.some((each) => each === '*' || each === origin || wildcard(each, origin));
  if (!allowed) return {};
  return {
    'access-control-allow-origin': settings.allowOrigins?.includes('*') ? '*' : origin,
    ...(settings.allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...list('access-control-expose-headers', settings.exposeHeaders),
  };
}

/** Headers of the answer to a preflight request, which API Gateway gives itself with 204. */
export function preflightHeaders(settings: CorsSettings, origin: string | undefined): Readonly<Record<string, string>> {
  const allowed = corsHeaders(settings, origin);
  if (Object.keys(allowed).length === 0) return {};
  return {
    ...allowed,
    ...list('access-control-allow-methods', settings.allowMethods),
    ...list('access-control-allow-headers', settings.allowHeaders),
    ...(settings.maxAge === undefined ? {} : { 'access-control-max-age': String(settings.maxAge) }),
  };
}

function list(header: string, values: readonly string[] | undefined): Record<string, string> {
  return values && values.length > 0 ? { [header]: values.join(',') } : {};
}

/** `https://*.example.com` */
function wildcard(pattern: string, origin: string): boolean {
  const [start = '', end, ...more] = pattern.split('*');
  return end !== undefined && more.length === 0 && origin.startsWith(start) && origin.endsWith(end) && origin.length >= start.length + end.length;
}
