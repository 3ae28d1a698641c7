import { dirname, resolve } from 'node:path';
import { ProofloadError } from '../../../core/errors.ts';
import { defaultStackName, readTemplate, type StackSource } from '../../../template/index.ts';
import type { LabContext, LabService, ResourceHandler } from '../../contract.ts';
import { changeSetOperations } from './change-sets.ts';
import { readOperations } from './read-operations.ts';
import { type Deployment, StackStore } from './stack.ts';
import { StackEngine } from './stack-engine.ts';
import { writeOperations } from './write-operations.ts';

export interface CloudFormationService extends LabService {
  /**
   * Creates the stack of a template file, with the code in the folders that it names. Throws ProofloadError (exit 2) for a template that cannot be
   * loaded and for a resource that cannot be created; what was created until then is removed first.
   */
  loadStack(source: StackSource): Promise<void>;
}

/** AWS CloudFormation: stacks made of what the lab's services can create. `handlers` is asked at each use, so services may come later. */
export function createCloudFormationService(context: LabContext, handlers: () => readonly ResourceHandler[]): CloudFormationService {
  const store = new StackStore();
  const engine = new StackEngine(context, handlers, store);
  const loadStack = async (source: StackSource): Promise<void> => {
    const stackName = source.stackName ?? defaultStackName(resolve(source.file));
    if (store.find(stackName)) {
      throw new ProofloadError('stack-exists', `${source.file}: there is a stack ${stackName} already`, { hint: 'give this one another stack name' });
    }
    const deployment: Deployment = {
      template: readTemplate(source.file),
      templateFolder: dirname(resolve(source.file)),
      parameters: source.parameters ?? {},
      tags: [],
      capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    };
    engine.plan({ name: stackName, id: stackName }, deployment);
    const failure = await engine.create(engine.open(stackName, 'CREATE_IN_PROGRESS'), deployment);
    if (failure !== undefined) throw failure;
  };
  const operations = {
    ...readOperations(store, context.quotas),
    ...writeOperations(store, engine, context.quotas),
    ...changeSetOperations(context, store, engine),
  };
  return { name: 'cloudformation', operations, loadStack };
}
