import { AwsError } from '../../../core/errors.ts';
import type { ResourceHandler } from '../../contract.ts';
import type { AutoScaling, Scalable } from './auto-scaling.ts';

/** What Application Auto Scaling is told of tables by templates; its own API is not there. Roles are accepted: nothing is denied. */
export function autoScalingResources(scaling: AutoScaling): readonly ResourceHandler[] {
  return [scalableTarget(scaling), scalingPolicy(scaling)];
}

function scalableTarget(scaling: AutoScaling): ResourceHandler {
  return {
    type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    properties: ['ServiceNamespace', 'ResourceId', 'ScalableDimension', 'MinCapacity', 'MaxCapacity', 'RoleARN'],
    create: ({ properties }) => {
      const { ServiceNamespace, ResourceId, ScalableDimension } = properties;
      if (ServiceNamespace !== 'dynamodb') throw invalid(`The lab scales tables of DynamoDB only, not ${String(ServiceNamespace)}`);
      const physicalId = targetId(ResourceId, ScalableDimension);
      scaling.add(physicalId, scalableOf(properties));
      return { physicalId };
    },
    remove: (id) => scaling.remove(id),
  };
}

/** `Ref` of a target, as CloudFormation gives it. */
function targetId(resourceId: unknown, dimension: unknown): string {
  return `${String(resourceId)}|${String(dimension)}|dynamodb`;
}

function scalableOf(properties: Readonly<Record<string, unknown>>): Scalable {
  const { ResourceId, ScalableDimension, MinCapacity, MaxCapacity } = properties;
  const [, tableName, index] = /^table\/([^/]+)(?:\/index\/([^/]+))?$/.exec(String(ResourceId)) ?? [];
  const [, kind, side] = /^dynamodb:(table|index):(Read|Write)CapacityUnits$/.exec(String(ScalableDimension)) ?? [];
  if (tableName === undefined || side === undefined || (kind === 'index') !== (index !== undefined)) {
    throw invalid(`Unsupported resource ID or scalable dimension: ${String(ResourceId)}, ${String(ScalableDimension)}`);
  }
  const [minUnits, maxUnits] = [Number(MinCapacity), Number(MaxCapacity)];
  if (!(minUnits >= 1 && maxUnits >= minUnits)) throw invalid('MaxCapacity must not be less than MinCapacity, nor that less than 1');
  return { tableName, index, direction: side === 'Read' ? 'read' : 'write', minUnits, maxUnits };
}

interface Configuration {
  readonly TargetValue?: number;
  readonly ScaleInCooldown?: number;
  readonly ScaleOutCooldown?: number;
  readonly DisableScaleIn?: boolean;
  readonly PredefinedMetricSpecification?: { readonly PredefinedMetricType?: string };
}

function scalingPolicy(scaling: AutoScaling): ResourceHandler {
  return {
    type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    properties: [
      'PolicyName',
      'PolicyType',
      'ScalingTargetId',
      'ServiceNamespace',
      'ResourceId',
      'ScalableDimension',
      'TargetTrackingScalingPolicyConfiguration',
    ],
    create: ({ properties }) => {
      const { PolicyName, PolicyType, ScalingTargetId, ResourceId, ScalableDimension } = properties;
      const id = ScalingTargetId === undefined ? targetId(ResourceId, ScalableDimension) : String(ScalingTargetId);
      if (PolicyType !== 'TargetTrackingScaling') throw invalid(`The lab has policies of type TargetTrackingScaling only, not ${String(PolicyType)}`);
      const configuration = (properties['TargetTrackingScalingPolicyConfiguration'] ?? {}) as Configuration;
      refuseMetric(id, configuration);
      const { TargetValue, ScaleInCooldown, ScaleOutCooldown, DisableScaleIn } = configuration;
      const targetPercent = Number(TargetValue);
      const { least, most } = scaling.targets;
      if (!(targetPercent >= least && targetPercent <= most))
        throw invalid(`TargetValue must be between ${least} and ${most}, not ${String(TargetValue)}`);
      const cooldowns = { inCooldownSec: Number(ScaleInCooldown ?? 0), outCooldownSec: Number(ScaleOutCooldown ?? 0) };
      if (!scaling.follow(id, { targetPercent, ...cooldowns, scalesIn: !DisableScaleIn })) {
        throw new AwsError('ObjectNotFoundException', `No scalable target registered for ${id}`);
      }
      return { physicalId: `${id}|policyName/${String(PolicyName)}` };
    },
    remove: (physicalId) => void scaling.follow(physicalId.slice(0, physicalId.lastIndexOf('|policyName/')), undefined),
  };
}

function refuseMetric(id: string, { PredefinedMetricSpecification }: Configuration): void {
  const metric = PredefinedMetricSpecification?.PredefinedMetricType;
  const expected = id.includes(':ReadCapacityUnits|') ? 'DynamoDBReadCapacityUtilization' : 'DynamoDBWriteCapacityUtilization';
  if (metric !== expected) throw invalid(`The policy of ${id} follows ${expected}, not ${String(metric)}`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
