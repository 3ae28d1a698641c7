import type { Change } from '@aws-sdk/client-cloudformation';
import type { StackPlan } from '../../../template/index.ts';
import type { Deployment, Stack } from './stack.ts';

/**
 * What a deployment would change in a stack, resource by resource. Properties are compared with intrinsic functions resolved against what
 * exists now, so a change further up that only becomes known when it is made is `Modify` too, through the mention of it.
 */
export function changesOf(stack: Stack, plan: StackPlan, deployment: Deployment): Change[] {
  const changed = new Set<string>();
  const before = stack.deployment?.template.resources ?? {};
  const parametersDiffer = JSON.stringify(plan.parameters) !== JSON.stringify(stack.parameters);
  for (const { logicalId, type, properties } of plan.resources) {
    const old = before[logicalId];
    const exists = stack.resources.has(logicalId);
    const differs = !old || old.type !== type || JSON.stringify(old.properties) !== JSON.stringify(properties);
    const throughMention = plan.dependenciesOf(logicalId).some((name) => changed.has(name));
    if (!exists || differs || throughMention || (parametersDiffer && mentionsChangedParameter(properties, stack, plan))) changed.add(logicalId);
  }
  const kept = new Set(plan.resources.map(({ logicalId }) => logicalId));
  const modified = plan.resources.filter(({ logicalId }) => changed.has(logicalId)).map(({ logicalId, type }) => changeOf(stack, logicalId, type));
  const removed = [...stack.resources.values()].filter(({ logicalId }) => !kept.has(logicalId));
  const outputsDiffer =
    stack.deployment !== undefined && JSON.stringify(stack.deployment.template.outputs) !== JSON.stringify(deployment.template.outputs);
  const stackOnly: Change[] = outputsDiffer && modified.length === 0 && removed.length === 0 ? [{ Type: 'Resource' }] : [];
  return [
    ...modified,
    ...removed.map(
      ({ logicalId, type, physicalId }): Change => ({
        Type: 'Resource',
        ResourceChange: { Action: 'Remove', LogicalResourceId: logicalId, ResourceType: type, PhysicalResourceId: physicalId },
      }),
    ),
    ...stackOnly,
  ];
}

function changeOf(stack: Stack, logicalId: string, type: string): Change {
  const existing = stack.resources.get(logicalId);
  if (!existing) return { Type: 'Resource', ResourceChange: { Action: 'Add', LogicalResourceId: logicalId, ResourceType: type } };
  const { physicalId } = existing;
  return {
    Type: 'Resource',
    ResourceChange: { Action: 'Modify', LogicalResourceId: logicalId, ResourceType: type, PhysicalResourceId: physicalId, Replacement: 'True' },
  };
}

function mentionsChangedParameter(properties: unknown, stack: Stack, plan: StackPlan): boolean {
  const differ = Object.keys(plan.parameters).filter((name) => JSON.stringify(plan.parameters[name]) !== JSON.stringify(stack.parameters[name]));
  const text = JSON.stringify(properties);
  return differ.some((name) => text.includes(`{"Ref":"${name}"}`) || text.includes(`\${${name}}`));
}
