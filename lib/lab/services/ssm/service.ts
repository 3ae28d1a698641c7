import type { LabContext, LabService } from '../../contract.ts';
import { createAutomations } from './automation/executions.ts';
import { createDocumentStore } from './documents.ts';
import { createParameterStore } from './parameters.ts';
import { documentResource, parameterResource } from './resources.ts';
import { tagOperations } from './tags.ts';

/** AWS Systems Manager: Parameter Store, Automation documents and their executions on the lab's clock. */
export function createSsmService(context: LabContext): LabService {
  const parameters = createParameterStore(context);
  const documents = createDocumentStore(context);
  const automations = createAutomations(context, documents);
  const tags = tagOperations({
    Parameter: (id) => parameters.find(id)?.tags,
    Document: (id) => documents.find(id)?.tags,
    Automation: (id) => automations.tagsOf(id),
  });
  return {
    name: 'ssm',
    operations: { ...parameters.operations, ...documents.operations, ...automations.operations, ...tags },
    resources: [documentResource(documents), parameterResource(parameters)],
    stop: () => automations.stop(),
  };
}
