import { ProofloadError } from '../../../../core/errors.ts';
import type { CorsSettings } from '../../../../models/apigateway/cors.ts';
import { type IntegrationLimits, integrationOf } from '../integration.ts';
import type { Integration } from '../lambda-call.ts';

/** What the lab reads of an API's OpenAPI `Body`: its title, CORS, and the routes with their Lambda integrations. */
export interface OpenApiRoutes {
  readonly title: string | undefined;
  readonly cors: CorsSettings | undefined;
  readonly routes: readonly { readonly routeKey: string; readonly target: Integration }[];
}

interface OpenApiOperation {
  readonly 'x-amazon-apigateway-integration'?: Readonly<Record<string, unknown>>;
  readonly isDefaultRoute?: boolean;
  readonly security?: unknown;
}

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];
const anyMethod = 'x-amazon-apigateway-any-method';

/** Reads an OpenAPI 3 document with API Gateway's extensions, as SAM writes it. */
export function readOpenApi(body: Readonly<Record<string, unknown>>, limits: IntegrationLimits): OpenApiRoutes {
  const info = body['info'] as { title?: unknown } | undefined;
  const paths = (body['paths'] ?? {}) as Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const routeKey = routeKeyOf(path, method, operation);
      const integration = operation['x-amazon-apigateway-integration'];
      if (!integration) throw unsupported(`route ${routeKey} has no x-amazon-apigateway-integration`);
      if (operation.security) throw unsupported(`route ${routeKey}: authorizers are not supported`);
      return { routeKey, target: integrationOf(integration, `route ${routeKey}`, limits) };
    }),
  );
  return {
    title: info?.title === undefined ? undefined : String(info.title),
    cors: body['x-amazon-apigateway-cors'] as CorsSettings | undefined,
    routes,
  };
}

function routeKeyOf(path: string, method: string, operation: OpenApiOperation): string {
  if (path === '$default' || path === '/$default' || operation.isDefaultRoute) return '$default';
  if (method === anyMethod) return `ANY ${path}`;
  if (methods.includes(method)) return `${method.toUpperCase()} ${path}`;
  throw unsupported(`path ${path}: ${method} is no method`);
}

function unsupported(message: string): ProofloadError {
  return new ProofloadError('unsupported-property', `HTTP API: ${message}`);
}
