import type { ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import { messageOf } from '../../../core/errors.ts';
import type { Rng } from '../../../core/rng.ts';
import { checkSupported, planStack, type StackPlan } from '../../../template/index.ts';
import type { LabContext, ResourceHandler } from '../../contract.ts';
import { withFrontDoorUrls } from './front-door-urls.ts';
import { PhysicalNames } from './physical-names.ts';
import { ResourceWork } from './resource-work.ts';
import { type Deployment, type Stack, type StackOutput, type StackStore, validationError } from './stack.ts';

/** What happens to what was created when a creation fails. */
export type OnFailure = 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';

/**
 * Creates, updates and deletes stacks. AWS works on while its API has answered; the lab is done when it answers, since nothing it creates
 * takes time. What fails is the stack's status and reason, and is given back; only a template that cannot be planned throws.
 */
export class StackEngine {
  readonly #context: LabContext;
  readonly #handlers: () => readonly ResourceHandler[];
  readonly #store: StackStore;
  readonly #names: PhysicalNames;
  readonly #ids: Rng;

  constructor(context: LabContext, handlers: () => readonly ResourceHandler[], store: StackStore) {
    this.#context = context;
    this.#handlers = handlers;
    this.#store = store;
    this.#names = new PhysicalNames(context.quotas, context.rng.fork('physical-names'));
    this.#ids = context.rng.fork('stack-ids');
  }

  /** A new, empty stack, stored. */
  open(name: string, status: StackStatus): Stack {
    const stack = this.make(name, status);
    this.#store.add(stack);
    return stack;
  }

  /** A new, empty stack that nothing knows yet. */
  make(name: string, status: StackStatus): Stack {
    return {
      name,
      id: this.#context.arn('cloudformation', `stack/${name}/${this.#ids.uuid()}`),
      createdMs: this.#context.clock.now(),
      deployment: undefined,
      status,
      parameters: {},
      resources: new Map(),
      outputs: [],
      events: [],
    };
  }

  uuid(): string {
    return this.#ids.uuid();
  }

  /** Checks all that can be checked before anything is touched. @throws ProofloadError */
  plan(stack: { readonly name: string; readonly id: string }, { template, parameters }: Deployment): StackPlan {
    checkSupported(template, this.#handlers());
    const { account, region } = this.#context;
    return planStack(template, { stackName: stack.name, stackId: stack.id, account, region, parameters });
  }

  /** Creates what `deployment` describes; gives back what failed. */
  async create(stack: Stack, deployment: Deployment, onFailure: OnFailure = 'ROLLBACK'): Promise<unknown> {
    const plan = this.plan(stack, deployment);
    this.#enter(stack, 'CREATE_IN_PROGRESS');
    const work = this.#work(stack);
    const failure = await this.#apply(stack, plan, deployment, work);
    if (failure === undefined) this.#enter(stack, 'CREATE_COMPLETE');
    else if (onFailure === 'DO_NOTHING') this.#enter(stack, 'CREATE_FAILED', messageOf(failure));
    else {
      this.#enter(stack, 'ROLLBACK_IN_PROGRESS', messageOf(failure));
      await work.rollBack(deployment);
      this.#enter(stack, 'ROLLBACK_COMPLETE', messageOf(failure));
      if (onFailure === 'DELETE') await this.delete(stack);
    }
    return failure;
  }

  /** Brings a stack to what `deployment` describes, replacing what changed; gives back what failed. */
  async update(stack: Stack, deployment: Deployment): Promise<unknown> {
    const plan = this.plan(stack, deployment);
    const before = { deployment: stack.deployment, parameters: stack.parameters };
    this.#enter(stack, 'UPDATE_IN_PROGRESS');
    const work = this.#work(stack);
    const failure = await this.#apply(stack, plan, deployment, work);
    stack.updatedMs = this.#context.clock.now();
    if (failure === undefined) this.#enter(stack, 'UPDATE_COMPLETE');
    else {
      this.#enter(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', messageOf(failure));
      await work.rollBack(before.deployment ?? deployment);
      Object.assign(stack, before);
      this.#enter(stack, 'UPDATE_ROLLBACK_COMPLETE', messageOf(failure));
    }
    return failure;
  }

  async delete(stack: Stack): Promise<void> {
    this.#enter(stack, 'DELETE_IN_PROGRESS');
    await this.#work(stack).removeAll();
    const failed = [...stack.resources.values()].filter(({ status }) => status === 'DELETE_FAILED');
    if (failed.length > 0) {
      this.#enter(stack, 'DELETE_FAILED', `The following resource(s) failed to delete: [${failed.map(({ logicalId }) => logicalId).join(', ')}].`);
      return;
    }
    stack.deletedMs = this.#context.clock.now();
    this.#enter(stack, 'DELETE_COMPLETE');
  }

  /** @throws AwsError when something is going on with the stack, or it is in a state from which nothing leads on. */
  requireStable({ name, id, status }: Stack, action: 'updated' | 'deleted'): void {
    const stuck = action === 'updated' && ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED'].includes(status);
    if (status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS')
      throw validationError(`Stack [${name}] cannot be ${action} while in status ${status}`);
    if (stuck) throw validationError(`Stack:${id} is in ${status} state and can not be updated.`);
  }

  #work(stack: Stack): ResourceWork {
    return new ResourceWork(this.#context, this.#handlers(), this.#names, stack);
  }

  async #apply(stack: Stack, plan: StackPlan, deployment: Deployment, work: ResourceWork): Promise<unknown> {
    try {
      await work.apply(plan, deployment);
      const outputs = this.#outputs(plan, stack);
      Object.assign(stack, { deployment, parameters: plan.parameters, outputs });
      return undefined;
    } catch (thrown) {
      stack.deployment ??= deployment;
      return thrown;
    }
  }

  #outputs(plan: StackPlan, stack: Stack): StackOutput[] {
    const resolve = (value: unknown): string => textOf(withFrontDoorUrls(plan.resolve(value, stack.resources), this.#context.endpoint()));
    return plan.outputs.map(({ name, value, description, exportName }) => ({
      name,
      value: resolve(value),
      ...(description === undefined ? {} : { description }),
      ...(exportName === undefined ? {} : { exportName: resolve(exportName) }),
    }));
  }

  #enter(stack: Stack, status: StackStatus, reason?: string): void {
    stack.status = status;
    if (reason === undefined) delete stack.statusReason;
    else stack.statusReason = reason;
    const event = { atMs: this.#context.clock.now(), logicalId: stack.name, physicalId: stack.id, type: 'AWS::CloudFormation::Stack' };
    stack.events.push({ ...event, id: this.uuid(), status: status as ResourceStatus, ...(reason === undefined ? {} : { reason }) });
  }
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
