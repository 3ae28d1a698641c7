import type { ResourceStatus } from '@aws-sdk/client-cloudformation';
import { AwsError, messageOf, ProofloadError } from '../../../core/errors.ts';
import type { StackPlan, TemplateResource } from '../../../template/index.ts';
import { templateError } from '../../../template/index.ts';
import type { CreatedResource, LabContext, ResourceHandler } from '../../contract.ts';
import { withDynamicReferences } from './dynamic-references.ts';
import { withFrontDoorUrls } from './front-door-urls.ts';
import { isNamed, type PhysicalNames, withNameOf } from './physical-names.ts';
import { typedProperties } from './property-types.ts';
import type { Deployment, Stack, StackResource } from './stack.ts';

/** What a rollback has to take back, last first. */
interface Step {
  readonly did: 'created' | 'removed' | 'updated';
  /** As it was made, or as it was before. */
  readonly resource: StackResource;
}

// A replacement of these would lose what they hold without a word; AWS updates them in place, which the lab does not do.
const holdsData = ['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup'];

/** Creates, replaces and removes the resources of one stack, keeping what a rollback needs. */
export class ResourceWork {
  readonly #context: LabContext;
  readonly #handlers: ReadonlyMap<string, ResourceHandler>;
  readonly #names: PhysicalNames;
  readonly #stack: Stack;
  readonly #steps: Step[] = [];
  readonly #replaced: StackResource[] = [];

  constructor(context: LabContext, handlers: readonly ResourceHandler[], names: PhysicalNames, stack: Stack) {
    this.#context = context;
    this.#handlers = new Map(handlers.map((handler) => [handler.type, handler]));
    this.#names = names;
    this.#stack = stack;
  }

