/** One route of an HTTP API: `GET /orders/{id}`, `ANY /{proxy+}` or `$default`. */
export interface Route<Target> {
  readonly routeKey: string;
  readonly target: Target;
}

export interface RouteMatch<Target> {
  readonly route: Route<Target>;
  /** Path variables, decoded; undefined when the route has none. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

type Segment = { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'variable' | 'greedy'; readonly name: string };

interface Candidate<Target> {
  readonly route: Route<Target>;
  /** `ANY` for all methods. */
  readonly method: string;
  readonly segments: readonly Segment[];
  readonly variables: boolean;
}

const rank = { literal: 0, variable: 1, greedy: 2 } as const;

/** Why `routeKey` is none; undefined when it is one. */
export function routeKeyProblem(routeKey: string): string | undefined {
  if (routeKey === '$default') return undefined;
  const match = /^(ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (\/.*)$/.exec(routeKey);
  if (!match) return 'a route key is $default or a method and a path, such as GET /orders/{id}';
  const segments = (match[2] ?? '').split('/').slice(1);
  const greedy = segments.findIndex((segment) => /^\{[^{}]+\+\}$/.test(segment));
  if (greedy >= 0 && greedy < segments.length - 1) return 'a greedy variable such as {proxy+} must come last';
  const bad = segments.find((segment) => /[{}]/.test(segment) && !/^\{[^{}+]+\+?\}$/.test(segment));
  return bad === undefined ? undefined : `${bad} is no path variable`;
}

/**
 * Finds the route of a request as API Gateway documents it for HTTP APIs: a full match of method and path, then one with a greedy
 * variable, then $default; among full matches a literal segment goes before a variable, and a named method before ANY.
 */
export class RouteTable<Target> {
  readonly #default: Route<Target> | undefined;
  /** Most specific first. */
  readonly #candidates: readonly Candidate<Target>[];
  /** Routes without variables by `METHOD /path`: most requests need no search. */
  readonly #exact = new Map<string, RouteMatch<Target>>();

  constructor(routes: Iterable<Route<Target>>) {
    const all = [...routes];
    this.#default = all.find(({ routeKey }) => routeKey === '$default');
    this.#candidates = all
      .filter(({ routeKey }) => routeKey !== '$default')
      .map(candidateOf)
      .sort(bySpecificity);
    for (const { route, method, variables } of this.#candidates) {
      if (!variables && method !== 'ANY') this.#exact.set(route.routeKey, { route, pathParameters: undefined });
    }
  }

  /** `path` is as sent: encoded, without query. */
  match(method: string, path: string): RouteMatch<Target> | undefined {
    const exact = this.#exact.get(`${method} ${path}`);
    if (exact) return exact;
    const parts = path.split('/').slice(1);
    for (const candidate of this.#candidates) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const values = matchSegments(candidate.segments, parts);
      if (values) return { route: candidate.route, pathParameters: candidate.variables ? values : undefined };
    }
    return this.#default && { route: this.#default, pathParameters: undefined };
  }
}

function candidateOf<Target>(route: Route<Target>): Candidate<Target> {
  const space = route.routeKey.indexOf(' ');
  const segments = route.routeKey
    .slice(space + 1)
    .split('/')
    .slice(1)
    .map((text): Segment => {
      const name = /^\{(.+?)(\+?)\}$/.exec(text);
      if (!name) return { kind: 'literal', text };
      return { kind: name[2] ? 'greedy' : 'variable', name: name[1] ?? '' };
    });
  return { route, method: route.routeKey.slice(0, space), segments, variables: segments.some(({ kind }) => kind !== 'literal') };
}

function bySpecificity(a: Candidate<unknown>, b: Candidate<unknown>): number {
  const greedy = Number(endsGreedy(a.segments)) - Number(endsGreedy(b.segments));
  if (greedy !== 0) return greedy;
  for (let i = 0; i < Math.max(a.segments.length, b.segments.length); i++) {
    const [left, right] = [a.segments[i], b.segments[i]];
    if (!left || !right) break;
    if (rank[left.kind] !== rank[right.kind]) return rank[left.kind] - rank[right.kind];
  }
  return b.segments.length - a.segments.length || Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function endsGreedy(segments: readonly Segment[]): boolean {
  return segments.at(-1)?.kind === 'greedy';
}

function matchSegments(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  if (endsGreedy(segments) ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [i, segment] of segments.entries()) {
    const part = parts[i] ?? '';
    if (segment.kind === 'literal') {
      if (segment.text !== part && segment.text !== decoded(part)) return undefined;
    } else {
      const value = segment.kind === 'greedy' ? parts.slice(i).join('/') : part;
      if (value === '') return undefined;
      values[segment.name] = decoded(value);
    }
  }
  return values;
}

/** Percent-decoded, or as it is where the encoding is broken. */
export function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
