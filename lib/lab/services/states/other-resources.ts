import type { LabContext, ResourceHandler } from '../../contract.ts';
import type { Activities } from './activities.ts';
import { createAlias } from './operations/aliases.ts';
import { publishVersion, removeVersion } from './operations/versions.ts';
import type { StateMachines } from './state-machines.ts';

interface TagProperty {
  readonly Key: string;
  readonly Value: string;
}

interface RouteProperty {
  readonly StateMachineVersionArn: string;
  readonly Weight: number;
}

/** AWS::StepFunctions::Activity. */
export function activityResource(activities: Activities): ResourceHandler {
  return {
    type: 'AWS::StepFunctions::Activity',
    properties: ['Name', 'Tags'],
    create: ({ properties }) => {
      const tags = ((properties['Tags'] ?? []) as readonly TagProperty[]).map(({ Key, Value }) => ({ key: Key, value: Value }));
      const { arn, name } = activities.create({ name: String(properties['Name']), tags });
      return { physicalId: arn, attributes: { Arn: arn, Name: name } };
    },
    remove: (arn) => activities.remove(arn),
  };
}

/** AWS::StepFunctions::StateMachineVersion: the latest revision at the time; StateMachineRevisionId only orders the two resources. */
export function versionResource(context: LabContext, machines: StateMachines): ResourceHandler {
  return {
    type: 'AWS::StepFunctions::StateMachineVersion',
    properties: ['StateMachineArn', 'StateMachineRevisionId', 'Description'],
    create: ({ properties }) => {
      const machine = machines.get(String(properties['StateMachineArn']));
      const { arn } = publishVersion(context, machine, properties['Description'] as string | undefined);
      return { physicalId: arn, attributes: { Arn: arn } };
    },
    // With its state machine gone, so is the version.
    remove: (arn) => (machines.find(arn.slice(0, arn.lastIndexOf(':'))) ? removeVersion(machines, arn) : undefined),
  };
}

/** AWS::StepFunctions::StateMachineAlias, with its routes; gradual deployments (DeploymentPreference) are not supported. */
export function aliasResource(context: LabContext, machines: StateMachines): ResourceHandler {
  return {
    type: 'AWS::StepFunctions::StateMachineAlias',
    properties: ['Name', 'Description', 'RoutingConfiguration'],
    create: ({ properties }) => {
      const routes = (properties['RoutingConfiguration'] ?? []) as readonly RouteProperty[];
      const { arn } = createAlias(context, machines, {
        name: String(properties['Name']),
        description: properties['Description'] as string | undefined,
        routingConfiguration: routes.map(({ StateMachineVersionArn, Weight }) => ({
          stateMachineVersionArn: StateMachineVersionArn,
          weight: Weight,
        })),
      });
      return { physicalId: arn, attributes: { Arn: arn } };
    },
    remove: (arn) => {
      const at = arn.lastIndexOf(':');
      machines.find(arn.slice(0, at))?.aliases.delete(arn.slice(at + 1));
    },
  };
}
