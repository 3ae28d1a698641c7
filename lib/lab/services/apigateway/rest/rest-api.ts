import { AwsError } from '../../../../core/errors.ts';
import { MethodTable, methodKey, type RestMethod } from '../../../../models/apigateway/methods.ts';
import type { StageBuckets } from '../../../../models/apigateway/throttle.ts';
import type { Integration } from '../lambda-call.ts';

/** What a method of a REST API does. */
export interface MethodSetup {
  readonly resourceId: string;
  readonly apiKeyRequired: boolean;
  readonly integration: Integration;
}

/** A stage as a template states it. */
export interface StageInput {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables?: unknown;
  readonly methodSettings?: unknown;
}

export interface RestStage {
  readonly input: StageInput;
  readonly name: string;
  /** `<api id>/<stage>`: how usage plans name it. */
  readonly key: string;
  readonly deploymentId: string;
  readonly methods: MethodTable<MethodSetup>;
  readonly variables: Readonly<Record<string, string>> | undefined;
  /** By method key. */
  readonly buckets: StageBuckets;
  /** Keys of the methods with metrics of their own. */
  readonly detailed: ReadonlySet<string>;
}

/** One REST API: resources with methods, of which deployments are copies, and the stages that serve a deployment. */
export class RestApi {
  readonly id: string;
  readonly name: string;
  readonly rootId: string;
  readonly stages = new Map<string, RestStage>();
  readonly #newId: () => string;
  readonly #pathOf = new Map<string, string>();
  readonly #idOf = new Map<string, string>();
  readonly #methods = new Map<string, RestMethod<MethodSetup>>();
  readonly #deployments = new Map<string, MethodTable<MethodSetup>>();

  constructor(id: string, name: string, newId: () => string) {
    this.id = id;
    this.name = name;
    this.#newId = newId;
    this.rootId = this.#addPath('/');
  }

  get resourceCount(): number {
    return this.#pathOf.size;
  }

  /** The resource of a path, made with all above it where it is not there yet. */
  resourceAt(path: string): string {
    return this.#idOf.get(path) ?? this.#addPath(path);
  }

  addResource(parentId: string, pathPart: string): string {
    const parent = this.#pathOf.get(parentId);
    if (parent === undefined) throw new AwsError('NotFoundException', 'Invalid Resource identifier specified', 404);
    const path = parent === '/' ? `/${pathPart}` : `${parent}/${pathPart}`;
    if (this.#idOf.has(path))
      throw new AwsError('ConflictException', `Another resource with the same parent already has this name: ${pathPart}`, 409);
    return this.#addPath(path);
  }

  removeResource(resourceId: string): void {
    const path = this.#pathOf.get(resourceId);
    if (path === undefined) return;
    this.#pathOf.delete(resourceId);
    this.#idOf.delete(path);
    for (const [key, { resource }] of this.#methods) if (resource === path) this.#methods.delete(key);
  }

  addMethod(resourceId: string, httpMethod: string, setup: Omit<MethodSetup, 'resourceId'>): void {
    const resource = this.#pathOf.get(resourceId);
    if (resource === undefined) throw new AwsError('NotFoundException', 'Invalid Resource identifier specified', 404);
    const key = methodKey(httpMethod, resource);
    if (this.#methods.has(key)) throw new AwsError('ConflictException', 'Method already exists for this resource', 409);
    this.#methods.set(key, { key, resource, httpMethod, target: { ...setup, resourceId } });
  }

  removeMethod(resourceId: string, httpMethod: string): void {
    this.#methods.delete(methodKey(httpMethod, this.#pathOf.get(resourceId) ?? ''));
  }

  /** A copy of the methods as they are now. */
  deploy(): string {
    if (this.#methods.size === 0) throw new AwsError('BadRequestException', "The REST API doesn't contain any methods");
    const id = this.#newId();
    this.#deployments.set(id, new MethodTable(this.#methods.values()));
    return id;
  }

  deployment(id: string): MethodTable<MethodSetup> {
    const found = this.#deployments.get(id);
    if (!found) throw new AwsError('BadRequestException', 'Deployment id does not exist');
    return found;
  }

  addStage(stage: RestStage): void {
    if (this.stages.has(stage.name)) throw new AwsError('ConflictException', 'Stage already exists', 409);
    this.stages.set(stage.name, stage);
  }

  /** The stage that a path begins with, and the path below it. */
  stageOf(path: string): { stage: RestStage; path: string } | undefined {
    const end = path.indexOf('/', 1);
    const stage = this.stages.get(end < 0 ? path.slice(1) : path.slice(1, end));
    return stage && { stage, path: end < 0 ? '/' : path.slice(end) };
  }

  #addPath(path: string): string {
    const above = path.slice(0, path.lastIndexOf('/'));
    if (above !== '') this.resourceAt(above);
    const id = this.#newId();
    this.#pathOf.set(id, path);
    this.#idOf.set(path, id);
    return id;
  }
}
