import type { CorsSettings } from '../../../../models/apigateway/cors.ts';
import { RouteTable } from '../../../../models/apigateway/routes.ts';
import type { StageBuckets } from '../../../../models/apigateway/throttle.ts';
import type { Integration } from '../lambda-call.ts';

export interface Stage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>> | undefined;
  /** By route key. */
  readonly buckets: StageBuckets;
  /** Whether routes have metrics of their own: the stage's standard, and by route key. */
  readonly detailed: { readonly standard: boolean; readonly own: ReadonlyMap<string, boolean> };
}

/** One HTTP API: routes to functions, and the stages under which they answer. */
export class HttpApi {
  readonly id: string;
  readonly name: string;
  readonly cors: CorsSettings | undefined;
  readonly stages = new Map<string, Stage>();
  readonly integrations = new Map<string, Integration>();
  /** By route id: key and integration. */
  readonly #routes = new Map<string, { routeKey: string; target: Integration }>();
  #table: RouteTable<Integration> | undefined;

  constructor(id: string, name: string, cors: CorsSettings | undefined) {
    this.id = id;
    this.name = name;
    this.cors = cors;
  }

  get routeCount(): number {
    return this.#routes.size;
  }

  hasRoute(routeKey: string): boolean {
    return [...this.#routes.values()].some((route) => route.routeKey === routeKey);
  }

  addRoute(id: string, routeKey: string, target: Integration): void {
    this.#routes.set(id, { routeKey, target });
    this.#table = undefined;
  }

  removeRoute(id: string): void {
    this.#routes.delete(id);
    this.#table = undefined;
  }

  get routes(): RouteTable<Integration> {
    this.#table ??= new RouteTable(this.#routes.values());
    return this.#table;
  }

  /** The stage of a path and the path below it: a named stage is the first segment, all else belongs to $default. */
  stageOf(path: string): { stage: Stage; path: string } | undefined {
    const end = path.indexOf('/', 1);
    const first = end < 0 ? path.slice(1) : path.slice(1, end);
    const named = first === '$default' ? undefined : this.stages.get(first);
    if (named) return { stage: named, path: end < 0 ? '/' : path.slice(end) };
    const stage = this.stages.get('$default');
    return stage && { stage, path };
  }
}