  /** Brings the stack's resources to what `plan` says, in its order. Throws a ProofloadError that names the resource that failed. */
  async apply(plan: StackPlan, deployment: Deployment): Promise<void> {
    const before = new Map(this.#stack.resources);
    const current = new Map<string, StackResource>();
    for (const resource of plan.resources) {
      const resolved = withFrontDoorUrls(plan.resolve(resource.properties, current), this.#context.endpoint());
      const properties = await this.#typed(resource, resolved, deployment);
      const old = before.get(resource.logicalId);
      const same = old?.type === resource.type && JSON.stringify(old.properties) === JSON.stringify(properties);
      const made = old && same ? old : await this.#create(resource, properties, old, deployment);
      current.set(resource.logicalId, made);
      this.#stack.resources.set(resource.logicalId, made);
    }
    const gone = [...before.values()].filter(({ logicalId }) => !current.has(logicalId));
    for (const old of [...this.#replaced, ...gone].reverse()) await this.#remove(old);
    this.#stack.resources = current;
  }

  /** Properties with dynamic references resolved, in the types that CloudFormation gives them. */
  async #typed({ type, logicalId, line }: TemplateResource, resolved: unknown, { template }: Deployment): Promise<Readonly<Record<string, unknown>>> {
    try {
      return typedProperties(type, (await withDynamicReferences(resolved, this.#context)) as Record<string, unknown>);
    } catch (thrown) {
      throw templateError('stack-failed', { file: template.file, line }, `resource ${logicalId} (${type}) cannot be created: ${messageOf(thrown)}`);
    }
  }

  /** Takes back what `apply` did, last step first; failures are events, since there is nothing further to fall back on. */
  async rollBack(deployment: Deployment): Promise<void> {
    for (const step of [...this.#steps].reverse()) {
      if (step.did === 'created') {
        await this.#remove(step.resource);
        this.#stack.resources.delete(step.resource.logicalId);
      } else if (step.did === 'updated') {
        const { logicalId, type, physicalId, created } = step.resource;
        await this.#handler(type).update?.(physicalId, this.#request(logicalId, created, deployment));
        this.#stack.resources.set(logicalId, step.resource);
      } else {
        const { logicalId, type, created } = step.resource;
        const again = await this.#handler(type).create(this.#request(logicalId, created, deployment));
        this.#stack.resources.set(logicalId, { ...step.resource, ...again, attributes: again.attributes });
      }
    }
    for (const old of this.#replaced) this.#stack.resources.set(old.logicalId, old);
  }

  /** Removes every resource, last created first; `Retain` keeps what the template says so. */
  async removeAll(): Promise<void> {
    for (const resource of [...this.#stack.resources.values()].reverse()) {
      const policy = this.#stack.deployment?.template.resources[resource.logicalId]?.deletionPolicy;
      if (policy === 'Retain') this.#note(resource, 'DELETE_SKIPPED', 'DeletionPolicy is Retain');
      else await this.#remove(resource);
    }
  }

  async #create(
    resource: TemplateResource,
    properties: Readonly<Record<string, unknown>>,
    old: StackResource | undefined,
    deployment: Deployment,
  ): Promise<StackResource> {
    const { logicalId, type } = resource;
    try {
      const updated = old && (await this.#update(old, type, properties, deployment));
      if (updated) return updated;
      if (old) await this.#makeRoom(old, type, properties);
      this.#event(logicalId, '', type, 'CREATE_IN_PROGRESS');
      const created = this.#names.withName(type, this.#stack.name, logicalId, properties);
      const made = await this.#handler(type).create(this.#request(logicalId, created, deployment));
      const state = this.#stateOf({ logicalId, type, properties, created, status: 'CREATE_COMPLETE' }, made);
      this.#steps.push({ did: 'created', resource: state });
      this.#event(logicalId, made.physicalId, type, 'CREATE_COMPLETE');
      return state;
    } catch (thrown) {
      const reason = thrown instanceof AwsError ? `${thrown.name}: ${thrown.message}` : messageOf(thrown);
      this.#event(logicalId, '', type, 'CREATE_FAILED', reason);
      const hint = thrown instanceof ProofloadError ? thrown.hint : undefined;
      const { file } = deployment.template;
      throw templateError('stack-failed', { file, line: resource.line }, `resource ${logicalId} (${type}) cannot be created: ${reason}`, hint);
    }
  }

  /** Changes `old` in place where its type can and the change allows it. */
  async #update(
    old: StackResource,
    type: string,
    properties: Readonly<Record<string, unknown>>,
    deployment: Deployment,
  ): Promise<StackResource | undefined> {
    const handler = this.#handler(type);
    if (old.type !== type || !handler.update || isNamed(type, properties) !== isNamed(type, old.properties)) return undefined;
    const { logicalId } = old;
    const created = withNameOf(type, properties, old.created);
    const made = await handler.update(old.physicalId, this.#request(logicalId, created, deployment));
    if (!made) return undefined;
    this.#steps.push({ did: 'updated', resource: old });
    this.#event(logicalId, made.physicalId, type, 'UPDATE_COMPLETE');
    return this.#stateOf({ logicalId, type, properties, created, status: 'UPDATE_COMPLETE' }, made);
  }

  #stateOf(
    known: Pick<StackResource, 'logicalId' | 'type' | 'properties' | 'created' | 'status'>,
    { physicalId, attributes }: CreatedResource,
  ): StackResource {
    return { ...known, physicalId, attributes, updatedMs: this.#context.clock.now() };
  }

  /** What cannot be updated in place is replaced: the new resource first, the old one at the end; where both would have the same name, the old one goes first. */
  async #makeRoom(old: StackResource, type: string, properties: Readonly<Record<string, unknown>>): Promise<void> {
    if (holdsData.includes(old.type)) {
      throw new AwsError('NotUpdatable', `the lab replaces what changes, and replacing ${old.type} ${old.physicalId} would lose its data`);
    }
    if (!isNamed(type, properties)) {
      this.#replaced.push(old);
      return;
    }
    await this.#remove(old);
    this.#steps.push({ did: 'removed', resource: old });
  }

  async #remove(resource: StackResource): Promise<void> {
    const { type, physicalId } = resource;
    const remove = this.#handler(type).remove;
    if (!remove) return this.#note(resource, 'DELETE_SKIPPED', `the lab cannot remove ${type}`);
    this.#note(resource, 'DELETE_IN_PROGRESS');
    try {
      await remove.call(this.#handler(type), physicalId, resource.created);
      this.#note(resource, 'DELETE_COMPLETE');
    } catch (thrown) {
      this.#note(resource, 'DELETE_FAILED', messageOf(thrown));
    }
  }

  #handler(type: string): ResourceHandler {
    const handler = this.#handlers.get(type);
    if (!handler) throw new ProofloadError('unsupported-resource', `type ${type} is not supported`);
    return handler;
  }

  #request(logicalId: string, properties: Readonly<Record<string, unknown>>, { templateFolder }: Deployment) {
    return { stackName: this.#stack.name, logicalId, properties, templateFolder };
  }

  #note(resource: StackResource, status: ResourceStatus, reason?: string): void {
    resource.status = status;
    if (reason !== undefined) resource.statusReason = reason;
    resource.updatedMs = this.#context.clock.now();
    this.#event(resource.logicalId, resource.physicalId, resource.type, status, reason);
  }

  #event(logicalId: string, physicalId: string, type: string, status: ResourceStatus, reason?: string): void {
    const id = `${logicalId}-${status}-${this.#stack.events.length}`;
    this.#stack.events.push({
      id,
      atMs: this.#context.clock.now(),
      logicalId,
      physicalId,
      type,
      status,
      ...(reason === undefined ? {} : { reason }),
    });
  }
}
