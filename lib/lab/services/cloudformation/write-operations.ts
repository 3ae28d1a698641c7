import type { CreateStackCommandInput, DeleteStackCommandInput, UpdateStackCommandInput } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../../core/errors.ts';
import type { Numbers } from '../../../core/numbers.ts';
import type { LabService, Operation } from '../../contract.ts';
import { requireCapabilities } from './capabilities.ts';
import { changesOf } from './changes.ts';
import { deploymentOf, inAwsWords } from './deployment-input.ts';
import { type StackStore, validationError } from './stack.ts';
import type { OnFailure, StackEngine } from './stack-engine.ts';

/** The operations that create, update and delete stacks directly. */
export function writeOperations(store: StackStore, engine: StackEngine, quotas: Numbers): LabService['operations'] {
  const createStack: Operation<CreateStackCommandInput> = {
    act: async (input) => {
      const name = requireStackName(input.StackName);
      if (store.find(name)) throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
      if (store.living().length >= quotas.number('cloudformation.stacks')) {
        throw new AwsError('LimitExceededException', `Limit for stack has been exceeded`);
      }
      const deployment = deploymentOf(input, name, undefined, quotas);
      requireCapabilities(deployment.template, deployment.capabilities, 'stack');
      inAwsWords(() => engine.plan({ name, id: name }, deployment));
      const stack = engine.open(name, 'CREATE_IN_PROGRESS');
      const onFailure: OnFailure = input.OnFailure ?? (input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK');
      await engine.create(stack, deployment, onFailure);
      return { StackId: stack.id };
    },
  };
  const updateStack: Operation<UpdateStackCommandInput> = {
    act: async (input) => {
      const stack = store.find(input.StackName ?? '');
      if (!stack || stack.status === 'REVIEW_IN_PROGRESS') throw validationError(`Stack [${input.StackName}] does not exist`);
      engine.requireStable(stack, 'updated');
      const deployment = deploymentOf(input, stack.name, stack, quotas);
      requireCapabilities(deployment.template, deployment.capabilities, 'stack');
      const plan = inAwsWords(() => engine.plan(stack, deployment));
      if (changesOf(stack, plan, deployment).length === 0) throw validationError('No updates are to be performed.');
      await engine.update(stack, deployment);
      return { StackId: stack.id };
    },
  };
  const deleteStack: Operation<DeleteStackCommandInput> = {
    act: async ({ StackName = '' }) => {
      const stack = store.find(StackName);
      if (!stack || stack.status === 'DELETE_COMPLETE') return {};
      engine.requireStable(stack, 'deleted');
      await engine.delete(stack);
      return {};
    },
  };
  return { CreateStack: createStack, UpdateStack: updateStack, DeleteStack: deleteStack };
}

/** @throws AwsError ValidationError for what is no stack name. */
export function requireStackName(name: string | undefined): string {
  if (name !== undefined && /^[A-Za-z][-A-Za-z0-9]{0,127}$/.test(name)) return name;
  throw validationError(
    `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  );
}
