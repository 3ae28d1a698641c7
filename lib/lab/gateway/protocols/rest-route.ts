import { AwsError } from '../../../core/errors.ts';
import type { WireRequest, WireResponse } from '../../contract.ts';

/** One operation of a REST service: where it is reached, and how its request and answer map to input and output. */
export interface RestRoute {
  readonly operation: string;
  readonly method: string;
  /** As in AWS's models: `/experiments/{id}`; a label that ends in `+` takes the rest of the path. */
  readonly path: string;
  input(request: WireRequest, labels: Readonly<Record<string, string>>): unknown;
  /** Status, headers and body of the answer, without what every answer carries. */
  output(output: unknown): WireResponse;
}

/** Finds the route of a request and the values of its path's labels. */
export type RestRouter = (method: string, path: string) => { route: RestRoute; labels: Readonly<Record<string, string>> } | undefined;

interface CompiledRoute {
  readonly route: RestRoute;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** Routes by method and path; where two fit, the one with fewer labels. */
export function restRouter(routes: readonly RestRoute[]): RestRouter {
  const compiled = routes.map(compile).sort((a, b) => a.names.length - b.names.length);
  return (method, path) => {
    for (const { route, pattern, names } of compiled) {
      const match = route.method === method ? pattern.exec(path) : null;
      if (match) return { route, labels: Object.fromEntries(names.map((name, i) => [name, decodedLabel(match[i + 1] ?? '')])) };
    }
    return undefined;
  };
}

function decodedLabel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('SerializationException', `${text} is not valid percent-encoding`);
  }
}

function compile(route: RestRoute): CompiledRoute {
  const names: string[] = [];
  const path = route.path.replace(/\?.*$/, '').replace(/\/$/, '');
  const pattern = path.replace(/[.$()]/g, '\\$&').replace(/\{([^}+]+)(\+?)\}/g, (_, name: string, greedy: string) => {
    names.push(name);
    return greedy ? '(.+)' : '([^/]+)';
  });
  return { route, pattern: new RegExp(`^${pattern}/?$`), names };
}
