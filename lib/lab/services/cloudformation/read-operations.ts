import type {
  DescribeStackEventsCommandInput,
  DescribeStackResourceCommandInput,
  DescribeStackResourcesCommandInput,
  DescribeStacksCommandInput,
  GetTemplateCommandInput,
  GetTemplateSummaryCommandInput,
  ListStackResourcesCommandInput,
  ListStacksCommandInput,
} from '@aws-sdk/client-cloudformation';
import type { Numbers } from '../../../core/numbers.ts';
import type { LabService, Operation } from '../../contract.ts';
import { requiredCapability } from './capabilities.ts';
import { templateOf } from './deployment-input.ts';
import { describeEvent, describeResource, describeStack, summarizeStack } from './describe.ts';
import { type Stack, type StackResource, type StackStore, validationError } from './stack.ts';

/** The operations that only read. Answers are never paged: a lab has few stacks. */
export function readOperations(store: StackStore, quotas: Numbers): LabService['operations'] {
  const describeStacks: Operation<DescribeStacksCommandInput> = {
    act: ({ StackName }) => ({ Stacks: (StackName === undefined ? store.living() : [store.require(StackName)]).map(describeStack) }),
  };
  const listStacks: Operation<ListStacksCommandInput> = {
    act: ({ StackStatusFilter = [] }) => {
      const wanted = (stack: Stack): boolean => StackStatusFilter.length === 0 || StackStatusFilter.includes(stack.status);
      return { StackSummaries: store.all().filter(wanted).map(summarizeStack) };
    },
  };
  const describeStackResources: Operation<DescribeStackResourcesCommandInput> = {
    act: (input) => {
      const stack = stackOfResources(store, input);
      const { LogicalResourceId: wanted } = input;
      const resources = [...stack.resources.values()].filter(({ logicalId }) => wanted === undefined || logicalId === wanted);
      return { StackResources: resources.map((resource) => describeResource(stack, resource)) };
    },
  };
  const describeStackResource: Operation<DescribeStackResourceCommandInput> = {
    act: ({ StackName, LogicalResourceId = '' }) => {
      const stack = store.find(StackName ?? '');
      if (!stack) throw validationError(`Stack '${StackName}' does not exist`);
      const resource = stack.resources.get(LogicalResourceId);
      if (!resource) throw validationError(`Resource ${LogicalResourceId} does not exist for stack ${stack.name}`);
      const { Timestamp, ...described } = describeResource(stack, resource);
      return { StackResourceDetail: { ...described, LastUpdatedTimestamp: Timestamp, Metadata: '{}' } };
    },
  };
  const listStackResources: Operation<ListStackResourcesCommandInput> = {
    act: ({ StackName }) => {
      const stack = store.require(StackName);
      return { StackResourceSummaries: [...stack.resources.values()].map((resource) => summarizeResource(stack, resource)) };
    },
  };
  const describeStackEvents: Operation<DescribeStackEventsCommandInput> = {
    act: ({ StackName }) => {
      const stack = store.require(StackName);
      return { StackEvents: stack.events.map((event) => describeEvent(stack, event)).reverse() };
    },
  };
  const getTemplate: Operation<GetTemplateCommandInput> = {
    act: ({ StackName }) => ({ TemplateBody: store.require(StackName).deployment?.template.text ?? '', StagesAvailable: ['Original'] }),
  };
  return {
    DescribeStacks: describeStacks,
    ListStacks: listStacks,
    DescribeStackResources: describeStackResources,
    DescribeStackResource: describeStackResource,
    ListStackResources: listStackResources,
    DescribeStackEvents: describeStackEvents,
    GetTemplate: getTemplate,
    GetTemplateSummary: templateSummary(store, quotas),
  };
}

function templateSummary(store: StackStore, quotas: Numbers): Operation<GetTemplateSummaryCommandInput> {
  return {
    act: (input) => {
      const stack = input.StackName === undefined ? undefined : store.require(input.StackName);
      const previous = stack?.deployment?.template;
      const template = previous ?? templateOf(input, 'template', undefined, quotas);
      const required = requiredCapability(template);
      return {
        ...(template.description === undefined ? {} : { Description: template.description }),
        Parameters: Object.values(template.parameters).map((declared) => ({
          ParameterKey: declared.name,
          ParameterType: declared.type,
          NoEcho: declared.noEcho,
          ...(declared.default === undefined ? {} : { DefaultValue: declared.default }),
          ...(declared.description === undefined ? {} : { Description: declared.description }),
          ParameterConstraints: declared.allowedValues ? { AllowedValues: [...declared.allowedValues] } : {},
        })),
        ResourceTypes: [...new Set(Object.values(template.resources).map(({ type }) => type))],
        DeclaredTransforms: [...template.transforms],
        ...(required ? { Capabilities: [required.capability], CapabilitiesReason: required.reason } : {}),
      };
    },
  };
}

function stackOfResources(store: StackStore, { StackName, PhysicalResourceId }: DescribeStackResourcesCommandInput): Stack {
  if (StackName !== undefined || PhysicalResourceId === undefined) return store.require(StackName);
  const owner = store.living().find(({ resources }) => [...resources.values()].some(({ physicalId }) => physicalId === PhysicalResourceId));
  if (!owner) throw validationError(`Stack for ${PhysicalResourceId} does not exist`);
  return owner;
}

function summarizeResource(stack: Stack, resource: StackResource) {
  const { StackName: _stack, StackId: _id, Timestamp, ...described } = describeResource(stack, resource);
  return { ...described, LastUpdatedTimestamp: Timestamp };
}
