import { ProofloadError } from '../../../../core/errors.ts';
import { type IntegrationLimits, integrationOf } from '../integration.ts';
import type { MethodSetup } from './rest-api.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** What the lab reads of a REST API's OpenAPI `Body`: its title and its methods. */
export interface OpenApiMethods {
  readonly title: string | undefined;
  readonly methods: readonly (Omit<MethodSetup, 'resourceId'> & { readonly path: string; readonly httpMethod: string })[];
}

// What does not change how the lab answers: who describes the API, where it is served, and shapes that only request validators would look at.
const known = [
  'swagger',
  'openapi',
  'info',
  'paths',
  'securityDefinitions',
  'components',
  'tags',
  'schemes',
  'host',
  'basePath',
  'servers',
  'definitions',
];
const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];
const anyMethod = 'x-amazon-apigateway-any-method';

/** Reads an OpenAPI document (Swagger 2 or OpenAPI 3) with API Gateway's extensions, as SAM writes it for REST APIs; refuses all else by name. */
export function readRestOpenApi(body: Mapping, limits: IntegrationLimits): OpenApiMethods {
  const unknown = Object.keys(body).find((key) => !known.includes(key));
  if (unknown !== undefined) throw unsupported(`${unknown} in the API's OpenAPI document is not supported`);
  const keySchemes = apiKeySchemes(body);
  const title = (body['info'] as { title?: unknown } | undefined)?.title;
  const paths = (body['paths'] ?? {}) as Readonly<Record<string, Readonly<Record<string, Mapping>>>>;
  return {
    title: title === undefined ? undefined : String(title),
    methods: Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => {
        const httpMethod = httpMethodOf(path, method);
        const what = `method ${httpMethod} ${path}`;
        return { path, httpMethod, apiKeyRequired: needsKey(operation, keySchemes, what), integration: integrationIn(operation, what, limits) };
      }),
    ),
  };
}

function httpMethodOf(path: string, method: string): string {
  if (method === anyMethod) return 'ANY';
  if (methods.includes(method)) return method.toUpperCase();
  throw unsupported(`path ${path}: ${method} is no method`);
}

function integrationIn(operation: Mapping, what: string, limits: IntegrationLimits): MethodSetup['integration'] {
  const integration = operation['x-amazon-apigateway-integration'] as Mapping | undefined;
  if (!integration) throw unsupported(`${what} has no x-amazon-apigateway-integration`);
  const extension = Object.keys(operation).find((key) => key.startsWith('x-amazon-apigateway-') && key !== 'x-amazon-apigateway-integration');
  if (extension !== undefined) throw unsupported(`${what}: ${extension} is not supported`);
  return integrationOf(integration, what, limits);
}

/** Names of the security schemes that are API keys in the header that API Gateway reads. */
function apiKeySchemes({ securityDefinitions, components }: Mapping): string[] {
  const schemes = securityDefinitions ?? (components as { securitySchemes?: unknown } | undefined)?.securitySchemes ?? {};
  return Object.entries(schemes as Readonly<Record<string, Mapping>>).flatMap(([name, scheme]) =>
    scheme['type'] === 'apiKey' && String(scheme['name']).toLowerCase() === 'x-api-key' && scheme['x-amazon-apigateway-authtype'] === undefined
      ? [name]
      : [],
  );
}

function needsKey({ security = [] }: { readonly security?: unknown }, keySchemes: readonly string[], what: string): boolean {
  const names = (security as readonly object[]).flatMap((requirement) => Object.keys(requirement));
  const other = names.find((name) => !keySchemes.includes(name));
  if (other !== undefined) throw unsupported(`${what}: authorizers such as ${other} are not supported, API keys are`);
  return names.length > 0;
}

function unsupported(message: string): ProofloadError {
  return new ProofloadError('unsupported-property', `REST API: ${message}`);
}
