import type { ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../../core/errors.ts';
import type { ParameterValue, Template } from '../../../template/index.ts';

interface StackTag {
  readonly Key: string;
  readonly Value: string;
}

/** What a stack is made from. */
export interface Deployment {
  readonly template: Template;
  /** Against which folders in the template are read. */
  readonly templateFolder: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: readonly StackTag[];
  readonly capabilities: readonly string[];
}

/** One resource of a stack, as it was last created. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
  /** Resolved, before a name was generated: what an update compares with. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** As they were handed to the service, name included: what a rollback creates again. */
  readonly created: Readonly<Record<string, unknown>>;
  status: ResourceStatus;
  statusReason?: string;
  updatedMs: number;
}

export interface StackOutput {
  readonly name: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface StackEvent {
  readonly id: string;
  readonly atMs: number;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: ResourceStatus;
  readonly reason?: string;
}

export interface Stack {
  readonly name: string;
  readonly id: string;
  readonly createdMs: number;
  deployment: Deployment | undefined;
  status: StackStatus;
  statusReason?: string;
  updatedMs?: number;
  deletedMs?: number;
  parameters: Readonly<Record<string, ParameterValue>>;
  /** By logical id, in the order of creation. */
  resources: Map<string, StackResource>;
  outputs: readonly StackOutput[];
  readonly events: StackEvent[];
  changeSetId?: string;
}

/** Every stack of the lab, deleted ones included (those only answer to their id, as on AWS). */
export class StackStore {
  readonly #stacks: Stack[] = [];

  add(stack: Stack): void {
    this.#stacks.push(stack);
  }

  all(): readonly Stack[] {
    return this.#stacks;
  }

  living(): readonly Stack[] {
    return this.#stacks.filter(({ status }) => status !== 'DELETE_COMPLETE');
  }

  find(nameOrId: string): Stack | undefined {
    return this.living().find(({ name }) => name === nameOrId) ?? this.#stacks.find(({ id }) => id === nameOrId);
  }

  /** @throws AwsError ValidationError, in CloudFormation's words. */
  require(nameOrId: string | undefined): Stack {
    if (nameOrId === undefined || nameOrId === '')
      throw validationError("1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null");
    const stack = this.find(nameOrId);
    if (!stack) throw validationError(`Stack with id ${nameOrId} does not exist`);
    return stack;
  }
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message, 400);
}
