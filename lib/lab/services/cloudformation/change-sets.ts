import type {
  Change,
  ChangeSetStatus,
  CreateChangeSetCommandInput,
  DeleteChangeSetCommandInput,
  DescribeChangeSetCommandInput,
  ExecuteChangeSetCommandInput,
  ExecutionStatus,
  ListChangeSetsCommandInput,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../../core/errors.ts';
import { dateOf } from '../../../core/time-format.ts';
import type { LabContext, LabService, Operation } from '../../contract.ts';
import { requireCapabilities } from './capabilities.ts';
import { changesOf } from './changes.ts';
import { deploymentOf, inAwsWords } from './deployment-input.ts';
import { describeParameters } from './describe.ts';
import { type Deployment, type Stack, type StackStore, validationError } from './stack.ts';
import type { StackEngine } from './stack-engine.ts';
import { requireStackName } from './write-operations.ts';

interface ChangeSet {
  readonly name: string;
  readonly id: string;
  readonly stack: Stack;
  readonly deployment: Deployment;
  readonly changes: readonly Change[];
  readonly parameters: Stack['parameters'];
  readonly createdMs: number;
  readonly status: ChangeSetStatus;
  readonly reason?: string;
  execution: ExecutionStatus;
}

/** What the CLI's `deploy` looks for in a change set that changes nothing. */
const noChanges = "The submitted information didn't contain changes. Submit different information to create a change set.";

/** Change sets: what `aws cloudformation deploy` and `sam deploy` work with. */
export function changeSetOperations(context: LabContext, store: StackStore, engine: StackEngine): LabService['operations'] {
  const sets: ChangeSet[] = [];
  const find = (nameOrId: string | undefined, stackName: string | undefined): ChangeSet => {
    const found = sets.find(({ id, name, stack }) => id === nameOrId || (name === nameOrId && (stack.name === stackName || stack.id === stackName)));
    if (!found) throw new AwsError('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`, 404);
    return found;
  };
  const createChangeSet: Operation<CreateChangeSetCommandInput> = {
    act: (input) => {
      const { set, isNew } = prepare(input, context, store, engine);
      if (isNew) store.add(set.stack);
      sets.push(set);
      return { Id: set.id, StackId: set.stack.id };
    },
  };
  const executeChangeSet: Operation<ExecuteChangeSetCommandInput> = {
    act: async ({ ChangeSetName, StackName }) => {
      const set = find(ChangeSetName, StackName);
      const { id, stack, deployment } = set;
      if (set.execution !== 'AVAILABLE') {
        throw new AwsError('InvalidChangeSetStatus', `ChangeSet [${id}] cannot be executed in its current execution status of [${set.execution}]`);
      }
      engine.requireStable(stack, 'updated');
      set.execution = 'EXECUTE_IN_PROGRESS';
      stack.changeSetId = id;
      const failure = stack.status === 'REVIEW_IN_PROGRESS' ? await engine.create(stack, deployment) : await engine.update(stack, deployment);
      set.execution = failure === undefined ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
      return {};
    },
  };
  const deleteChangeSet: Operation<DeleteChangeSetCommandInput> = {
    act: ({ ChangeSetName, StackName }) => {
      const index = sets.findIndex(({ id, name, stack }) => id === ChangeSetName || (name === ChangeSetName && stack.name === StackName));
      if (index >= 0) sets.splice(index, 1);
      return {};
    },
  };
  const describeChangeSet: Operation<DescribeChangeSetCommandInput> = {
    act: ({ ChangeSetName, StackName }) => describe(find(ChangeSetName, StackName)),
  };
  const listChangeSets: Operation<ListChangeSetsCommandInput> = {
    act: ({ StackName }) => {
      const wanted = store.require(StackName);
      return { Summaries: sets.filter(({ stack }) => stack === wanted).map(summarize) };
    },
  };
  return {
    CreateChangeSet: createChangeSet,
    DescribeChangeSet: describeChangeSet,
    ExecuteChangeSet: executeChangeSet,
    DeleteChangeSet: deleteChangeSet,
    ListChangeSets: listChangeSets,
  };
}

/** Plans a change set; a stack for it that does not exist yet is made but not stored: the plan may still be refused. */
function prepare(
  input: CreateChangeSetCommandInput,
  context: LabContext,
  store: StackStore,
  engine: StackEngine,
): { set: ChangeSet; isNew: boolean } {
  const { ChangeSetName: name = '', ChangeSetType: type = 'UPDATE' } = input;
  const existing = store.find(input.StackName ?? '');
  const isReal = existing !== undefined && existing.status !== 'REVIEW_IN_PROGRESS';
  if (type === 'IMPORT') throw validationError('ChangeSetType IMPORT is not supported by the lab');
  if (type === 'CREATE' && isReal)
    throw validationError(`Stack [${existing.name}] already exists and cannot be created again with the changeSet [${name}].`);
  if (type === 'UPDATE' && !isReal) throw validationError(`Stack [${input.StackName}] does not exist`);
  if (isReal) engine.requireStable(existing, 'updated');
  const stackName = existing?.name ?? requireStackName(input.StackName);
  const deployment = deploymentOf(input, stackName, existing, context.quotas);
  requireCapabilities(deployment.template, deployment.capabilities, 'change-set');
  const stack = existing ?? engine.make(stackName, 'REVIEW_IN_PROGRESS');
  const plan = inAwsWords(() => engine.plan(stack, deployment));
  const changes = changesOf(stack, plan, deployment);
  const isEmpty = changes.length === 0;
  const set: ChangeSet = {
    name,
    id: context.arn('cloudformation', `changeSet/${name}/${engine.uuid()}`),
    stack,
    deployment,
    changes,
    parameters: plan.parameters,
    createdMs: context.clock.now(),
    status: isEmpty ? 'FAILED' : 'CREATE_COMPLETE',
    ...(isEmpty ? { reason: noChanges } : {}),
    execution: isEmpty ? 'UNAVAILABLE' : 'AVAILABLE',
  };
  return { set, isNew: !existing };
}

function summarize({ name, id, stack, status, reason, execution, createdMs }: ChangeSet) {
  return {
    ChangeSetName: name,
    ChangeSetId: id,
    StackId: stack.id,
    StackName: stack.name,
    Status: status,
    ...(reason === undefined ? {} : { StatusReason: reason }),
    ExecutionStatus: execution,
    CreationTime: dateOf(createdMs),
  };
}

function describe(set: ChangeSet) {
  const { deployment, parameters, changes } = set;
  return {
    ...summarize(set),
    Parameters: describeParameters(parameters, deployment.template.parameters),
    Capabilities: [...deployment.capabilities],
    Tags: [...deployment.tags],
    NotificationARNs: [],
    RollbackConfiguration: {},
    IncludeNestedStacks: false,
    Changes: changes.filter(({ ResourceChange }) => ResourceChange !== undefined),
  };
}
