import { RouteTable } from './routes.ts';

/** A method of a REST API as it is deployed. */
export interface RestMethod<Target> {
  /** `methodKey` of the two below. */
  readonly key: string;
  /** Path of its resource, such as `/orders/{id}`. */
  readonly resource: string;
  /** `ANY` for all that have none of their own. */
  readonly httpMethod: string;
  readonly target: Target;
}

export interface MethodMatch<Target> {
  readonly method: RestMethod<Target>;
  /** Path variables, decoded; undefined when the resource has none. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

/** `GET /orders/{id}`: how a stage's settings and a plan's throttles name a method. */
export function methodKey(httpMethod: string, resource: string): string {
  return `${httpMethod} ${resource}`;
}

/**
 * Finds the method of a request as REST APIs do: the most specific resource first, and only then the method, or ANY, of that resource; another resource
 * that has the method does not come in. Source: API Gateway developer guide, "Set up a proxy integration with a proxy resource".
 */
export class MethodTable<Target> {
  readonly #byResource = new Map<string, Map<string, RestMethod<Target>>>();
  readonly #resources: RouteTable<Map<string, RestMethod<Target>>>;

  constructor(methods: Iterable<RestMethod<Target>>) {
    for (const method of methods) {
      const known = this.#byResource.get(method.resource) ?? new Map<string, RestMethod<Target>>();
      this.#byResource.set(method.resource, known.set(method.httpMethod, method));
    }
    this.#resources = new RouteTable([...this.#byResource].map(([resource, target]) => ({ routeKey: `ANY ${resource}`, target })));
  }

  get all(): RestMethod<Target>[] {
    return [...this.#byResource.values()].flatMap((methods) => [...methods.values()]);
  }

  /** `path` is as sent: encoded, without stage and query. */
  match(httpMethod: string, path: string): MethodMatch<Target> | undefined {
    // Most requests need no search; with a brace the path is that of a resource with variables, sent as it is.
    const found = path.includes('{') ? undefined : this.#byResource.get(path);
    const match = found ? undefined : this.#resources.match(httpMethod, path);
    const methods = found ?? match?.route.target;
    const method = methods?.get(httpMethod) ?? methods?.get('ANY');
    return method && { method, pathParameters: match?.pathParameters };
  }
}
