import type { ActionDefinition } from '../../../models/fis/actions/action.ts';
import { actionById, actions } from '../../../models/fis/actions/registry.ts';
import { resourceTypes, targetParameters } from '../../../models/fis/resource-types.ts';
import type { LabContext, Operation } from '../../contract.ts';
import { notFound } from './errors.ts';
import { type PageInput, page } from './page.ts';

/** What FIS says of itself: the actions that the lab runs, and all target resource types. */
export function catalogueOperations(context: LabContext): Record<string, Operation> {
  const listed = (action: ActionDefinition): object => ({
    id: action.actionId,
    arn: `arn:aws:fis:${context.region}::action/${action.actionId}`,
    description: action.description,
    targets: Object.fromEntries(Object.entries(action.targets).map(([name, resourceType]) => [name, { resourceType }])),
    tags: {},
  });
  return {
    ListActions: { act: (input: PageInput) => page(actions.map(listed), input, 'actions') },
    GetAction: {
      act: (input: { id?: string }) => {
        const action = actionById(input.id ?? '');
        if (!action) throw notFound(`Action ${input.id}`);
        const parameters = Object.entries(action.parameters).map(([name, { description, required }]) => [name, { description, required }]);
        return { action: { ...listed(action), parameters: Object.fromEntries(parameters) } };
      },
    },
    ListTargetResourceTypes: {
      act: (input: PageInput) =>
        page(
          Object.entries(resourceTypes).map(([resourceType, description]) => ({ resourceType, description })),
          input,
          'targetResourceTypes',
        ),
    },
    GetTargetResourceType: {
      act: (input: { resourceType?: string }) => {
        const { resourceType = '' } = input;
        if (!Object.hasOwn(resourceTypes, resourceType)) throw notFound(`Target resource type ${resourceType}`);
        const described = Object.entries(targetParameters[resourceType] ?? {}).map(([name, { description, required }]) => [
          name,
          { description, required },
        ]);
        return { targetResourceType: { resourceType, description: resourceTypes[resourceType], parameters: Object.fromEntries(described) } };
      },
    },
  };
}
