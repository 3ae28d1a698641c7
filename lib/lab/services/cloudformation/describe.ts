import type {
  Output,
  StackResource as ResourceDescription,
  Stack as StackDescription,
  StackEvent as StackEventDescription,
  StackSummary,
} from '@aws-sdk/client-cloudformation';
import { dateOf } from '../../../core/time-format.ts';
import type { ParameterValue } from '../../../template/index.ts';
import type { Stack, StackEvent, StackResource } from './stack.ts';

const notChecked = { StackDriftStatus: 'NOT_CHECKED' } as const;

/** A stack as DescribeStacks shows it. */
export function describeStack(stack: Stack): StackDescription {
  const { deployment } = stack;
  return {
    ...summaryOf(stack),
    DriftInformation: notChecked,
    DisableRollback: false,
    EnableTerminationProtection: false,
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: [...(deployment?.capabilities ?? [])] as StackDescription['Capabilities'] & object,
    Parameters: describeParameters(stack.parameters, deployment?.template.parameters ?? {}),
    Outputs: stack.outputs.map(
      ({ name, value, description, exportName }): Output => ({
        OutputKey: name,
        OutputValue: value,
        ...(description === undefined ? {} : { Description: description }),
        ...(exportName === undefined ? {} : { ExportName: exportName }),
      }),
    ),
    Tags: [...(deployment?.tags ?? [])],
    ...(deployment?.template.description === undefined ? {} : { Description: deployment.template.description }),
    ...(stack.changeSetId === undefined ? {} : { ChangeSetId: stack.changeSetId }),
  };
}

/** A stack as ListStacks shows it. */
export function summarizeStack(stack: Stack): StackSummary {
  const description = stack.deployment?.template.description;
  return { ...summaryOf(stack), DriftInformation: notChecked, ...(description === undefined ? {} : { TemplateDescription: description }) };
}

function summaryOf({ name, id, createdMs, updatedMs, deletedMs, status, statusReason }: Stack) {
  return {
    StackId: id,
    StackName: name,
    CreationTime: dateOf(createdMs),
    StackStatus: status,
    ...(updatedMs === undefined ? {} : { LastUpdatedTime: dateOf(updatedMs) }),
    ...(deletedMs === undefined ? {} : { DeletionTime: dateOf(deletedMs) }),
    ...(statusReason === undefined ? {} : { StackStatusReason: statusReason }),
  };
}

/** Values as text; what the template marks NoEcho is masked. */
export function describeParameters(
  values: Readonly<Record<string, ParameterValue>>,
  declared: Readonly<Record<string, { readonly noEcho: boolean }>>,
) {
  return Object.entries(values).map(([name, value]) => ({
    ParameterKey: name,
    ParameterValue: declared[name]?.noEcho ? '****' : typeof value === 'string' ? value : value.join(','),
  }));
}

/** A resource as DescribeStackResources shows it. */
export function describeResource(stack: Stack, resource: StackResource): ResourceDescription & { LogicalResourceId: string } {
  const { logicalId, physicalId, type, status, statusReason, updatedMs } = resource;
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: dateOf(updatedMs),
    ResourceStatus: status,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
    ...(statusReason === undefined ? {} : { ResourceStatusReason: statusReason }),
  };
}

export function describeEvent(stack: Stack, { id, atMs, logicalId, physicalId, type, status, reason }: StackEvent): StackEventDescription {
  return {
    StackId: stack.id,
    StackName: stack.name,
    EventId: id,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: dateOf(atMs),
    ResourceStatus: status,
    ...(reason === undefined ? {} : { ResourceStatusReason: reason }),
  };
}
